"""XLSX: the figures on one sheet, what they mean on another; written to a file on disk a row at a time."""

import tempfile
from collections.abc import Iterator, Mapping
from typing import IO

import xlsxwriter

from api.errors import ApiError
from api.export.headings import heading, of_series
from api.export.table import Table
from density.register import Term

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELLS = 3_000_000  # some ten seconds, and about what a spreadsheet opens with pleasure
_MAX_TEXT = 32_767

_BLOCK_BYTES = 64 * 1024
# Nothing that is stored becomes a formula, a link or a number.
OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def workbook(table: Table, terms: Mapping[str, Term]) -> IO[bytes]:
    """The table as a workbook, in a file that is gone when it is closed.

    Raises:
        ApiError: 422 where it has more than MAX_CELLS.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    try:
        with xlsxwriter.Workbook(file, OPTIONS) as book:
            _data(book, table, terms)
            _about(book, table, terms)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """A file block by block; it is closed at the end."""
    with file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _data(book: xlsxwriter.Workbook, table: Table, terms: Mapping[str, Term]) -> None:
    sheet = book.add_worksheet("数据 data")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [heading(name, terms) for name in table.schema], book.add_format({"bold": True}))
    number = 0
    for piece in table.pieces:
        if (number + piece.height) * len(table.schema) > MAX_CELLS:
            sentence = (
                f"The workbook would have more than {MAX_CELLS:,} cells; ask for fewer days or scopes, "
                "or take it as csv or parquet, which have no bound."
            )
            raise ApiError(422, "too_many_cells", sentence)
        for row in piece.iter_rows():
            number += 1
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value[:_MAX_TEXT])
                elif value is not None and not hasattr(value, "isoformat"):
                    sheet.write(number, column, value)
                elif value is not None:
                    sheet.write_datetime(number, column, value, day)


def _about(book: xlsxwriter.Workbook, table: Table, terms: Mapping[str, Term]) -> None:
    sheet = book.add_worksheet("说明 about")
    rows: list[tuple[str, ...]] = [(name, str(value)) for name, value in table.provenance.columns().items()]
    rows += [()]
    told = {part for name in table.schema for part in of_series(name)}
    rows += [
        (name, term.name.zh, term.name.en, term.unit.zh, term.definition.zh, term.definition.en)
        for name, term in terms.items()
        if name in told
    ]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
