"""How many people a factory employs on a day, and for how long that is known."""

import polars as pl

from density.definition import HEADCOUNT_DAYS
from density.reports import Reports
from density.sites import NEVER


def headcounts(reports: Reports, prefer: str = "average") -> pl.DataFrame:
    """The headcount in force: the latest whose period had ended.

    Where a month, a quarter and a year end on one day the shorter wins.

    Args:
        reports: of any factories.
        prefer: `average` or `end_of_period`; the other stands in where the preferred one is not given.

    Returns:
        factory, persons [人], at_end (persons where they are taken from `end_of_period`, else 0), from_day (the
        period's last day), next_day (that of the next period; NEVER for the last), to_day (exclusive: the next
        period's, at most HEADCOUNT_DAYS after the period's end).
    """
    told = reports.standing("workforce").sort("factory", "period_end_day", "period_months")
    another = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in ("factory", "period_end_day"))
    periods = told.filter(another)
    same = pl.col("factory") == pl.col("factory").shift(-1)
    following = pl.when(same).then(pl.col("period_end_day").shift(-1)).otherwise(NEVER).fill_null(NEVER)
    other = "average" if prefer == "end_of_period" else "end_of_period"
    at_end = (
        pl.col("end_of_period")
        if prefer == "end_of_period"
        else pl.when(pl.col("average").is_null()).then("end_of_period")
    )
    return periods.select(
        "factory",
        persons=pl.coalesce(prefer, other),
        at_end=at_end.fill_null(0),
        from_day="period_end_day",
        next_day=following,
    ).with_columns(to_day=pl.min_horizontal("next_day", pl.col("from_day") + HEADCOUNT_DAYS + 1))
