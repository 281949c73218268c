"""Instants of the simulated city: seconds since 1970 UTC; its days and months are Asia/Shanghai."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import numpy as np

from simulators.arrays import Ints

OFFSET_S = 8 * 3600  # no daylight saving since 1991
DAY_S = 86_400
EPOCH = date(1970, 1, 1)

BASELINE = date(2023, 12, 31)
HORIZON = date(2028, 12, 31)  # the timeline is drawn to this day whatever the clock says, so that no day depends on it
NEVER_S = 1 << 40


def day_start_s(day: date) -> int:
    """00:00 Shanghai of a day."""
    return (day - EPOCH).days * DAY_S - OFFSET_S


def day_of_s(instant_s: int) -> date:
    """The Shanghai day that holds an instant."""
    return EPOCH + timedelta(days=(instant_s + OFFSET_S) // DAY_S)


def days_of_s(instants_s: Ints) -> Ints:
    """The Shanghai days that hold instants, as days since 1970."""
    return (instants_s + OFFSET_S) // DAY_S


def text_of_s(instant_s: int) -> str:
    """An instant as the contract writes it."""
    return (datetime.fromtimestamp(instant_s, UTC) + timedelta(seconds=OFFSET_S)).strftime("%Y-%m-%dT%H:%M:%S+08:00")


def span_end_s(instant_s: int, months: int) -> int:
    """00:00 Shanghai after the month (1) or year (12) that holds an instant."""
    day = day_of_s(instant_s)
    last = 12 if months == 12 else day.month
    return day_start_s(date(day.year, last, monthrange(day.year, last)[1])) + DAY_S


BASELINE_END_S = day_start_s(BASELINE) + DAY_S
HORIZON_END_S = day_start_s(HORIZON) + DAY_S
MONTHS = (HORIZON.year - BASELINE.year) * 12 + 1  # December 2023 to December of the horizon's year


def month_of(index: int) -> tuple[int, int]:
    """Year and month of a place in the headcount series; 0 is December 2023."""
    return BASELINE.year + (11 + index) // 12, (11 + index) % 12 + 1


def month_end_s(index: int) -> int:
    """00:00 Shanghai after a month of the series."""
    year, month = month_of(index + 1)
    return day_start_s(date(year, month, 1))


MONTH_ENDS_S: Ints = np.array([month_end_s(index) for index in range(MONTHS)], dtype=np.int64)
