"""Which factories call for somebody, and about what: the most urgent of each district, however many there are.

Of the silent ones those come first that fell silent last, since there a call still helps; of missing messages today's;
of clocks those that are off most; of what was refused the most items. A list has an end, so that neither a board nor a
notification grows with the city; how many factories there are in all is a figure.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

LISTED: Final = 20  # factories of a district and concern
RECENT_DAYS: Final = 30  # of `missing_30_days`
CLOCK_S: Final = 60.0  # a clock that is off by less is right
REFUSED_SHARE: Final = 0.05  # of what arrived on a day; less is one bad report among good ones

SILENT, MISSING, CLOCK, REFUSED = "silent", "missing", "clock", "refused"


class _Concern(NamedTuple):
    holds: pl.Expr
    urgency: Sequence[pl.Expr]  # the largest first
    facts: Sequence[str]


_CONCERNS: Mapping[str, _Concern] = {
    SILENT: _Concern(pl.col("silent"), [pl.col("last_us")], ["last_us", "silent_after_s"]),
    MISSING: _Concern(
        pl.col("missing_30_days") > 0,
        [pl.col("missing_today"), pl.col("missing_30_days")],
        ["missing_30_days", "missing_today"],
    ),
    CLOCK: _Concern(pl.col("skew_s").abs() > CLOCK_S, [pl.col("skew_s").abs()], ["skew_s", "late"]),
    REFUSED: _Concern(
        pl.col("refused") > REFUSED_SHARE * pl.col("arrived"), [pl.col("refused")], ["refused", "arrived"]
    ),
}


def most_urgent(factories: pl.DataFrame) -> pl.DataFrame:
    """The lists of all districts.

    Args:
        factories: district, factory, silent, last_us, silent_after_s, missing_30_days and missing_today
            [messages], skew_s or null, late [messages], refused and arrived [items of today].

    Returns:
        concern, district, factory, rank (1 is the most urgent of its district), and the facts of its concern, with null
        in the others.
    """
    return pl.concat([_listed(factories, name, concern) for name, concern in _CONCERNS.items()], how="diagonal")


def _listed(factories: pl.DataFrame, name: str, concern: _Concern) -> pl.DataFrame:
    ordered = factories.filter(concern.holds).sort(
        *concern.urgency, "factory", descending=[True] * len(concern.urgency) + [False]
    )
    rank = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("district")
    ranked = ordered.with_columns(concern=pl.lit(name), rank=rank).filter(pl.col("rank") <= LISTED)
    return ranked.select("concern", "district", "factory", "rank", *concern.facts)
