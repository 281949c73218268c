"""What the register says of a factory from one day on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from density.days import to_date


@dataclass(frozen=True)
class Registration:
    """One row of the register; days are integers since 1970, Asia/Shanghai.

    Attributes:
        from_day: in force from this day; none for a first registration, which holds for all days before the next.
        closed_day: no stock, persons or response from this day.
        metric_paths: by Sparkplug edge node, metrics of the plant to metrics of the contract.
    """

    factory: str
    from_day: int | None
    name_zh: str
    name_en: str | None
    credit_code: str | None
    district: str
    park: str | None
    industry: str
    above_scale: bool
    edge_nodes: tuple[str, ...]
    closed_day: int | None
    metric_paths: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Registration":
        """A row of the store's registration reports."""
        values = {each.name: row[each.name] for each in fields(cls)}
        nodes = json.loads(row["edge_nodes"]) if row["edge_nodes"] else []
        optional = {name: values[name] or None for name in ("name_en", "credit_code", "park")}
        paths = json.loads(row["metric_paths"]) if row["metric_paths"] else {}
        return cls(**{**values, **optional, "edge_nodes": tuple(nodes), "metric_paths": paths})

    def to_row(self) -> dict[str, object]:
        """The row that the store keeps."""
        nodes = json.dumps(self.edge_nodes, ensure_ascii=False)
        paths = json.dumps(self.metric_paths, ensure_ascii=False) if self.metric_paths else ""
        return {**vars(self), "edge_nodes": nodes, "metric_paths": paths}

    def to_json(self) -> dict[str, object]:
        """The registration as the API answers it and takes it."""
        return {
            "factory": self.factory,
            "name": {"zh": self.name_zh, "en": self.name_en},
            "credit_code": self.credit_code,
            "district": self.district,
            "park": self.park,
            "industry": self.industry,
            "above_scale": self.above_scale,
            "edge_nodes": list(self.edge_nodes),
            "from": _iso(self.from_day),
            "closed": _iso(self.closed_day),
            **({"metric_paths": self.metric_paths} if self.metric_paths else {}),
        }

    def starting(self, day: int | None) -> "Registration":
        """The same, in force from another day."""
        return replace(self, from_day=day)


def _iso(day: int | None) -> str | None:
    return None if day is None else to_date(day).isoformat()
