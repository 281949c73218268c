"""The first sheet of an XLSX workbook as a table; formulas are seen, never computed."""

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.worksheet import Worksheet

from api.uploads.bounds import check_size, empty
from api.uploads.limits import Limits
from api.uploads.package import check_package, not_a_workbook
from api.uploads.sheet import LAST_SERIAL, Cell, Formula, Row, Sheet

# Formats that Chinese Excel knows by number alone, [$-804]: 2025年1月, and 1月31日 or 2025年1月31日.
_CHINESE_MONTHS: Final = {27, 36, 50, 52, 57}
_CHINESE_DAYS: Final = {28, 29, 30, 31, 51, 53, 54, 58}
# A number format without what stands in it as itself: "年", \年, [$-804], [h].
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def read_xlsx(content: bytes, limits: Limits) -> Sheet:
    """The table of the first visible sheet.

    Raises:
        FileRefused: it is no workbook, an unsafe one, or larger than the limits.
    """
    book = open_workbook(content, limits)
    try:
        sheet = first_sheet(book)
        rows = list(_rows(sheet, limits))
        if not rows:
            raise empty()
        first, *others = rows
        headings = first.cells if first.number == 1 else {}
        merged = {(each.min_row, each.min_col): each.coord for each in sheet.merged_cells.ranges}
        return Sheet(
            "xlsx", sheet.title, "", headings, others if headings else rows, merged, serials_from=book.epoch.date()
        )
    finally:
        book.close()


def open_workbook(content: bytes, limits: Limits) -> Workbook:
    """A workbook of bounded size, without macros and links to other files.

    Raises:
        FileRefused: it is no workbook, an unsafe one, or larger than the limits.
    """
    check_package(content, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that are left out
            return load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    except Exception as error:  # a damaged workbook fails in any way
        raise not_a_workbook() from error


def first_sheet(book: Workbook) -> Worksheet:
    """The first sheet that is shown.

    Raises:
        FileRefused: `not_a_workbook`: there is none.
    """
    shown = [each for each in book.worksheets if each.sheet_state == "visible"]
    if not shown:
        raise not_a_workbook()
    return shown[0]


def _rows(sheet: Worksheet, limits: Limits) -> Iterator[Row]:
    # Rows are sparse: a cell far down is no reason to walk through all rows before it.
    by_row: dict[int, dict[int, Cell]] = {}
    for (number, place), cell in sheet._cells.items():  # noqa: SLF001 - what iter_rows fills up with empty cells
        value = _value(cell)
        if value is not None:
            check_size(number, place, limits)
            by_row.setdefault(number, {})[place] = value
    for number in sorted(by_row):
        yield Row(number, by_row[number])


def _value(cell: SheetCell | MergedCell) -> Cell:
    value = cell.value
    if isinstance(cell, MergedCell) or value is None:
        return None
    if cell.data_type in {"f", "e"}:
        return Formula(str(getattr(value, "text", value)))
    if isinstance(value, datetime):
        return _day(value, cell.number_format)
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, cell)
    return value if isinstance(value, bool | date) else str(value)


def _number(value: float, cell: SheetCell) -> Cell:
    known = cell._style.numFmtId  # noqa: SLF001 - number_format says General of formats it does not know
    if known in _CHINESE_MONTHS | _CHINESE_DAYS and value in range(1, LAST_SERIAL):
        shown = "yyyy-mm" if known in _CHINESE_MONTHS else "yyyy-mm-dd"
        return _day(from_excel(value, cell.parent.parent.epoch), shown)
    return value


def _day(value: datetime, number_format: str) -> Cell:
    """A day, a moment, or the text of a month where that is all that is shown."""
    if value.time() != time():
        return value
    shown = _LITERAL.sub("", number_format).lower()
    if "d" in shown:
        return value.date()
    return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
