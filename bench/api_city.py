"""A store with four years of daily figures of every district, park and division, as large as a city's."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from density.days import start_ns
from density.definition import VERSION
from density.register import Reference
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.schema import CROSSING, FIGURE, FIGURES, PLAN_STATUS, ROLLUP, STATE, Measurement

FIRST_DAY, DAYS = 19_722, 1_461  # from 2023-12-31
LAST_DAY = FIRST_DAY + DAYS - 1

_BLOCK_DAYS = 100
_DIVISIONS = {"district": 31, "park": 8}
_CHANGED = 0.1  # part of the days on which a division's figures change
_SERIES = ("total", "key")


def fill(folder: Path, reference: Reference) -> None:
    """Write the figures of all days."""
    random, store = np.random.default_rng(1), EmbeddedStore(folder)
    store.prepare(simulated=True)
    areas = {"city": ["city"], **{kind: _names(kind, each) for kind, each in _areas(reference).items()}}
    divisions = sorted(code for code in reference.industries if len(code) == 2)
    for first in range(FIRST_DAY, LAST_DAY + 1, _BLOCK_DAYS):
        days = range(first, min(first + _BLOCK_DAYS, LAST_DAY + 1))
        for kind, scopes in areas.items():
            store.write(FIGURES, {FIGURE: _rows(FIGURE, kind, scopes, days, random)})
            inner = [f"{scope}/industry:{code}" for scope in scopes for code in divisions[: _DIVISIONS.get(kind, 0)]]
            rows = _rows(CROSSING, kind, inner, days, random)
            changed = pl.Series(random.random(rows.height) < _CHANGED) | (rows["time"] == start_ns(FIRST_DAY))
            store.write(FIGURES, {CROSSING: rows.filter(changed)})
    standing = [_standing(kind, scope) for kind, scopes in areas.items() for scope in scopes]
    store.write(FIGURES, {PLAN_STATUS: with_flags(PLAN_STATUS, PLAN_STATUS.frame(standing))})
    moment = {"data_until_us": start_ns(LAST_DAY) // 1_000, "folded_us": start_ns(LAST_DAY) // 1_000}
    row = {"time": 0, **moment, "written_us": 1, "day": LAST_DAY, "definition_version": VERSION}
    store.write(STATE, {ROLLUP: ROLLUP.frame([row])})
    store.close()


def _areas(reference: Reference) -> Mapping[str, Iterator[str]]:
    return {"district": iter(reference.districts), "park": iter(reference.parks)}


def _names(kind: str, ids: Iterator[str]) -> list[str]:
    return [f"{kind}:{each}" for each in ids]


def _rows(
    measurement: Measurement, kind: str, scopes: list[str], days: range, random: np.random.Generator
) -> pl.DataFrame:
    times = pl.DataFrame({"time": [start_ns(day) for day in days]}, schema={"time": pl.Int64})
    lines = pl.DataFrame({"scope": scopes}, schema={"scope": pl.String}).join(
        pl.DataFrame({"series": _SERIES}), how="cross"
    )
    rows = times.join(lines, how="cross").with_columns(kind=pl.lit(kind))
    values = {
        field.name: random.integers(0, 100_000, rows.height) * (1 if field.type == "int" else 1 / 7)
        for field in measurement.fields
        if field.type != "bool"
    }
    told = rows.with_columns(pl.Series(name, each) for name, each in values.items())
    return with_flags(measurement, told.select(name for name in measurement.columns if name in told.columns))


def _standing(kind: str, scope: str) -> dict[str, object]:
    numbers = {field.name: 12.345678 for field in PLAN_STATUS.fields if field.type == "float"}
    named = {"scope": scope, "kind": kind, "target": "SH-13", "status": "on_track", "basis": "assigned"}
    return {"time": start_ns(LAST_DAY), **named, **numbers}
