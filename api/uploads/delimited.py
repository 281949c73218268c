"""A CSV file as a table: the separator is the one of comma, semicolon and tab that the heading row uses."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from api.uploads.bounds import check_size, empty
from api.uploads.encodings import decode
from api.uploads.faults import FileRefused
from api.uploads.limits import Limits
from api.uploads.sheet import Cell, Row, Sheet

_SEPARATORS: Final = ",;\t"
_CELL_CHARACTERS: Final = 32_767  # as much as a spreadsheet's cell holds
# What a spreadsheet takes for a formula, in its full-width forms too; an apostrophe before it makes it a text.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and never computes."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_meant(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def read_csv(content: bytes, limits: Limits) -> Sheet:
    """The table of a CSV file.

    Raises:
        FileRefused: it is no text, no CSV, or larger than the limits.
    """
    text, encoding = decode(content)
    rows = list(_rows(text, limits))
    if not rows:
        raise empty()
    first, *others = rows
    headings = first.cells if first.number == 1 else {}
    return Sheet("csv", "", encoding, headings, others if headings else rows)


def _rows(text: str, limits: Limits) -> Iterator[Row]:
    lines = io.StringIO(text, newline="")
    number = 0
    try:
        for number, texts in enumerate(csv.reader(lines, delimiter=_separator(text), strict=True), 1):
            cells = {place: cell for place, each in enumerate(texts, 1) if (cell := _cell(each)) is not None}
            if cells:
                check_size(number, max(cells), limits)
                yield Row(number, cells)
    except csv.Error as error:
        raise FileRefused(
            "not_csv",
            f"第 {number + 1} 行附近不是有效的 CSV（引号没有成对等）；请改正或另存为 XLSX。",
            f"Near row {number + 1} the file is no CSV: {error}; correct it or save it as XLSX.",
        ) from error


def _cell(text: str) -> Cell:
    if len(text) > _CELL_CHARACTERS:
        raise csv.Error("a cell is too long")
    return as_meant(text) if text.strip() else None


def _separator(text: str) -> str:
    """The one that stands most often outside quotes in the first line."""
    line = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(_SEPARATORS, key=line.count)
