"""Daily figures of many scopes as one long table, read block by block of days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from api.export.table import day_of
from api.points import COUNTS, FLOWS, RATIOS, SIGNALS, SUPPRESSED
from api.scopes import CROSSING as CROSSING_KIND
from density.days import start_ns
from store.base import Store
from store.schema import CROSSING, FIGURE, FIGURES, FLOW, ROBOT_ACTIVITY, Measurement

BLOCK_DAYS = 31

SCHEMA: Mapping[str, pl.DataType] = {
    "day": pl.Date(),
    **dict.fromkeys(("kind", "scope", "series"), pl.String()),
    **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(RATIOS, pl.Float64()),
    **{f"flow_{name}": pl.Int64() for name in FLOWS},
    **dict.fromkeys(SIGNALS, pl.Int64()),
    "definition_version": pl.Int64(),
    SUPPRESSED: pl.String(),
}

_POINT = ["time", "scope", "series"]
_LINE = ["scope", "series"]


@dataclass(frozen=True)
class Span:
    """Which figures; days are integers, both inclusive.

    Attributes:
        kinds: of scopes, `crossing` for the divisions within districts and parks.
        series: as they are stored.
        scope: one alone, of one of the kinds; none is all.
        begin: the first day of all figures: from then on crossings are carried forward.
    """

    kinds: Sequence[str]
    series: Sequence[str]
    scope: str | None
    begin: int
    first: int
    last: int


def figure_pieces(store: Store, span: Span) -> Iterator[pl.DataFrame]:
    """Frames of SCHEMA, a row for each scope, series and day: block by block of days, in each kind by kind.

    Raises:
        StoreUnavailable: the store does not answer; the table ends unfinished.
    """
    carried = CROSSING.frame()
    first = span.first
    if CROSSING_KIND in span.kinds:
        for begin in range(span.begin, span.first, BLOCK_DAYS):
            changes = _read(store, CROSSING, span, {}, begin, min(begin + BLOCK_DAYS, span.first) - 1)
            carried = _last(pl.concat([carried, changes]))
    while first <= span.last:
        last = min(first + BLOCK_DAYS - 1, span.last)
        for kind in span.kinds:
            if kind != CROSSING_KIND:
                yield _dense(store, span, kind, first, last)
                continue
            changes = pl.concat([carried, _read(store, CROSSING, span, {}, first, last)])
            yield _crossings(changes, first, last)
            carried = _last(changes)
        first = last + 1


def _read(store: Store, kind: Measurement, span: Span, where: Mapping[str, str], first: int, last: int) -> pl.DataFrame:
    chosen = dict(where) | ({"scope": span.scope} if span.scope else {})
    if len(span.series) == 1:
        return store.read(
            FIGURES, kind, after=start_ns(first) - 1, through=start_ns(last), where={**chosen, "series": span.series[0]}
        )
    frame = store.read(FIGURES, kind, after=start_ns(first) - 1, through=start_ns(last), where=chosen)
    return frame.filter(pl.col("series").is_in(span.series))


def _dense(store: Store, span: Span, kind: str, first: int, last: int) -> pl.DataFrame:
    figures, flows, heard = (
        _read(store, each, span, {"kind": kind}, first, last) for each in (FIGURE, FLOW, ROBOT_ACTIVITY)
    )
    account = flows.select(*_POINT, *(pl.col(name).alias(f"flow_{name}") for name in FLOWS))
    joined = figures.join(account, on=_POINT, how="left").join(heard.drop("kind"), on=_POINT, how="left")
    return _shown(joined.with_columns(pl.col(f"flow_{name}").fill_null(0) for name in FLOWS))


def _crossings(changes: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Each line carried forward to every day from its first change on."""
    times = pl.Series("time", [start_ns(day) for day in range(first, last + 1)], dtype=pl.Int64)
    lines = changes.select(_LINE).unique().sort(_LINE)
    grid = times.to_frame().join(lines, how="cross", maintain_order="left_right")
    told = changes.with_columns(known=pl.lit(value=True)).sort("time")
    dense = grid.join_asof(told, on="time", by=_LINE, check_sortedness=False).drop_nulls("known")
    return _shown(dense.with_columns(kind=pl.lit(CROSSING_KIND)))


def _last(changes: pl.DataFrame) -> pl.DataFrame:
    return changes.sort("time").unique(_LINE, keep="last")


def _shown(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, type_).alias(name) for name, type_ in SCHEMA.items() if name not in {*frame.columns, "day"}]
    told = frame.with_columns(day_of(pl.col("time")).alias("day"), *lacking).sort("day", "scope", "series")
    return told.select(pl.col(name).cast(type_) for name, type_ in SCHEMA.items())
