from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.wire.refusals import WireError
from ingest.wire.times import (
    Moment,
    Period,
    day_of_us,
    day_start_us,
    parse_day,
    parse_instant,
    parse_made,
    parse_moment,
    parse_period,
)

SHANGHAI = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH.date()).days


def us(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


@given(st.datetimes(datetime(1960, 1, 2), datetime(2100, 1, 1)), st.integers(-1439, 1439))  # noqa: DTZ001 - naive
def test_parse_instant_reads_what_datetime_writes(moment: datetime, offset_min: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
    if aware < datetime(1960, 1, 1, tzinfo=SHANGHAI):
        return
    assert parse_instant(aware.isoformat(), "at") == (aware - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-23T00:00:00Z", "2026-11-23T08:00:00+08:00"),
        ("2026-11-23t00:00:00z", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T00:00:00-00:00", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T00:00:00.1234567Z", "2026-11-23T00:00:00.123456+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("1960-01-01T00:00:00+08:00", "1960-01-01T00:00:00+08:00"),
    ],
)
def test_parse_instant_of_forms_of_rfc_3339(text: str, same: str) -> None:
    assert parse_instant(text, "at") == us(same)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23 00:00:00Z", "2026-11-23T00:00:00", "2026-11-23T00:00Z", "2026-11-23T24:00:00Z", "20261123T000000Z",
        "2026-11-23T00:00:00Z\n", "2026-11-23T00:00:60Z", "２０２６-11-23T00:00:00Z", "2026-11-23T00:00:00+8:00",
        "2026-11-23T00:00:00+08:00[Asia/Shanghai]", "1959-12-31T23:59:59+08:00", "9" * 100, "",
        None, True, 1.5, [], {}, 0, -1, 1_700_000_000, 10**20, 315_532_799_999,
    ],
)  # fmt: skip
def test_parse_instant_of_anything_else(value: Any) -> None:
    with pytest.raises(WireError) as caught:
        parse_instant(value, "at")
    assert caught.value.refusal.code == "invalid_field"
    assert caught.value.refusal.path == "at"


def test_parse_instant_of_milliseconds_from_1980() -> None:
    assert parse_instant(315_532_800_000, "at") == us("1980-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-12-31", "2023-12-31", "2023-12-31"),
    ],
)
def test_parse_moment_of_a_span_is_its_last_day(value: str, first: str, last: str) -> None:
    assert parse_moment(value, "at") == Moment(us(f"{last}T00:00:00+08:00"), day(first), day(last))


def test_parse_moment_before_a_day_has_no_first_day() -> None:
    assert parse_moment("before:2024-01-01", "at") == Moment(us("2023-12-31T00:00:00+08:00"), None, day("2023-12-31"))


def test_parse_moment_of_a_time_is_of_its_day_in_shanghai() -> None:
    # 16:00 UTC is midnight in Shanghai
    assert parse_moment("2023-12-31T15:59:59Z", "at").last_day == day("2023-12-31")
    assert parse_moment("2023-12-31T16:00:00Z", "at").first_day == day("2024-01-01")


@pytest.mark.parametrize(
    "value", ["2024-02-30", "2024-00", "2024-13", "24", "before:2024", "before:", "2024-Q1", " 2024"]
)
def test_parse_moment_of_no_date(value: str) -> None:
    with pytest.raises(WireError):
        parse_moment(value, "at")


@pytest.mark.parametrize(
    ("value", "first", "last", "months"),
    [
        ("2024-02", "2024-02-01", "2024-02-29", 1),
        ("2026-Q4", "2026-10-01", "2026-12-31", 3),
        ("2026", "2026-01-01", "2026-12-31", 12),
    ],
)
def test_parse_period_of_month_quarter_and_year(value: str, first: str, last: str, months: int) -> None:
    assert parse_period(value, "period") == Period(day(first), day(last), months)


@pytest.mark.parametrize(
    "value", ["2026-Q0", "2026-Q5", "2026-00", "2026-13", "2026-1", "1959", 2026, None, "2026-12-01"]
)
def test_parse_period_of_anything_else(value: Any) -> None:
    with pytest.raises(WireError):
        parse_period(value, "period")


def test_parse_day_takes_only_a_full_date() -> None:
    assert parse_day("2026-10-31", "on") == day("2026-10-31")
    for value in ("2026-10", "1959-12-31", 20757, "2026-10-32", "before:2026"):
        with pytest.raises(WireError):
            parse_day(value, "on")


def test_parse_made_begins_with_its_span() -> None:
    assert parse_made("2024-12", "made").at_us == us("2024-12-01T00:00:00+08:00")
    assert parse_made("2024", "made").first_day == day("2024-01-01")


@given(st.integers(-3653, 100_000))
def test_day_of_us_turns_day_start_us_back(number: int) -> None:
    assert day_of_us(day_start_us(number)) == number
    assert day_of_us(day_start_us(number) - 1) == number - 1
