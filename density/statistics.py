"""Reported statistics: dated, and superseded by what is published later."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Ratios
from density.days import Days

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class InForce:
    """What was known of a statistic on each day.

    Attributes:
        values: array [day]; not a number before the first one was published.
        through: array [day]: the last day of the period that the value is of; -1 where there is none.
    """

    values: Ratios
    through: Days


def in_force(frame: pl.DataFrame, figure: str, scope: str, days: Days) -> InForce:
    """The newest period that had ended and was published by each day; of one period what was published last.

    Args:
        frame: one row of each slot, with the ledger's columns.
        figure: which statistic.
        scope: of which scope.
        days: rising integer days.
    """
    return _followed(_rows(frame, figure, scope), days)


def growth(frame: pl.DataFrame, figure: str, scope: str, days: Days, *, since: int, per_year: bool) -> InForce:
    """How much a statistic has grown over its period that ended last on or before a day [%].

    Only periods as long as that one are compared with it, as known on each day.

    Args:
        frame: one row of each slot.
        figure: which statistic.
        scope: of which scope.
        days: rising integer days.
        since: the baseline day.
        per_year: as a compound rate a year.
    """
    rows = _rows(frame, figure, scope)
    before = rows.filter(pl.col("period_end_day") <= since)
    if before.is_empty():
        return _nothing(days)
    last = before.sort("period_end_day", -pl.col("months")).row(-1, named=True)
    base = _followed(before.filter(pl.col("period") == last["period"]), days)
    later = pl.col("period_end_day") > last["period_end_day"]
    now = _followed(rows.filter(later & (pl.col("months") == last["months"])), days)
    years = np.maximum(np.round((now.through - last["period_end_day"]) / _DAYS_A_YEAR * 12) / 12, 1 / 12)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.where((base.values > 0) & (now.values >= 0), now.values / base.values, np.nan)
    return InForce((times ** (1 / years if per_year else 1) - 1) * 100, now.through)


def difference(one: InForce, other: InForce) -> InForce:
    """One less the other on the days on which both are of periods that ended together."""
    same = one.through == other.through
    return InForce(np.where(same, one.values - other.values, np.nan), one.through)


def _rows(frame: pl.DataFrame, figure: str, scope: str) -> pl.DataFrame:
    period = pl.col("period")
    months = pl.when(period.str.len_chars() == 4).then(12).when(period.str.contains("Q")).then(3).otherwise(1)
    rows = frame.filter((pl.col("figure") == figure) & (pl.col("scope") == scope)).with_columns(months=months)
    known = pl.max_horizontal("published_day", "period_end_day")
    return rows.with_columns(known=known).sort("known", "published_day", "period", "value")


def _followed(rows: pl.DataFrame, days: Days) -> InForce:
    found = _nothing(days)
    standing: dict[str, tuple[int, int, float]] = {}
    for row in rows.iter_rows(named=True):
        standing[row["period"]] = (row["period_end_day"], -row["months"], row["value"])
        end, _, value = max(standing.values())
        column = int(np.searchsorted(days, row["known"]))
        found.values[column:], found.through[column:] = value, end
    return found


def _nothing(days: Days) -> InForce:
    return InForce(np.full(days.shape, np.nan), np.full(days.shape, -1, dtype=np.int64))
