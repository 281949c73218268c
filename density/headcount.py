"""How many people a factory employs on a day, and for how long it is known."""

import polars as pl

from density.definition import HEADCOUNT_DAYS
from density.reports import Reports
from density.sites import NEVER


def headcounts(reports: Reports) -> pl.DataFrame:
    """The headcount in force: the latest whose period had ended, `average`, else `end_of_period`.

    Where a month, a quarter and a year end on one day the shorter wins.

    Returns:
        factory, persons [人], from_day (the period's last day), next_day (that of the next period; NEVER for the
        last), to_day (exclusive: the next period's, at most HEADCOUNT_DAYS after the period's end).
    """
    periods = (
        reports.standing("workforce")
        .sort("factory", "period_end_day", "period_months")
        .unique(["factory", "period_end_day"], keep="first", maintain_order=True)
    )
    same = pl.col("factory") == pl.col("factory").shift(-1)
    following = pl.when(same).then(pl.col("period_end_day").shift(-1)).otherwise(NEVER).fill_null(NEVER)
    return periods.select(
        "factory",
        persons=pl.coalesce("average", "end_of_period"),
        from_day="period_end_day",
        next_day=following,
    ).with_columns(to_day=pl.min_horizontal("next_day", pl.col("from_day") + HEADCOUNT_DAYS + 1))


def valid_spans(counts: pl.DataFrame) -> pl.DataFrame:
    """The spans in which a factory has a valid headcount, as factory, from_day and to_day (exclusive)."""
    begins = (pl.col("factory") != pl.col("factory").shift()) | (pl.col("from_day") > pl.col("to_day").shift())
    return (
        counts.with_columns(span=begins.fill_null(value=True).cum_sum())
        .group_by("span", maintain_order=True)
        .agg(pl.col("factory").first(), pl.col("from_day").first(), pl.col("to_day").last())
        .drop("span")
    )
