"""The figures of single factories, as rows on the days when one of them changed."""

import numpy as np
import polars as pl

from density.arrays import Counts
from density.changes import Changes
from density.cube import summed
from density.sites import Sites
from density.sparse import densities, rows, worth_keeping


def factory_figures(changed: Changes, sites: Sites, *, first_day: int, last_day: int) -> pl.DataFrame:
    """One row for each registered factory and day on which one of its figures changed, and for every month-end.

    Args:
        changed: of whole factories.
        sites: all sites.
        first_day: has a row of every factory.
        last_day: the last day.

    Returns:
        factory, day, district, the sums of `density.changes.SUMMED`, the densities (NaN is null), in_all, in_key,
        headcount_valid, robots_reported; sorted by factory and day.
    """
    registered = sites.rows["registered"].to_numpy()[changed.site]
    site, day, amount = changed.site[registered], changed.day[registered], changed.amount[:, registered]
    number = sites.rows["factory"].rle_id().to_numpy().astype(np.int64)
    group, day, amount = summed(number[site], day, amount)
    kept = worth_keeping(group, day, amount, first_day)
    group, day, amount = group[kept], day[kept], amount[:, kept]
    told = rows(group, day, amount)
    return pl.DataFrame(
        {
            "factory": sites.rows["factory"].unique(maintain_order=True).gather(group),
            "day": (day + first_day).astype(np.int32),
            **_in_force(group, day + first_day, sites),
            **told.counts().drop("factories").to_dict(),
            **{name: pl.Series(values) for name, values in densities(told, first_day, last_day).items()},
            "headcount_valid": told.column("headcount_factories") > 0,
            "robots_reported": told.column("robots_factories") > 0,
        }
    )


def _in_force(group: Counts, day: Counts, sites: Sites) -> dict[str, pl.Series]:
    """Each row's district and series on its day; a closed factory keeps its last district and is in no series."""
    site = sites.in_force(group, day)
    open_ = pl.Series(day < sites.rows["to_day"].to_numpy()[site])
    row = sites.rows.select("district", "above_scale", "in_key")[site]
    return {"district": row["district"], "in_all": row["above_scale"] & open_, "in_key": row["in_key"] & open_}
