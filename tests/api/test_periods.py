from datetime import date

import pytest

from api.periods import period_days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_period_days_of_a_year_quarter_and_month(text: str, first: date, last: date) -> None:
    assert period_days(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "25", "2025-", "2025-0", "2025-00", "2025-13", "2025-Q0", "2025-q1", "２０２５", "2025\n"]
)
def test_period_days_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        period_days(text)
