"""The figures that are ratios, from the sums that they are ratios of."""

from collections.abc import Mapping

import numpy as np

from density.arrays import Counts, Ratios
from density.cube import ratio
from density.days import month_ends
from density.definition import MIN_PERSONS

PER = 10_000  # density is robots per 10,000 persons
MONTHS = 12


def density(stock_counted: Counts, persons_counted: Counts) -> Ratios:
    """Robots per 10,000 persons [台/万人]: a ratio of sums; null below MIN_PERSONS persons."""
    return ratio(stock_counted, persons_counted, at_least=MIN_PERSONS, times=PER)


def density_12m(stock_counted: Counts, persons_counted: Counts, first_day: int) -> Ratios:
    """Robots per 10,000 persons of the mean of the last 12 month-ends [台/万人].

    Within the first year the mean is over the month-ends since the first day.

    Args:
        stock_counted: array [..., day].
        persons_counted: array of the same shape.
        first_day: the day of the arrays' first column.
    """
    days = np.arange(first_day, first_day + stock_counted.shape[-1])
    means = mean_at_month_ends(persons_counted[..., _month_columns(days)])
    return ratio(stock_counted, means[..., _latest(days)], at_least=MIN_PERSONS, times=PER)


def density_annual(density_12m: Ratios, day: Counts, first_day: int) -> Ratios:
    """Year-end stock by the annual average headcount [台/万人]: on 31 December alone, null on all other days.

    Args:
        density_12m: array [..., day]; on 31 December its mean is over that year's month-ends.
        day: integer days of the last axis.
        first_day: a year whose 12 month-ends do not all lie on or after it has none.
    """
    stamps = day.astype("M8[D]")
    year_end = (stamps + 1).astype("M8[Y]") != stamps.astype("M8[Y]")
    january = stamps.astype("M8[Y]").astype("M8[M]") + 1
    whole = (january.astype("M8[D]").astype(np.int64) - 1) >= first_day
    return np.where(year_end & whole, density_12m, np.nan)


def mean_at_month_ends(persons: Counts) -> Ratios:
    """The mean of each month-end and the 11 before it, with a first column of zeros for "no month-end yet".

    Args:
        persons: array [..., month-end].
    """
    ends = persons.shape[-1]
    sums = np.concatenate([np.zeros((*persons.shape[:-1], 1)), np.cumsum(persons, axis=-1)], axis=-1)
    upper = np.arange(1, ends + 1)
    lower = np.maximum(upper - MONTHS, 0)
    means = (sums[..., upper] - sums[..., lower]) / (upper - lower)
    return np.concatenate([np.zeros((*persons.shape[:-1], 1)), means], axis=-1)


def _month_columns(days: Counts) -> Counts:
    columns: Counts = month_ends(int(days[0]), int(days[-1])) - days[0]
    return columns


def _latest(days: Counts) -> Counts:
    """For each day how many month-ends lie on or before it."""
    return np.searchsorted(month_ends(int(days[0]), int(days[-1])), days, side="right")


SHARES = {
    "response_headcount_factories": ("headcount_factories", "factories"),
    "response_headcount_persons": ("persons", "known_persons"),
    "response_robots_factories": ("robots_factories", "factories"),
    "response_robots_persons": ("robots_persons", "known_persons"),
    "end_of_period_share": ("end_of_period_persons", "persons"),
}


def share(sums: Mapping[str, Counts], name: str) -> Ratios:
    """One of SHARES: 填报率 of headcounts and of robots, by number of factories and by persons, and 期末 in persons.

    The weight of a factory is its latest headcount, however old; one that never gave a headcount has none.
    """
    part, whole = SHARES[name]
    return ratio(sums[part], sums[whole])
