"""The additive figures of single sites, on the days when one changed.

spans ─► steps ─► levels [measure, row] ─► figures [figure, row] ─► changes [figure, row]   a row is a site and a day

What is no sum of spans (a robot counts only where the headcount is known) is told row by row, before anything is
added up: every figure of a scope is then the sum of its sites' changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts
from density.cube import running
from density.days import month_ends
from density.measures import REGISTERS, Spans
from density.sites import Sites

SUMMED = (
    "stock", "gross_new", "stock_counted", "persons", "persons_counted", "factories", "smart_factories", "stock_ifr",
    "installed_pending", "undated", "inventory_gap", "inventories", "end_of_period_persons", "smart_claimed",
    "chain_leaders", "service_providers", "innovation_centres",
)  # fmt: skip
HIDDEN = (
    "headcount_factories", "robots_factories", "counting_factories", "known_persons", "robots_persons", "ifr_counted",
)  # fmt: skip
COLUMNS = SUMMED + HIDDEN
COLUMN = {name: place for place, name in enumerate(COLUMNS)}

_MEMORY_DAYS = 366  # after a site is gone, the mean of its last 12 month-ends still changes

Levels = dict[str, Counts]


@dataclass(frozen=True)
class Changes:
    """How the figures of sites change.

    Attributes:
        site: array [row], ascending; rows of a site are in the order of their days.
        day: array [row], from the first day on.
        amount: array [COLUMNS, row]: what comes or goes on the day.
    """

    site: Counts
    day: Counts
    amount: Counts


@dataclass(frozen=True)
class Steps:
    """What comes and goes at sites, by measure.

    Attributes:
        by_measure: site (ascending), day (from the first day on) and amount, arrays [step].
    """

    by_measure: Mapping[str, tuple[Counts, Counts, Counts]]

    def of(self, sites: Sites) -> "Steps":
        """Those of some sites, which follow one another."""
        ends = sites.rows.select(first=pl.col("site").min(), end=pl.col("site").max() + 1).fill_null(0).row(0)
        return Steps(
            {
                name: (site[slice(*at)], day[slice(*at)], amount[slice(*at)])
                for name, (site, day, amount) in self.by_measure.items()
                for at in (np.searchsorted(site, ends),)
            }
        )


def steps(spans: Spans, first_day: int, last_day: int) -> Steps:
    """Spans, as `measures` gives them, as what comes on their first day and goes on the day after their last."""
    return Steps({name: _steps(frame, first_day, last_day) for name, frame in spans.items()})


def changes(told: Steps, sites: Sites, reporting: pl.DataFrame, first_day: int, last_day: int) -> Changes:
    """Tell the figures of some sites on every day on which one can change.

    Args:
        told: of these sites alone.
        sites: those sites.
        reporting: the factories that have ever reported robots.
        first_day: what stood before it is there from the beginning.
        last_day: nothing later is told.
    """
    days = last_day - first_day + 1
    ids = sites.rows["site"].to_numpy().astype(np.int64)
    each = [*told.by_measure.values(), _calendar(sites.rows, first_day, last_day)]
    row_site, row_day, rows_of = _rows(each, ids, days)
    starts = np.flatnonzero(np.diff(row_site, prepend=-1))
    levels = {
        name: _levels(rows, amount, starts, row_site.size)
        for (name, (_, _, amount)), rows in zip(told.by_measure.items(), rows_of, strict=False)
    }
    heard = sites.rows.select(pl.col("factory").is_in(reporting["factory"].implode())).to_series().to_numpy()
    levels["reporting"] = levels["registered"] * heard[row_site]
    return Changes(ids[row_site], row_day, _differences(_figures(levels), starts))


def _steps(spans: pl.DataFrame, first_day: int, last_day: int) -> tuple[Counts, Counts, Counts]:
    site, begin, end, amount = (
        spans[name].cast(pl.Int32).to_numpy() for name in ("site", "from_day", "to_day", "amount")
    )
    begins, ends = (begin <= last_day) & (end > first_day), (end <= last_day) & (end > first_day)
    at = np.concatenate([site[begins], site[ends]])
    day = np.concatenate([np.maximum(begin[begins], first_day), end[ends]]) - first_day
    order = np.argsort(at, kind="stable")
    return at[order], day[order], np.concatenate([amount[begins], -amount[ends]])[order]


def _calendar(sites: pl.DataFrame, first_day: int, last_day: int) -> tuple[Counts, Counts, Counts]:
    """The days on which a figure can change with no report: month-ends, new years, the site's first and last."""
    ends = month_ends(first_day, last_day)
    new_years = ends[(ends + 1).astype("M8[D]").astype("M8[Y]") != ends.astype("M8[D]").astype("M8[Y]")] + 1
    ends = np.unique([first_day, *ends, *new_years[new_years <= last_day]])
    begin, end = (sites[name].to_numpy().clip(first_day, last_day + 1) for name in ("from_day", "to_day"))
    ids = sites["site"].to_numpy().astype(np.int64)
    inside = (ends >= begin[:, np.newaxis]) & (ends < end[:, np.newaxis] + _MEMORY_DAYS)
    which, month = np.nonzero(inside)
    starts, stops = begin <= last_day, end <= last_day
    site = np.concatenate([ids[which], ids[starts], ids[stops]])
    day = np.concatenate([ends[month], begin[starts], end[stops]]) - first_day
    return site, day, np.zeros(site.size, dtype=np.int64)


def _rows(told: list[tuple[Counts, Counts, Counts]], ids: Counts, days: int) -> tuple[Counts, Counts, list[Counts]]:
    """The rows that any step needs, as place in `ids` and day, and for each measure the rows of its steps."""
    place = np.zeros(int(ids.max()) + 1 if ids.size else 1, dtype=np.int64)
    place[ids] = np.arange(ids.size)
    keys = [place[site] * days + day for site, day, _ in told]
    present = np.zeros(ids.size * days, dtype=np.bool_)
    for key in keys:
        present[key] = True
    rows = np.flatnonzero(present)
    number = np.cumsum(present, dtype=np.int32) - 1
    return rows // days, rows % days, [number[key] for key in keys]


def _levels(rows: Counts, amount: Counts, starts: Counts, size: int) -> Counts:
    """What stands at the end of each row's day; `starts` are the first rows of the sites."""
    if not rows.size:
        return np.zeros(size, dtype=np.int32)
    return running(np.bincount(rows, weights=amount, minlength=size).astype(np.int32), starts)


def _figures(levels: Levels) -> Levels:
    """The figures of each row, in the order of COLUMNS."""
    valid, heard, registered = levels["valid"] > 0, levels["reporting"] > 0, levels["registered"] > 0
    told = {
        "stock": levels["stock"],
        "gross_new": levels["gross_new"],
        "stock_counted": levels["stock"] * (valid & heard),
        "persons": levels["persons"],
        "persons_counted": levels["persons"] * heard,
        "factories": registered,
        "smart_factories": levels["counting"] > 0,
        "stock_ifr": levels["stock"] - levels["expired"],
        "installed_pending": levels["waiting"],
        "undated": levels["undated"],
        "inventory_gap": levels["gap"],
        "inventories": levels["inventories"],
        "end_of_period_persons": levels["at_end"],
        "smart_claimed": registered & (levels["claimed"] > 0) & (levels["designated"] == 0),
        **{f"{kind}s": levels[kind] > 0 for kind in REGISTERS},
        "headcount_factories": registered & valid,
        "robots_factories": heard,
        "counting_factories": registered & valid & heard,
        "known_persons": levels["known"],
        "robots_persons": levels["known"] * heard,
        "ifr_counted": (levels["stock"] - levels["expired"]) * (valid & heard),
    }
    return {name: told[name].astype(np.int32, copy=False) for name in COLUMNS}


def _differences(figures: Levels, starts: Counts) -> Counts:
    """Each row less the one before it of the same site, array [figure, row]."""
    amount = np.empty((len(figures), figures["stock"].size), dtype=np.int32)
    for told, standing in zip(amount, figures.values(), strict=True):
        np.subtract(standing[1:], standing[:-1], out=told[1:], dtype=np.int32)
        told[starts] = standing[starts]
    return amount
