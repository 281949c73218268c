"""A template to be filled in: headings in one language, rows of what is held, and a sheet that says what goes where."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import xlsxwriter

from api.export.workbook import OPTIONS
from api.uploads.columns import Column, UploadKind, kind_name
from api.uploads.delimited import harmless
from api.uploads.held import Line
from api.uploads.sheet import FileKind
from api.uploads.values import Value, number, whole
from density.register import Name

Language = Literal["zh", "en"]

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_YES, _NO = Name("是", "Yes"), Name("否", "No")
_NOTES: Final = Name("填写说明", "How to fill it in")
_ROWS: Final = 10_000  # so far down a list to choose from is offered
_LIST_CHARACTERS: Final = 255  # as long as a list in a workbook may be
_WIDTH: Final = 16


def template(
    kind: UploadKind, format_: FileKind, columns: Sequence[Column], lines: Iterable[Line], language: Language
) -> bytes:
    """The file of a template.

    Args:
        kind: of upload.
        format_: of the file.
        columns: of the kind.
        lines: what is filled in already.
        language: of headings and words; an upload takes either.
    """
    rows = [[_shown(line.get(each.field), each, language) for each in columns] for line in lines]
    headings = [getattr(each.name, language) for each in columns]
    if format_ == "csv":
        return _csv([headings, *rows])
    return _xlsx(getattr(kind_name(kind), language), columns, headings, rows, language)


def _shown(value: Value | None, column: Column, language: Language) -> str | float | None:
    if isinstance(value, bool):
        return str(getattr(_YES if value else _NO, language))
    if value in column.choices:
        return str(getattr(column.choices[str(value)], language))
    return value


def _csv(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(
        [harmless(each) if isinstance(each, str) else each for each in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def _xlsx(
    title: str,
    columns: Sequence[Column],
    headings: Sequence[str],
    rows: Sequence[Sequence[str | float | None]],
    language: Language,
) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        # Text keeps what is typed: a spreadsheet makes a day of 2026-10 and loses the last digits of a credit code.
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "text_wrap": True})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDTH, None if column.read in {whole, number} else text)
            sheet.write_string(0, place, headings[place], bold)
            _offer(sheet, place, [getattr(name, language) for name in column.choices.values()])
        for at, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, place, value, text)
                elif value is not None:
                    sheet.write_number(at, place, value)
        _notes(book, columns, language)
    return out.getvalue()


def _offer(sheet: xlsxwriter.worksheet.Worksheet, place: int, words: Sequence[str]) -> None:
    """A list to choose from, where a workbook can hold it; what is typed beside it is judged like the rest."""
    if words and len(",".join(words)) <= _LIST_CHARACTERS:
        offered = {"validate": "list", "source": list(words), "error_type": "information"}
        sheet.data_validation(1, place, _ROWS, place, offered)


def _notes(book: xlsxwriter.Workbook, columns: Sequence[Column], language: Language) -> None:
    sheet = book.add_worksheet(getattr(_NOTES, language))
    sheet.set_column(0, 4, 28)
    told = [("列", "Column", "必填 Required", "填写内容", "What it takes")]
    told += [
        (each.name.zh, each.name.en, "是 yes" if each.required else "", each.takes.zh, each.takes.en)
        for each in columns
    ]
    for at, row in enumerate(told):
        for place, words in enumerate(row):
            sheet.write_string(at, place, words)
