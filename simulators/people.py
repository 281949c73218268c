"""How many people each factory employs by month, and which periods it reports when."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from simulators.calendar import DAY_MS, NEVER_MS, OFFSET_MS, Bools, Floats, Ints
from simulators.chance import generator, pick

FIRST_MONTH: Final = 2023 * 12  # January 2023; only periods that end from December 2023 on are sent
MONTHS: Final = 9 * 12
_SENT_FROM: Final = 11
_SEASON: Final = (0.975, 0.955, 0.99, 1.0, 1.0, 1.0, 1.0, 1.0, 1.003, 1.003, 1.003, 1.003)  # Spring Festival
_DECLINE: Final = 0.01  # a year
_RHYTHMS: Final = (1, 3, 12)  # months of a period


@dataclass(frozen=True)
class Headcounts:
    """What factories report of their people; arrays [factory, month] where not said otherwise.

    Attributes:
        average: 平均用工人数 of the period that ends with the month.
        end: 期末用工人数.
        due: when the period is sent, ms; NEVER_MS where none is.
        rhythm: months of a period, by factory.
        sends_average, sends_end: by factory.
    """

    average: Ints
    end: Ints
    due: Ints
    rhythm: Ints
    sends_average: Bools
    sends_end: Bools

    def at_baseline(self) -> Ints:
        """The headcount in force on 2023-12-31, 0 of factories that send none."""
        sent = self.due[:, _SENT_FROM] < NEVER_MS
        value = np.where(self.sends_average, self.average[:, _SENT_FROM], self.end[:, _SENT_FROM])
        return np.where(sent, value, 0)


def headcounts(seed: int, base: Floats, responds: Bools, closed_ms: Ints) -> Headcounts:
    """Lay out every month until the horizon.

    Args:
        seed: of the city.
        base: persons of each factory at the end of 2023.
        responds: who sends a headcount.
        closed_ms: from when on a factory sends nothing.
    """
    rng, count = generator(seed, "people"), len(base)
    monthly = _monthly(rng, base)
    rhythm = np.asarray(_RHYTHMS)[pick(rng, (0.88, 0.09, 0.03), count)]
    averages = {months: _trailing_mean(monthly, months) for months in _RHYTHMS}
    average = np.select([(rhythm == months)[:, None] for months in _RHYTHMS], list(averages.values()))
    end = np.rint(monthly * (1 + rng.normal(0, 0.01, monthly.shape))).astype(np.int64)
    end_only = rng.random(count) < 0.03
    sends_end = end_only | (rng.random(count) < 0.4)
    due = _due(rng, rhythm, responds, closed_ms)
    return Headcounts(np.rint(average).astype(np.int64), end.clip(1), due, rhythm, ~end_only, sends_end)


def _monthly(rng: np.random.Generator, base: Floats) -> Floats:
    count, months = len(base), np.arange(MONTHS)
    years = (months - _SENT_FROM) / 12
    drift = rng.normal(-_DECLINE, 0.025, count).clip(-0.15, 0.15)
    drift -= np.average(drift, weights=base) + _DECLINE  # large plants shall not bend the city's trend
    course = np.exp(drift[:, None] * years) * np.asarray(_SEASON)[months % 12]
    wobble = 1 + rng.normal(0, 0.008, (count, MONTHS))
    monthly: Floats = np.maximum(np.rint(base[:, None] * course * wobble), 1)
    return monthly


def _trailing_mean(monthly: Floats, months: int) -> Floats:
    reach = np.cumsum(monthly, axis=1)
    means = reach.copy()
    means[:, months:] -= reach[:, :-months]
    means[:, months - 1 :] /= months
    return means


def month_ends_ms() -> Ints:
    """00:00 Shanghai of the day after each month."""
    months = np.arange(MONTHS) + FIRST_MONTH - 1970 * 12 + 1
    ends: Ints = months.astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64) - OFFSET_MS
    return ends


def _due(rng: np.random.Generator, rhythm: Ints, responds: Bools, closed_ms: Ints) -> Ints:
    months = np.arange(MONTHS)
    lag = rng.integers(8 * 3600, 15 * 24 * 3600, (len(rhythm), MONTHS)) * 1000
    due = month_ends_ms()[None, :] + lag
    ends_here = (months[None, :] + 1) % rhythm[:, None] == 0
    # A few stop one day; their headcount grows too old after 400 days.
    stops = np.where(rng.random(len(rhythm)) < 0.015, rng.integers(_SENT_FROM + 1, MONTHS, len(rhythm)), MONTHS)
    sent = ends_here & responds[:, None] & (months >= _SENT_FROM) & (months < stops[:, None])
    return np.where(sent & (due < closed_ms[:, None]), due, NEVER_MS)


def period_name(month: int, rhythm: int) -> str:
    """The period of so many months that ends with a month, as the contract writes it."""
    year, place = divmod(FIRST_MONTH + month, 12)
    first = date(year, place + 1, 1)
    return {1: f"{first:%Y-%m}", 3: f"{year}-Q{place // 3 + 1}", 12: f"{year}"}[rhythm]


def sent_share(counts: Headcounts, now_ms: int) -> float:
    """Share of the factories whose headcount of the last 400 days is in."""
    recent = (counts.due <= now_ms) & (counts.due > now_ms - 400 * DAY_MS)
    return float(recent.any(axis=1).mean())
