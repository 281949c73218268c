"""Figures for tests of the plan, made of the few arrays that it is judged by."""

from datetime import timedelta
from typing import Any, cast

import numpy as np
import polars as pl
from cities import DAY0, FIRST

from density.cube import Scopes
from density.figures import Figures
from density.plan import Plan, Quotas, Target
from density.register import Name

NAME = Name("名", "name")
SCOPES = (("city", "city"), ("district:310115", "district"), ("park:P01", "park"), ("park:P02", "park"))
SERIES = ("total", "all", "key", "key:other")


def figures_of(days: int, *, persons: float = 1_000, response: float = 1.0, batch: int = 1, **named: Any) -> Figures:
    """A city of which all is in park P01; `named` gives figures as arrays [day], the same in every series."""
    shape = (len(SCOPES), len(SERIES), days)
    given = {name: np.broadcast_to(np.asarray(values, dtype=np.float64), days) for name, values in named.items()}
    ratios = {name: values for name, values in given.items() if name.startswith("density")}
    counts = {"persons": np.full(days, persons), **{name: each for name, each in given.items() if name not in ratios}}
    if "density_12m" in ratios:
        counts["stock_counted"] = ratios["density_12m"] * persons / 10_000
    ratios["response_headcount_persons"] = np.full(days, response)
    batches = [{"factory": "F1", "from_day": DAY0 + day} for day in range(1, days, 100) for _ in range(batch)]
    return Figures(
        scopes=Scopes(tuple(name for name, _ in SCOPES), tuple(kind for _, kind in SCOPES)),
        series=SERIES,
        first_day=DAY0,
        last_day=DAY0 + days - 1,
        counts={name: _in_park(values, shape, 0) for name, values in counts.items()},
        ratios={name: _in_park(values, shape, np.nan) for name, values in ratios.items()},
        factories=pl.DataFrame(),
        crossed=cast("Any", None),
        grades=pl.DataFrame(),
        comparisons=pl.DataFrame(),
        installed=pl.DataFrame(batches, schema={"factory": pl.String, "from_day": pl.Int64}),
    )


def _in_park(values: Any, shape: tuple[int, ...], elsewhere: float) -> Any:
    array = np.broadcast_to(values, shape).copy()
    array[-1] = elsewhere
    return array


def steps(text: str, days: int) -> Any:
    """An array [day] of `day:value` steps; before the first and for `-` it is NaN."""
    values = np.full(days, np.nan)
    for each in text.split():
        day, value = each.split(":")
        values[int(day) :] = np.nan if value == "-" else float(value)
    return values


def target(figure: str = "gross_new", value: float = 200, *, deadline: int = 1_000, **given: Any) -> Target:
    ratio = figure.startswith("density")
    return Target(
        given.pop("id", "T"), NAME, "", figure, given.pop("series", "key" if ratio else "total"),
        given.pop("kind", "ratio" if ratio else "count"), NAME, value,
        given.pop("baseline_day", FIRST), FIRST + timedelta(days=deadline), **given,
    )  # fmt: skip


def plan_of(*targets: Target, quotas: dict[str, dict[str, float]] | None = None) -> Plan:
    assigned = None if quotas is None else Quotas("文件", simulated=True, values=quotas)
    return Plan("p", NAME, "", targets, assigned)


def statistic(figure: str, period: str, end: int, published: int, value: float, scope: str = "city") -> dict[str, Any]:
    return {
        "figure": figure, "scope": scope, "period": period, "period_end_day": end, "published_day": published,
        "value": value,
    }  # fmt: skip


def statistics_of(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_STATISTIC)


_STATISTIC = {
    "figure": pl.String, "scope": pl.String, "period": pl.String, "period_end_day": pl.Int64,
    "published_day": pl.Int64, "value": pl.Float64,
}  # fmt: skip
