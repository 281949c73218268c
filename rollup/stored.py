"""The figures that the store holds already, as arrays beside which new ones are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from density.arrays import Counts, Flags
from density.cube import Scopes
from density.days import DAY_NS, start_ns
from density.definition import VERSION
from density.figures import Figures
from density.measures import FLOWS
from store.base import Store
from store.schema import FACTORY_FIGURE, FIGURE, FIGURES, FLOW, Measurement, district_database

MISSING_COUNT = np.iinfo(np.int32).min  # no count is so small
MISSING_RATIO = -1.0  # no ratio is negative


@dataclass(frozen=True)
class Stored:
    """What the store holds of some figures.

    Attributes:
        figures: MISSING_COUNT and MISSING_RATIO where it holds nothing; flows that it does not hold are 0.
        outdated: array [scope, series, day]: told by another definition, so that all is to be written again.
    """

    figures: Figures
    outdated: Flags


def stored_figures(store: Store, like: Figures) -> Stored:
    """What the store holds of scopes of one kind on their days, as arrays of their shape."""
    flows = {name: np.zeros_like(values) for name, values in like.counts.items() if name.startswith("flow_")}
    missing = {name: np.full_like(values, MISSING_COUNT) for name, values in like.counts.items() if name not in flows}
    old = replace(
        like,
        counts=missing | flows,
        ratios={name: np.full_like(values, MISSING_RATIO) for name, values in like.ratios.items()},
    )
    where, after, through = {"kind": like.scopes.kinds[0]}, start_ns(like.first_day) - 1, start_ns(like.last_day)
    at, found = _places(like, store.read(FIGURES, FIGURE, where=where, after=after, through=through))
    for name, counts in missing.items():
        counts[at] = found[name].to_numpy()
    for name, ratios in old.ratios.items():
        ratios[at] = found[name].fill_null(np.nan).to_numpy()
    outdated = np.zeros(like.counts["stock"].shape, dtype=np.bool_)
    outdated[at] = (found["definition_version"] != VERSION).to_numpy()
    at, found = _places(like, store.read(FIGURES, FLOW, where=where, after=after, through=through))
    for name in FLOWS:
        flows[f"flow_{name}"][at] = found[name].to_numpy()
    return Stored(old, outdated)


def vanished(store: Store, like: Figures) -> Figures:
    """Scopes of one kind that the store holds and no report names any more: from the first day nobody is in them."""
    kind = like.scopes.kinds[0]
    stored = store.read(FIGURES, FIGURE, through=start_ns(like.first_day), where={"kind": kind})["scope"]
    names = tuple(sorted(set(stored) - set(like.scopes.names)))
    shape = (len(names), *like.counts["stock"].shape[1:])
    return replace(
        like,
        scopes=Scopes(names, (kind,) * len(names)),
        counts={name: np.zeros(shape, dtype=np.int32) for name in like.counts},
        ratios={name: np.full(shape, np.nan) for name in like.ratios},
    )


def _places(like: Figures, points: pl.DataFrame) -> tuple[tuple[Counts, Counts, Counts], pl.DataFrame]:
    days = like.last_day - like.first_day + 1
    scopes = pl.DataFrame({"scope": like.scopes.names}).with_row_index("place")
    lines = pl.DataFrame({"series": like.series}).with_row_index("line")
    found = (
        points.with_columns(day=_day(pl.col("time")) - like.first_day)
        .filter(pl.col("day").is_between(0, days - 1))
        .join(scopes, on="scope")
        .join(lines, on="series")
    )
    place, line, day = (found[name].to_numpy() for name in ("place", "line", "day"))
    return (place, line, day), found


def stored_rows(
    store: Store, kind: Measurement, like: pl.DataFrame, where: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The points of a measurement, with the columns of the rows that they were made of (NaN is null).

    A row that another definition told has no stock that can be, so that it is written again.
    """
    return _rows(store, FIGURES, kind, like, where)


def stored_factories(store: Store, adcode: str, like: pl.DataFrame) -> pl.DataFrame:
    """The rows of factories that the store holds for a district, with the columns of `like`."""
    told = like.drop("district")
    rows = _rows(store, district_database(adcode), FACTORY_FIGURE, told, None)
    return rows.with_columns(district=pl.lit(adcode)).select(like.columns)


def _rows(
    store: Store, database: str, kind: Measurement, like: pl.DataFrame, where: Mapping[str, str] | None
) -> pl.DataFrame:
    rows = store.read(database, kind, where=where).with_columns(day=_day(pl.col("time")))
    if "definition_version" in kind.columns:
        valid = pl.col("definition_version") == VERSION
        rows = rows.with_columns(stock=pl.when(valid).then("stock").otherwise(MISSING_COUNT))
    ratios: Sequence[str] = [name for name, type_ in like.schema.items() if type_ == pl.Float64]
    return rows.with_columns(pl.col(ratios).fill_null(np.nan)).select(like.columns).cast(like.schema)


def _day(time: pl.Expr) -> pl.Expr:
    return (time - start_ns(0)) // DAY_NS
