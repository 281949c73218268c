"""Days are Asia/Shanghai; an integer day counts from 1970-01-01.

Shanghai is UTC+8. Its summer time ended in 1991, before any day that is judged, so the offset is fixed.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

EPOCH = date(1970, 1, 1)
OFFSET_US = 8 * 3_600_000_000
DAY_US = 86_400_000_000
DAY_NS = DAY_US * 1_000

Days = npt.NDArray[np.int64]


def to_day(when: date) -> int:
    """The integer of a date."""
    return (when - EPOCH).days


def to_date(day: int) -> date:
    """The date of an integer day."""
    return EPOCH + timedelta(days=day)


def day_of_us(instant_us: int) -> int:
    """The Shanghai day that holds an instant [µs since 1970 UTC]."""
    return (instant_us + OFFSET_US) // DAY_US


def day_of_ns(instant_ns: int) -> int:
    """The Shanghai day that holds an instant [ns since 1970 UTC]."""
    return day_of_us(instant_ns // 1_000)


def start_ns(day: int) -> int:
    """00:00 Shanghai of a day [ns since 1970 UTC]."""
    return (day * DAY_US - OFFSET_US) * 1_000


def month_ends(first: int, last: int) -> Days:
    """Every last day of a month between two days, both inclusive."""
    months = np.arange(np.datetime64(first, "D").astype("M8[M]"), np.datetime64(last, "D").astype("M8[M]") + 2)
    ends = months.astype("M8[D]").astype(np.int64) - 1
    return ends[(ends >= first) & (ends <= last)]


def months_before(days: Days, months: int) -> Days:
    """The same day of the month some months earlier; the month's last day where it has no such day."""
    stamps = days.astype("M8[D]")
    month = stamps.astype("M8[M]")
    within = stamps - month.astype("M8[D]")
    target = month - np.timedelta64(months, "M")
    length = (target + 1).astype("M8[D]") - target.astype("M8[D]") - np.timedelta64(1, "D")
    earlier: Days = (target.astype("M8[D]") + np.minimum(within, length)).astype(np.int64)
    return earlier
