"""A month and a year before: the same factories then and now, and what moved density.

Both days are looked up in the rows of the factories, so that "matched" means one thing for every scope.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from density.arrays import Counts
from density.cube import Scopes
from density.effects import Sums, split
from density.matched import MATCHED, Matched, Pairs


def comparisons(
    matched: Sequence[Matched], scopes: Scopes, series: Sequence[str], sums: Mapping[str, Counts], first_day: int
) -> pl.DataFrame:
    """Every scope and series on each pair of days; those with no counting factory on either are left out.

    Args:
        matched: what counts on both days of each pair, with each base.
        scopes: the order of the sums' first axis.
        series: the order of their second.
        sums: stock_counted, persons_counted, counting_factories, arrays [scope, series, day].
        first_day: integer day of their first column.

    Returns:
        scope, kind, series, base, day and the fields of the measurement `comparison` (NaN is null).
    """
    return pl.concat(_compared(each, scopes, series, sums, first_day) for each in matched)


def _compared(
    matched: Matched, scopes: Scopes, series: Sequence[str], sums: Mapping[str, Counts], first_day: int
) -> pl.DataFrame:
    both = dict(zip(MATCHED, matched.sums, strict=True))
    then, now = matched.pairs.then - first_day, matched.pairs.now - first_day
    stock, persons, counting = (
        [sums[name][..., day].astype(np.int64) for day in (then, now)]
        for name in ("stock_counted", "persons_counted", "counting_factories")
    )
    columns = {
        **both,
        "joined": counting[1] - both["matched"],
        "left": counting[0] - both["matched"],
        **split(
            Sums(stock[0], persons[0], stock[1], persons[1]),
            Sums(both["stock_then"], both["persons_then"], both["stock_now"], both["persons_now"]),
        ),
    }
    return _frame(columns, (counting[0] > 0) | (counting[1] > 0), scopes, matched.pairs, series)


def _frame(
    columns: Mapping[str, np.ndarray], kept: np.ndarray, scopes: Scopes, compared: Pairs, series: Sequence[str]
) -> pl.DataFrame:
    scope, line, pair = np.nonzero(kept)
    return pl.DataFrame(
        {
            "scope": pl.Series(scopes.names, dtype=pl.String).gather(scope),
            "kind": pl.Series(scopes.kinds, dtype=pl.String).gather(scope),
            "series": pl.Series(series, dtype=pl.String).gather(line),
            "base": pl.repeat(compared.base, pair.size, dtype=pl.String, eager=True),
            "day": compared.now[pair].astype(np.int32),
            **{name: values[scope, line, pair] for name, values in columns.items()},
        }
    )
