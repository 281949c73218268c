import pytest

from api.board.charts import CHARTS, specification

DAYS = [{"day": "2024-01-01", "value": 383.0}, {"day": "2025-01-01", "value": 420.5, "text": "420.5"}]
TREND = {"actual": DAYS, "planned": DAYS, "beside": DAYS, "low": 350.0, "width": 560, "height": 250}
TEXTS = {"planned_text": "p", "baseline_text": "b", "goal_text": "g"}
BULLET = {"baseline": 0.0, "actual": 3.0, "planned": 4.0, "goal": 10.0, **TEXTS}
ROWS = [{"name": "浦东新区", "value": 400.0, "text": "400"}, {"name": "崇明区", "value": 4.0, "text": "4"}]

CASES = [
    ("trend", {**TREND, "published": {"day": "2023-12-31", "value": 383, "text": "383"}}),
    ("trend", {**TREND, "published": None, "low": None, "beside": []}),
    ("bullet", BULLET),
    ("bullet", {**BULLET, "actual": -1.0}),
    ("bullet", {**BULLET, "actual": 12.0}),
    ("bullet", {**BULLET, "baseline": 10.0, "actual": 10.0}),
    ("bars", {"rows": ROWS, "lines": [{"value": 500.0, "text": "500", "plan": True}]}),
]


@pytest.mark.parametrize(("kind", "data"), CASES)
def test_specification_passes_the_schema_of_vega_lite(kind: str, data: dict[str, object]) -> None:
    checked = specification(kind, data, checked=True)
    assert checked == specification(kind, data)
    assert checked["datasets"]


def test_every_chart_is_checked() -> None:
    assert {kind for kind, _ in CASES} == set(CHARTS)
