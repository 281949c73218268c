"""Times, dates and periods of the contract, as integers: µs since 1970 UTC, and Shanghai days since 1970.

A time is RFC 3339 with an offset, or an integer of epoch milliseconds; nothing else is.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from ingest.wire.refusals import WireError, shown

US: Final = 1_000_000
DAY_US: Final = 86_400 * US
_SHANGHAI_US: Final = 8 * 3600 * US  # no daylight saving since 1991
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()

# Before 1960 there was no industrial robot; an integer before 1980 is an epoch in seconds.
_EARLIEST_US: Final = (datetime(1960, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1) - _SHANGHAI_US
_EARLIEST_MS: Final = (datetime(1980, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_LATEST_MS: Final = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)

_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", re.IGNORECASE
)
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_PERIOD: Final = re.compile(r"([0-9]{4})(?:-(?:([0-9]{2})|Q([1-4])))?")
_BEFORE: Final = "before:"
_LONGEST: Final = 64

_TIME_FORM: Final = "RFC 3339 with an offset such as 2026-11-23T08:00:00+08:00, or an integer of epoch milliseconds"


@dataclass(frozen=True)
class Moment:
    """When something happened, as exactly as it was said.

    Attributes:
        at_us: the instant; of an imprecise date 00:00 Shanghai of the span's last day.
        first_day: None where only an upper bound was said.
        last_day: the same day as the first if exact.
    """

    at_us: int
    first_day: int | None
    last_day: int


@dataclass(frozen=True)
class Period:
    """A month, quarter or year."""

    first_day: int
    last_day: int
    months: int


def day_start_us(day: int) -> int:
    """00:00 Shanghai of a day."""
    return day * DAY_US - _SHANGHAI_US


def day_of_us(instant_us: int) -> int:
    """The Shanghai day that holds an instant."""
    return (instant_us + _SHANGHAI_US) // DAY_US


def parse_instant(value: object, path: str) -> int:
    """The instant of a time in µs.

    Raises:
        WireError: `invalid_field`.
    """
    if type(value) is str and len(value) <= _LONGEST:
        instant_us = _text_us(value)
    elif type(value) is int:  # a boolean is none
        instant_us = _integer_us(value, path)
    else:
        instant_us = None
    if instant_us is None:
        raise WireError("invalid_field", f"{path} is {shown(value)}, which is not a time: give {_TIME_FORM}.", path)
    return _not_too_early(instant_us, value, path)


def parse_moment(value: object, path: str) -> Moment:
    """A time, a date, or `before:` a date.

    Raises:
        WireError: `invalid_field`.
    """
    if type(value) is not str or len(value) > _LONGEST or "T" in value.upper():
        return _instant_moment(parse_instant(value, path))
    before = value.startswith(_BEFORE)
    span = _span(value.removeprefix(_BEFORE))
    if span is None or (before and len(value) != len(_BEFORE) + 10):
        raise WireError(
            "invalid_field",
            f"{path} is {shown(value)}, which is neither a time nor a date: give {_TIME_FORM}, "
            "or YYYY-MM-DD, YYYY-MM, YYYY, before:YYYY-MM-DD.",
            path,
        )
    first, last = (None, span[0] - 1) if before else span
    return Moment(_not_too_early(day_start_us(last), value, path), first, last)


def parse_day(value: object, path: str) -> int:
    """The day of a date `YYYY-MM-DD`.

    Raises:
        WireError: `invalid_field`.
    """
    span = _span(value) if type(value) is str and len(value) == 10 else None
    if span is None:
        raise WireError("invalid_field", f"{path} is {shown(value)}, which is not a date: give YYYY-MM-DD.", path)
    _not_too_early(day_start_us(span[0]), value, path)
    return span[0]


def parse_made(value: object, path: str) -> Moment:
    """When something was made, `YYYY` or `YYYY-MM`; the instant is the span's beginning.

    Raises:
        WireError: `invalid_field`.
    """
    span = _span(value) if type(value) is str and len(value) in {4, 7} else None
    if span is None:
        raise WireError("invalid_field", f"{path} is {shown(value)}: give YYYY or YYYY-MM.", path)
    return Moment(_not_too_early(day_start_us(span[0]), value, path), *span)


def parse_period(value: object, path: str) -> Period:
    """A period `YYYY-MM`, `YYYY-Qn` or `YYYY`.

    Raises:
        WireError: `invalid_field`.
    """
    period = _period(value) if type(value) is str and len(value) <= _LONGEST else None
    if period is None:
        raise WireError("invalid_field", f"{path} is {shown(value)}: give YYYY-MM, YYYY-Qn or YYYY.", path)
    _not_too_early(day_start_us(period.first_day), value, path)
    return period


@lru_cache(maxsize=65_536)
def _text_us(value: str) -> int | None:
    match = _TIME.fullmatch(value)
    if match is None:
        return None
    minute, second, fraction, offset = match.groups()
    minute_us = _minute_us(minute, offset)
    if minute_us is None or second > "60":
        return None
    instant_us = minute_us + int(second) * US + (int(f"{fraction[1:]}000000"[:6]) if fraction else 0)
    # The instant of a leap second is the second after it, at the end of a day.
    return None if second == "60" and instant_us // US % 86_400 else instant_us


@lru_cache(maxsize=16_384)
def _minute_us(minute: str, offset: str) -> int | None:
    try:
        moment = datetime.fromisoformat(f"{minute.upper()}:00{offset.upper()}")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _integer_us(value: int, path: str) -> int | None:
    if value < _EARLIEST_MS:
        raise WireError(
            "invalid_field",
            f"{path} is {shown(value)}, before 1980: an integer is epoch milliseconds, not seconds; "
            "give an older time as text.",
            path,
        )
    return value * 1000 if value <= _LATEST_MS else None


@lru_cache(maxsize=16_384)
def _instant_moment(instant_us: int) -> Moment:
    day = day_of_us(instant_us)
    return Moment(instant_us, day, day)


def _not_too_early(instant_us: int, value: object, path: str) -> int:
    if instant_us < _EARLIEST_US:
        raise WireError("invalid_field", f"{path} is {shown(value)}, before 1960: correct the year.", path)
    return instant_us


@lru_cache(maxsize=16_384)
def _span(value: str) -> tuple[int, int] | None:
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if day is None:
        return _months(year or 0, month or 1, 1 if month else 12) if month != 0 else None
    try:
        first = date(year or 0, month or 0, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    return first, first


def _months(year: int, month: int, count: int) -> tuple[int, int] | None:
    last = month + count - 1
    if not (1 <= year <= 9999 and last <= 12):
        return None
    first_day, last_day = date(year, month, 1), date(year, last, monthrange(year, last)[1])
    return first_day.toordinal() - _EPOCH_DAY, last_day.toordinal() - _EPOCH_DAY


@lru_cache(maxsize=4096)
def _period(value: str) -> Period | None:
    match = _PERIOD.fullmatch(value)
    if match is None or match[2] == "00":
        return None
    year, month, quarter = (int(part) if part else None for part in match.groups())
    start = month or (3 * quarter - 2 if quarter else 1)
    count = 1 if month else 3 if quarter else 12
    span = _months(year or 0, start, count)
    return Period(*span, count) if span else None
