"""Figures that set a scope against something outside it: the city's densities, the official frame."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from density.arrays import Counts, Ratios
from density.crossings import Crossed
from density.cube import Scopes, is_division, ratio
from density.definition import MIN_PERSONS
from density.ratios import PER
from density.register import Zone

FRAME = "frame_persons"  # the statistic that says how many persons the official frame holds
YEARLY = "density_annual"  # the one figure of ours that may stand beside a published density


def expected_density(sums: Mapping[str, Counts], crossed: Crossed, scopes: Scopes, zones: Mapping[str, Zone]) -> Ratios:
    """Σ persons by division × the city's density of that division ÷ Σ persons [台/万人], array [scope, series, day].

    Null below MIN_PERSONS persons; a division's density is taken however few its persons are.

    Args:
        sums: stock_counted and persons_counted, arrays [scope, series, day].
        crossed: the divisions within districts and parks.
        scopes: what the arrays stand for.
        zones: the zones by id.
    """
    place = {name: number for number, name in enumerate(scopes.names)}
    robots, persons = sums["stock_counted"], sums["persons_counted"]
    own = np.nan_to_num(ratio(robots, persons))
    due = np.zeros(persons.shape)
    for number, (name, kind) in enumerate(zip(scopes.names, scopes.kinds, strict=True)):
        if kind == "industry":
            due[number] = persons[number] * own[place[name[: len("industry:") + 2]]]
    for name, counted in crossed.daily("persons_counted"):
        area, _, division = name.partition("/")
        due[place[area]] += counted * own[place[division]]
    for zone in zones.values():
        due[place[f"zone:{zone.id}"]] = sum(due[place[f"park:{park}"]] for park in zone.parks)
    due[0] = sum(due[number] for number, name in enumerate(scopes.names) if is_division(name))
    return ratio(due, persons, at_least=MIN_PERSONS, times=PER)


def framed_persons(statistics: pl.DataFrame, scopes: Scopes, first_day: int, days: int) -> Ratios:
    """Persons in the official frame [人], array [scope, day]; NaN without a frame.

    Args:
        statistics: those that stand; of a day the frame published last counts.
        scopes: what the first axis stands for.
        first_day: integer day of the first column.
        days: how many columns.
    """
    framed = np.full((len(scopes.names), days), np.nan)
    frames = statistics.filter(pl.col("figure") == FRAME).sort("published_day", "period_end_day")
    place = {name: number for number, name in enumerate(scopes.names)}
    for row in frames.iter_rows(named=True):
        if row["scope"] in place:
            framed[place[row["scope"]], min(max(row["published_day"] - first_day, 0), days) :] = row["value"]
    return framed
