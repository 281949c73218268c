"""What people type into cells, as the values that reports carry.

Text keeps what was typed but for blanks at its ends. Numbers, days, codes and choices are read in every form that a
spreadsheet or an input method leaves behind: full-width digits, thousands separators, 2025-1-31, 2025年1月, and the
numbers that spreadsheets count days by.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from api.uploads.sheet import LAST_SERIAL, Cell, Formula

Value = str | int | float | bool
Reading = Callable[[Cell, date], Value]
"""From a cell that is not empty, and the day that numbers of days count from.

Raises:
    ValueError, TypeError, OverflowError: it cannot be read so.
"""

_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of a number
_FIRST_SERIAL: Final = 21_916  # 1960-01-01; smaller numbers are years, or nothing
_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|-?[0-9]+(\.[0-9]+)?")
_YES: Final = {"是", "true", "yes", "y", "1", "√", "✓"}
_NO: Final = {"否", "false", "no", "n", "0", "×"}
_QUARTERS: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}
_QUARTER: Final = re.compile(r"([0-9]{4})[-年/]?(?:q([1-4])|第?([1-4一二三四])季度?)")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
_MOMENT: Final = re.compile(r"(.+?)[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_BEFORE: Final = re.compile(r"(?:before:|早于)(.+)|(.+?)(?:之前|以前|前)")


class DigitsLostError(ValueError):
    """A number that is longer than a spreadsheet keeps."""


def text(cell: Cell, _: date) -> str:
    """What was typed, without blanks at its ends."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, int | float):
        return _digits(cell)
    return str(cell).strip()


def code(cell: Cell, origin: date) -> str:
    """An id or a code: in half-width characters, without blanks."""
    return re.sub(r"\s", "", _plain(text(cell, origin)))


def codes(cell: Cell, origin: date) -> str:
    """Several ids with semicolons between them, as they are kept in one cell."""
    return ";".join(each.strip() for each in _plain(text(cell, origin)).split(";") if each.strip())


def whole(cell: Cell, origin: date) -> int:
    """An integer."""
    value = number(cell, origin)
    if value != int(value):
        raise ValueError
    return int(value)


def number(cell: Cell, _: date) -> float:
    """A number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise TypeError
    if isinstance(cell, str):
        typed = re.sub(r"\s", "", _plain(cell)).replace("−", "-")
        if not _GROUPED.fullmatch(typed):
            raise ValueError
        cell = float(typed.replace(",", ""))
    if abs(cell) >= _EXACT:
        raise DigitsLostError
    return cell


def yes(cell: Cell, origin: date) -> bool:
    """Yes or no."""
    typed = code(cell, origin).lower()
    if typed not in _YES | _NO:
        raise ValueError
    return typed in _YES


def period(cell: Cell, origin: date) -> str:
    """A month, quarter or year: YYYY-MM, YYYY-Qn or YYYY; a day that begins or ends a month stands for the month."""
    if isinstance(cell, str):
        cell = re.sub(r"\s", "", _plain(cell)).lower().removesuffix("份")
        quarter = _QUARTER.fullmatch(cell)
        if quarter:
            return f"{quarter[1]}-Q{quarter[2] or _QUARTERS.get(quarter[3], quarter[3])}"
    typed = _dated(cell, origin)
    if isinstance(typed, str):
        return typed
    if typed.day != 1 and (typed + timedelta(days=1)).day != 1:
        raise ValueError
    return f"{typed:%Y-%m}"


def day(cell: Cell, origin: date) -> str:
    """A day YYYY-MM-DD."""
    typed = _dated(cell, origin)
    if isinstance(typed, str):
        raise ValueError  # noqa: TRY004 - a month or a year, which is no day
    return typed.isoformat()


def made(cell: Cell, origin: date) -> str:
    """A month or a year, YYYY-MM or YYYY; of a day its month."""
    typed = _dated(cell, origin)
    return typed if isinstance(typed, str) else f"{typed:%Y-%m}"


def moment(cell: Cell, origin: date) -> str:
    """A time of Shanghai with its offset, or a day, month or year, or `before:` a day."""
    if isinstance(cell, datetime):
        return f"{cell.isoformat()}+08:00"
    typed_text = _plain(cell) if isinstance(cell, str) else ""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(Z|[+-][0-9]{2}:[0-9]{2})", typed_text, re.IGNORECASE):
        return typed_text
    clock, before = _MOMENT.fullmatch(typed_text), _BEFORE.fullmatch(typed_text)
    if clock:
        at = f"{day(clock[1], origin)}T{clock[2]:>02}:{clock[3]}:{clock[4] or '00'}"
        return f"{datetime.fromisoformat(at).isoformat()}+08:00"
    if before:
        return f"before:{day(before[1] or before[2], origin)}"
    typed = _dated(cell, origin)
    return typed if isinstance(typed, str) else typed.isoformat()


def choice(words: Mapping[str, str]) -> Reading:
    """One of some words, by any of its names.

    Args:
        words: the word of the contract by name, in lower case.
    """

    def read(cell: Cell, origin: date) -> str:
        return words[code(cell, origin).lower()] if code(cell, origin).lower() in words else _none_of(words)

    return read


def _none_of(words: Mapping[str, str]) -> str:
    raise ValueError(f"none of {', '.join(words)}")


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip()


def _digits(value: float) -> str:
    if abs(value) >= _EXACT:
        raise DigitsLostError
    return str(int(value)) if value == int(value) else repr(value)


def _dated(cell: Cell, origin: date) -> date | str:
    """The day of a cell, or YYYY-MM or YYYY where it says no more."""
    if isinstance(cell, str):
        plain = _plain(cell)
        if not re.fullmatch(r"[0-9]{5}", plain):
            return _spelt(plain)
        cell = int(plain)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | Formula) or not isinstance(cell, int | float) or cell != int(cell):
        raise ValueError
    if _FIRST_SERIAL <= cell <= LAST_SERIAL:
        return origin + timedelta(days=int(cell))
    return _spelt(str(int(cell)))


def _spelt(typed: str) -> date | str:
    """The day that a text names, or YYYY-MM or YYYY where it names no day."""
    typed = re.sub(r"\s", "", typed)
    if re.fullmatch(r"[0-9]{4}年?", typed):
        return typed[:4]
    found = _DAY.fullmatch(typed) or _COMPACT.fullmatch(typed)
    if found is None:
        raise ValueError
    year, month, number_of_day = found.groups()
    if number_of_day is None:
        return f"{date(int(year), int(month), 1):%Y-%m}"
    return date(int(year), int(month), int(number_of_day))
