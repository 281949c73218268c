"""Smart factories by scheme and grade, as counts on the days when one changed."""

import polars as pl

from density.measures import designations
from density.reports import Reports
from density.sites import Sites


def grade_counts(reports: Reports, sites: Sites, *, first_day: int, last_day: int) -> pl.DataFrame:
    """How many sites hold a designation of each scheme and grade, in the city, the districts and the parks.

    Returns:
        scope, kind, scheme, grade, day, count; one row for each day on which the count changed.
    """
    held = designations(reports).filter(pl.col("kind") == "smart_factory").drop("kind")
    spans = sites.placed(held).join(sites.rows.select("site", "district", "park"), on="site")
    inside = spans.filter((pl.col("to_day") > first_day) & (pl.col("from_day") <= last_day))
    begin = inside.with_columns(day=pl.col("from_day").clip(first_day), count=pl.lit(1))
    end = inside.with_columns(day=pl.col("to_day"), count=pl.lit(-1)).filter(pl.col("day") <= last_day)
    steps = pl.concat([begin, end])
    scopes = pl.concat(
        [
            steps.with_columns(scope=pl.lit("city"), kind=pl.lit("city")),
            steps.with_columns(scope=pl.format("district:{}", "district"), kind=pl.lit("district")),
            steps.with_columns(scope=pl.format("park:{}", "park"), kind=pl.lit("park")),
        ]
    ).drop_nulls("scope")
    group = ["scope", "kind", "scheme", "grade"]
    return (
        scopes.group_by(*group, "day")
        .agg(pl.col("count").sum().cast(pl.Int64))
        .filter(pl.col("count") != 0)
        .sort(*group, "day")
        .with_columns(pl.col("count").cum_sum().over(group))
    )
