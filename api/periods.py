"""Months, quarters and years as they are written: 2026-03, 2026-Q1, 2026."""

import re
from datetime import date, timedelta

_PERIOD = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


def period_days(text: str) -> tuple[date, date]:
    """The first and the last day of a period.

    Raises:
        ValueError: it is none.
    """
    found = _PERIOD.fullmatch(text)
    if found is None or not 1949 <= int(found[1]) <= 2200:
        raise ValueError(f"{text[:32]!r} is no period of the form YYYY, YYYY-Qn or YYYY-MM")
    year = int(found[1])
    first, months = 1, 12
    if found[2]:
        first, months = int(found[2]) * 3 - 2, 3
    elif found[3]:
        first, months = int(found[3]), 1
    after = date(year + (first + months - 1) // 12, (first + months - 1) % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)
