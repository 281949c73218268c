"""What people type into cells, by the reading that it is given to."""

from datetime import date, datetime
from typing import Any

import pytest

from api.uploads import values
from api.uploads.sheet import Formula

ORIGIN = date(1899, 12, 30)
READ = [
    ("whole", 508, 508), ("whole", 508.0, 508), ("whole", " 1,508 ", 1508), ("whole", "１，５０８", 1508),
    ("whole", "-3", -3), ("number", "1,508.25", 1508.25), ("number", 0.5, 0.5),
    ("text", "  沪A\u3000 ", "沪A"), ("text", 3670, "3670"), ("text", 2.5, "2.5"), ("text", True, "TRUE"),
    ("code", "Ｆ０００ ０１\u00a0", "F00001"), ("code", 310115, "310115"), ("codes", "g/n； h/m;", "g/n;h/m"),
    ("yes", "是", True), ("yes", "否", False), ("yes", True, True), ("yes", 0, False), ("yes", "YES", True),
    ("day", "2025-1-31", "2025-01-31"), ("day", "2025/01/31", "2025-01-31"), ("day", "2025.1.31", "2025-01-31"),
    ("day", "２０２５年１月３１日", "2025-01-31"), ("day", 45688, "2025-01-31"), ("day", "45688", "2025-01-31"),
    ("day", 20250131, "2025-01-31"), ("day", date(2025, 1, 31), "2025-01-31"),
    ("day", datetime.fromisoformat("2025-01-31T08:00"), "2025-01-31"),
    ("period", "2026年10月", "2026-10"), ("period", "2026-1", "2026-01"), ("period", "2026年10月份", "2026-10"),
    ("period", 202610, "2026-10"), ("period", 2026, "2026"), ("period", "2026年", "2026"),
    ("period", date(2026, 10, 1), "2026-10"), ("period", date(2026, 10, 31), "2026-10"), ("period", 46296, "2026-10"),
    ("period", "2026-Q3", "2026-Q3"), ("period", "2026年第三季度", "2026-Q3"), ("period", "2026q3", "2026-Q3"),
    ("made", "2024年6月", "2024-06"), ("made", 2024, "2024"), ("made", date(2024, 6, 3), "2024-06"),
    ("moment", "2025年1月", "2025-01"), ("moment", "2025", "2025"), ("moment", "before:2020-1-1", "before:2020-01-01"),
    ("moment", "早于2020年1月1日", "before:2020-01-01"), ("moment", "2020-01-01之前", "before:2020-01-01"),
    ("moment", "2025-1-3 8:05", "2025-01-03T08:05:00+08:00"),
    ("moment", datetime.fromisoformat("2025-01-03T08:05"), "2025-01-03T08:05:00+08:00"),
    ("moment", "2025-03-01T09:00:00Z", "2025-03-01T09:00:00Z"),
]  # fmt: skip
UNREADABLE = [
    ("whole", "五百"), ("whole", 1.5), ("whole", "1,5"), ("whole", "12,34"), ("whole", True), ("whole", "508人"),
    ("whole", float("inf")), ("number", date(2025, 1, 1)), ("yes", "也许"), ("yes", 2),
    ("day", "2025-02-30"), ("day", "2025-01"), ("day", "1月31日"), ("day", 3.5), ("day", 7), ("day", "31/1/2025"),
    ("period", "2026-13"), ("period", date(2026, 10, 15)), ("period", "十月"), ("period", "2026-Q5"),
    ("moment", "昨天"), ("moment", "2025-1-3 25:00"), ("made", "六月"),
]  # fmt: skip


@pytest.mark.parametrize(("reading", "cell", "value"), READ, ids=str)
def test_cell_is_read_as_it_is_meant(reading: str, cell: Any, value: Any) -> None:
    read = getattr(values, reading)(cell, ORIGIN)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(("reading", "cell"), UNREADABLE, ids=str)
def test_cell_that_says_something_else_is_refused(reading: str, cell: Any) -> None:
    with pytest.raises((ValueError, TypeError, OverflowError)):
        getattr(values, reading)(cell, ORIGIN)


def test_number_that_a_spreadsheet_has_rounded_is_refused() -> None:
    for reading in (values.text, values.code, values.whole):
        with pytest.raises(values.DigitsLostError):
            reading(1234567890123456, ORIGIN)


def test_formula_is_no_day() -> None:
    with pytest.raises((ValueError, TypeError)):
        values.day(Formula("=TODAY()"), ORIGIN)
