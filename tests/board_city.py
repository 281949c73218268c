"""A city of stored figures that has something for every part of the board."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
from api_city import TODAY, Writer, figure, standing

from density.days import month_ends, start_ns, to_date, to_day

ALIEN = "<script>alert('x')</script>"
FORMULA = "=cmd()|x"
AREAS = ("city", "district:310115", "zone:zhangjiang", "park:P01")
MONTHS = [to_date(int(day)) for day in month_ends(to_day(date(2024, 1, 1)), to_day(TODAY))]

_EFFECTS = {"change": 3.0, "effect_stock": 4.0, "effect_headcount": -1.5, "effect_composition": 0.5}
_BEFORE = {
    "matched": 10, "stock_then": 80, "stock_now": 100, "persons_then": 4_000, "persons_now": 3_800,
    "density_then": 200.0, "density_now": 250.0,
}  # fmt: skip


def fill(write: Writer) -> None:
    """Write the figures of three years and mark them as folded."""
    norms = {"mix_index": 120.0, "expected_density": 210.0}
    write.figures(
        *(
            figure(area, series, day, **norms)
            for day in (*MONTHS, TODAY)
            for area in AREAS
            for series in ("total", "all", "key")
        ),
        figure("industry:36", "total", TODAY, stock=4_321),
        figure("industry:17", "total", TODAY),
    )
    write.crossings(*_crossings())
    write.comparisons(*_comparisons())
    write.standings(*_standings())
    write.folded()


def _crossings() -> list[dict[str, Any]]:
    return [
        figure(f"{area}/industry:36", "total", TODAY) | {"kind": area.partition(":")[0]}
        for area in ("district:310115", "park:P01")
    ]


def _comparisons() -> list[dict[str, Any]]:
    months = [
        {"scope": area, "kind": area.partition(":")[0], "series": "key", "base": "mom", "time": start_ns(to_day(day))}
        for area in AREAS
        for day in MONTHS
    ]
    years = [{"scope": area, "kind": area.partition(":")[0], "series": "total", "base": "yoy"} for area in AREAS]
    return [{**_BEFORE, **_EFFECTS, **each} for each in (*months, *years)]


def _standings() -> list[dict[str, Any]]:
    rates = {"trailing_rate": 20.0, "required_rate": 36.0}
    rows = [
        standing(area, target, day, basis="plan" if area == "city" else "assigned", status="lagging", **rates)
        for area in AREAS
        for target in ("SH-13", "SH-14")
        for day in (*MONTHS, TODAY)
    ]
    city = {"basis": "plan", **rates}
    new = standing("city", "SH-13", TODAY, actual=14_321.0, planned=14_497.0, goal=20_000.0, **city)
    dense = standing(
        "city",
        "SH-14",
        TODAY,
        baseline=383.0,
        actual=471.6,
        planned=467.8,
        goal=500.0,
        lead=3.2,
        status="on_track",
        **city,
    )
    return [*rows, new, dense, standing("city", "SH-11", TODAY, status="lagging", **city)]


def settled(client: httpx.Client, path: str, ready: Callable[[str], bool], *, language: str = "zh") -> str:
    """A page once it is as it should be."""
    deadline = time.monotonic() + 60
    while not ready(page := client.get(path, headers={"Accept-Language": language}).text):
        assert time.monotonic() < deadline, page
        time.sleep(0.1)
    return page


def drawn(page: str) -> bool:
    """Whether a page shows figures, and no longer that they are on their way."""
    return 'class="asof"' in page
