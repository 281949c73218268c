"""The first line of every board of figures: whose data this is, and until when."""

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMappingResult

from dashboards.columns import Column, text
from dashboards.influxql import newest
from dashboards.kit import Kit
from dashboards.panels import number
from dashboards.sheet import Sheet
from store.schema import PROVENANCE

MOMENT = "time:YYYY-MM-DD HH:mm"


def banner(kit: Kit, sheet: Sheet, path: str) -> None:
    """Simulated or real, and when the newest report arrived."""
    speech = kit.speech
    whose = ValueMap(
        {
            "true": ValueMappingResult(f"⚠ {speech.word('is_simulated')}", "orange", index=0),
            "false": ValueMappingResult(f"● {speech.word('is_real')}", "text", index=1),
        }
    )
    simulated = text("simulated", speech.term("simulated"), [whose])
    until = Column("data_until_ms", speech.term("data_until"), MOMENT)
    sheet.put(
        number(
            kit.frame(speech.word("whose_data"), "simulated", path=path),
            [newest(PROVENANCE, {"simulated": simulated.title}, {})],
            [simulated],
        ),
        16, 3,
    )  # fmt: skip
    sheet.put(
        number(
            kit.frame(until.title, "data_until", path=path),
            [newest(PROVENANCE, {"data_until_ms": until.title}, {})],
            [until],
        ),
        8, 3,
    )  # fmt: skip
