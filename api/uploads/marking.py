"""The workbook that was uploaded with its wrong cells marked: a fill, and a comment that says what is wrong.

Formulas come back as their text, and links to other files not at all: a workbook from outside does nothing to whoever
opens it next.
"""

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from api.uploads.faults import Fault
from api.uploads.limits import Limits
from api.uploads.sheet import Cell, Formula, Sheet
from api.uploads.workbook import first_sheet, open_workbook

AUTHOR: Final = "robodensity"
FILL: Final = PatternFill("solid", fgColor="FFF4B6B0")
_CLEAR: Final = PatternFill()


def marked_workbook(content: bytes, sheet: Sheet, faults: Sequence[Fault], limits: Limits) -> bytes:
    """The workbook with its faults marked; of a CSV file a workbook of the same rows.

    Raises:
        FileRefused: what was read before cannot be read any more.
    """
    book = open_workbook(content, limits) if sheet.kind == "xlsx" else _book(sheet)
    page = first_sheet(book)
    _make_harmless(book)
    for address, told in groupby(sorted(faults, key=lambda each: each.cell), lambda each: each.cell):
        _mark(page, address, list(told))
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _make_harmless(book: Workbook) -> None:
    for page in book.worksheets:
        for cell in list(page._cells.values()):  # noqa: SLF001 - iter_rows would fill up what is empty
            if isinstance(cell, MergedCell):
                continue
            if cell.data_type == "f":
                _write(cell, str(getattr(cell.value, "text", cell.value)))
            if cell.comment is not None and cell.comment.author == AUTHOR:  # of an earlier upload
                cell.comment, cell.fill = None, _CLEAR


def _write(cell: object, text: str) -> None:
    """A text that is no formula, whatever it begins with."""
    cell.value = text  # type: ignore[attr-defined] # a cell of a library without types
    cell.data_type = "s"  # type: ignore[attr-defined]
    cell.quotePrefix = True  # type: ignore[attr-defined]


def _mark(page: Worksheet, address: str, faults: Sequence[Fault]) -> None:
    for merged in [each for each in page.merged_cells.ranges if address in each]:
        page.unmerge_cells(merged.coord)
    cell = page[address]
    cell.fill = FILL
    cell.comment = Comment("\n".join(f"{each.sentence.zh}\n{each.sentence.en}" for each in faults), AUTHOR, 160, 320)


def _book(sheet: Sheet) -> Workbook:
    book = Workbook()
    page = book.active
    for number, cells in [(1, sheet.headings), *((row.number, row.cells) for row in sheet.rows)]:
        for place, value in cells.items():
            _write(page.cell(number, place), _text(value))
    return book


def _text(value: Cell) -> str:
    text = value.text if isinstance(value, Formula) else str(value)
    return "".join(each if each.isprintable() or each in "\t\n" else "�" for each in text)
