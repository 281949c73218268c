import re
from pathlib import Path

import pytest

from api.board.charts.kinds import CHARTS, LINKED, specification
from api.board.charts.ordered import HOST
from api.board.draughtsman import picture

STYLES = Path(__file__).parents[3] / "api" / "static"

DAYS = [{"day": "2024-01-01", "value": 383.0}, {"day": "2025-01-01", "value": 420.5, "text": "420.5"}]
TREND = {"actual": DAYS, "planned": DAYS, "beside": DAYS, "low": 350.0, "width": 560, "height": 250}
NOTHING = [{"day": "2024-01-01", "value": 0}, {"day": "2025-01-01", "value": 0, "text": "0"}]
TEXTS = {"planned_text": "p", "baseline_text": "b", "goal_text": "g"}
BULLET = {"baseline": 0.0, "actual": 3.0, "planned": 4.0, "goal": 10.0, **TEXTS}
BARS = [
    {"place": 0, "name": "汽车制造业", "value": 400.0, "text": "400"},
    {"place": 1, "name": "纺织业", "value": 4.0, "text": "4"},
]
LINE = {"value": 200.0, "text": "全市 200", "plan": False, "align": "left"}
EFFECTS = [{"day": "2026-10-31", "effect": name, "value": 1.5} for name in ("effect_stock", "effect_headcount")]
TILE = {
    "column": 4, "row": 3, "ground": "#f4d2cb", "link": f"{HOST}/district/310115", "told": "浦东新区: 滞后",
    "name": "浦东新区", "value": "60.0%", "note": "▼ −12.0",
}  # fmt: skip
POINT = {"persons": 900, "index": 120, "side": "above", "link": f"{HOST}/park/P01", "told": "张江", "label": "张江"}
LIMITS = [{"persons": 100, "low": 0, "high": 250}, {"persons": 1_000, "low": 60, "high": 140}]
DOT = {"name": "浦东新区", "of": "robots", "value": 0.9, "link": f"{HOST}/district/310115", "told": "浦东新区"}

CASES = [
    ("trend", {**TREND, "published": {"day": "2023-12-31", "value": 383, "text": "383"}}),
    ("trend", {**TREND, "published": None, "low": None, "beside": [], "planned": [], "actual": NOTHING}),
    ("bullet", BULLET),
    ("bullet", {**BULLET, "actual": -1.0}),
    ("bullet", {**BULLET, "actual": 12.0}),
    ("bullet", {**BULLET, "baseline": 10.0, "actual": 10.0}),
    ("bars", {"rows": BARS, "lines": [LINE], "width": 600}),
    ("effects", {"rows": EFFECTS, "changes": [{"day": "2026-10-31", "value": 3.0}], "width": 600, "height": 200}),
    ("tiles", {"rows": [TILE], "across": 88, "down": 72, "small": 13}),
    (
        "funnel",
        {
            "rows": [POINT], "inner": LIMITS, "outer": LIMITS, "persons_domain": [100, 1_000], "index_domain": [0, 200],
            "ticks": [100, 1_000], "english": False, "x_title": "人", "width": 600, "height": 300,
        },
    ),
    ("dots", {"rows": [{"name": "浦东新区", "low": 0.8, "high": 0.9}], "shares": [DOT], "width": 340}),
    (
        "strip",
        {
            "rows": [{"value": 1.0}, {"value": 3.0}], "default": {"value": 3.0, "text": "本平台口径 3"},
            "ends": [{"value": 1.0, "text": "1"}, {"value": 3.0, "text": "3"}], "width": 600,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), CASES)
def test_specification_passes_the_schema_of_vega_lite(kind: str, data: dict[str, object]) -> None:
    checked = specification(kind, data, checked=True)
    assert checked == specification(kind, data)
    assert checked["datasets"]


def test_every_chart_is_checked() -> None:
    assert {kind for kind, _ in CASES} == set(CHARTS)


@pytest.fixture(scope="module")
def pictures() -> dict[str, str]:
    return {kind: picture({"kind": kind, **data}) for kind, data in CASES}


def test_picture_is_drawn_in_colours_that_the_stylesheet_knows(pictures: dict[str, str]) -> None:
    known = (STYLES / "charts.css").read_text()
    for attribute in ("fill", "stroke"):
        used = set(re.findall(rf"[ ]{attribute}=\"(#[0-9a-f]+)\"", "".join(pictures.values())))
        assert {colour for colour in used if f'[{attribute}="{colour}"]' not in known} == set()


def test_picture_links_within_the_board_and_names_its_links(pictures: dict[str, str]) -> None:
    for kind, svg in pictures.items():
        assert HOST not in svg
        assert "xlink" not in svg
        assert ("<a href=" in svg) == ("aria-label" in svg) == (kind in LINKED)
    assert '<a href="/district/310115"><path role="img" aria-label="浦东新区: 滞后"' in pictures["tiles"]


def test_picture_carries_no_style_and_no_script(pictures: dict[str, str]) -> None:
    for svg in pictures.values():
        assert not re.search(r"\bstyle=|<style|<script|\bon[a-z]+=", svg)


def test_picture_of_a_name_with_markup_is_text() -> None:
    alien = "<script>alert('x')</script>"
    svg = picture(
        {"kind": "tiles", "rows": [{**TILE, "name": alien, "told": alien}], "across": 88, "down": 72, "small": 13}
    )
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_axis_of_a_few_robots_counts_in_whole_ones() -> None:
    few = [{"day": "2024-01-01", "value": 0}, {"day": "2025-01-01", "value": 2, "text": "2"}]
    drawn = {**TREND, "published": None, "low": None, "beside": [], "planned": [], "actual": few}
    ticks = re.findall(r">([012])</text>", picture({"kind": "trend", **drawn}))
    assert sorted(ticks) == ["0", "1", "2", "2"]  # the last is the value itself


def test_effects_name_the_months_that_their_bars_are_of() -> None:
    days = ["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-27"]
    changes = [{"day": day, "value": 1.0} for day in days]
    rows = [{"day": day, "effect": "effect_stock", "value": 1.0} for day in days]
    drawn = {"kind": "effects", "rows": rows, "changes": changes, "height": 200}
    assert months({**drawn, "width": 600}) == ["2026-08", "2026-09", "2026-10", "2026-11"]
    assert months({**drawn, "width": 310}) == ["2026-09", "2026-11"]


def test_trend_names_months_until_it_spans_years() -> None:
    def drawn(first: str) -> dict[str, object]:
        days = [{"day": first, "value": 383.0}, {"day": "2027-12-31", "value": 500.0, "text": "500"}]
        return {"kind": "trend", **TREND, "planned": days, "actual": days, "beside": [], "published": None}

    assert months(drawn("2026-11-01")) == ["2027-01", "2027-04", "2027-07", "2027-10"]
    assert months(drawn("2024-01-01")) == ["2024", "2025", "2026", "2027"]


def months(drawn: dict[str, object]) -> list[str]:
    """The years, or years and months, that stand at an axis."""
    return sorted(re.findall(r">(\d{4}(?:-\d{2})?)</text>", picture(drawn)))
