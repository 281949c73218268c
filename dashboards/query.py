"""A statement as a target of a panel or alert rule, in the form of Grafana's InfluxDB data source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from grafana_foundation_sdk.cog.runtime import DataqueryConfig, register_dataquery_variant
from grafana_foundation_sdk.cog.variants import Dataquery

PLUGIN = "influxdb"
Format = Literal["time_series", "table"]


@dataclass
class InfluxQuery(Dataquery):
    """One target of a panel or alert rule, in the form that Grafana's InfluxDB data source reads.

    Attributes:
        query: the statement.
        ref_id: its letter within the panel.
        alias: what each series is called; `$tag_scope` and `$col` stand for a tag and a column.
        result_format: one frame for each series, or one table.
        datasource: the data source's uid: a variable on boards, a fixed one in alert rules.
        policy: the retention policy, which raw statements leave to the database.
        measurement: for Grafana's editor; raw statements name their own.
        hide: whether only transformations and other targets see it.
    """

    query: str
    ref_id: str = "A"
    alias: str = ""
    result_format: Format = "time_series"
    datasource: str = "${datasource}"
    policy: str = "default"
    measurement: str = ""
    hide: bool = False

    def to_json(self) -> dict[str, object]:
        """As it stands in a board's JSON."""
        return {
            "refId": self.ref_id,
            "datasource": {"type": PLUGIN, "uid": self.datasource},
            "rawQuery": True,
            "query": self.query,
            "resultFormat": self.result_format,
            "alias": self.alias,
            "policy": self.policy,
            "measurement": self.measurement,
            "hide": self.hide,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Back from a board's JSON."""
        return cls(
            query=data["query"],
            ref_id=data["refId"],
            alias=data.get("alias", ""),
            result_format=data.get("resultFormat", "time_series"),
            datasource=data["datasource"]["uid"],
            policy=data.get("policy", "default"),
            measurement=data.get("measurement", ""),
            hide=data.get("hide", False),
        )


def register() -> None:
    """Teach the SDK to read this type of query back."""
    register_dataquery_variant(DataqueryConfig(PLUGIN, InfluxQuery.from_json))
