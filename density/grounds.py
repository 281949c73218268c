"""The reports that a figure stands on: of each kind those in force on the day, of the factories that are in it."""

from collections.abc import Callable, Mapping

import polars as pl

from density.days import DAY_US, OFFSET_US
from density.definition import HEADCOUNT_DAYS
from density.norms import FRAME
from density.reports import SLOTS, Reports
from density.stays import counted_events

GROUNDS: Mapping[str, pl.DataType] = {
    "kind": pl.String(), "factory": pl.String(), "time": pl.Int64(), "writer": pl.String(), "slot": pl.String(),
}  # fmt: skip
YEAR_DAYS = 366  # a mean of 12 month-ends stands on the headcounts of a year


def grounds(
    reports: Reports, kinds: tuple[str, ...], factories: pl.DataFrame, scope: str, day: int, *, yearly: bool = False
) -> pl.DataFrame:
    """The reports of some kinds that count on a day, the newest first.

    Args:
        reports: all.
        kinds: as `density.recipes.Recipe.reports`.
        factories: one column, `factory`: those that are in the figure.
        scope: whose statistics count.
        day: integer day.
        yearly: whether the headcounts of a whole year count.

    Returns:
        kind, factory (null for a statistic), time (stamp [ns]), writer, slot as JSON.
    """
    told = [pl.DataFrame(schema=dict(GROUNDS))]
    for kind in kinds:
        frame = _IN_FORCE[kind](reports, day, yearly)
        if kind == "statistic":
            frame = frame.filter(pl.col("scope") == scope).with_columns(factory=pl.lit(None, pl.String))
        else:
            frame = frame.join(factories, on="factory", how="semi")
        told.append(
            frame.select(
                "factory", "time", "writer", kind=pl.lit(kind), slot=pl.struct(SLOTS[kind]).struct.json_encode()
            ).select(*GROUNDS)
        )
    return pl.concat(told).sort("time", "writer", descending=[True, False])


def _lifecycle(reports: Reports, day: int, _: bool) -> pl.DataFrame:  # noqa: FBT001 - all take the same
    return counted_events(reports).filter((pl.col("at_us") + OFFSET_US) // DAY_US <= day)


def _workforce(reports: Reports, day: int, yearly: bool) -> pl.DataFrame:  # noqa: FBT001 - all take the same
    ended = reports.standing("workforce").filter(pl.col("period_end_day").is_between(day - HEADCOUNT_DAYS, day))
    shortest = ended.sort("factory", "period_end_day", "period_months").unique(
        ["factory", "period_end_day"], keep="first", maintain_order=True
    )
    newest = pl.col("period_end_day") == pl.col("period_end_day").max().over("factory")
    return shortest.filter(newest | (pl.lit(yearly) & (pl.col("period_end_day") > day - YEAR_DAYS)))


def _newest(kind: str, day_column: str, *by: str) -> Callable[[Reports, int, bool], pl.DataFrame]:
    def in_force(reports: Reports, day: int, _: bool) -> pl.DataFrame:  # noqa: FBT001 - all take the same
        known = reports.standing(kind).filter(pl.col(day_column).is_null() | (pl.col(day_column) <= day))
        return known.sort(*by, day_column, nulls_last=False).unique(by, keep="last", maintain_order=True)

    return in_force


def _designation(reports: Reports, day: int, _: bool) -> pl.DataFrame:  # noqa: FBT001 - all take the same
    held = (pl.col("from_day") <= day) & (pl.col("to_day").is_null() | (pl.col("to_day") > day))
    return reports.standing("designation").filter(held).with_columns(factory="subject_factory")


def _statistic(reports: Reports, day: int, _: bool) -> pl.DataFrame:  # noqa: FBT001 - all take the same
    frame = (pl.col("figure") == FRAME) & (pl.col("published_day") <= day)
    published = reports.standing("statistic").filter(frame).sort("published_day", "period_end_day")
    return published.unique("scope", keep="last", maintain_order=True)


_IN_FORCE: Mapping[str, Callable[[Reports, int, bool], pl.DataFrame]] = {
    "registration": _newest("registration", "from_day", "factory"),
    "lifecycle": _lifecycle,
    "inventory": _newest("inventory", "as_of_day", "factory"),
    "workforce": _workforce,
    "assessment": _newest("assessment", "on_day", "factory", "standard"),
    "designation": _designation,
    "statistic": _statistic,
}
