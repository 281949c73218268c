"""An upload as it is answered."""

from api.answers.form import Answered, Moment
from api.uploads.columns import UploadKind
from api.uploads.sheet import FileKind


class UploadedFile(Answered):
    """What was read as a table."""

    name: str
    bytes: int
    """Its size [bytes]."""
    sha256: str
    format: FileKind
    sheet: str | None
    """Of a workbook."""
    encoding: str | None
    """Of CSV: utf-8, utf-8-sig, utf-16 or gb18030."""


class RowCounts(Answered):
    """rows = new + changed + unchanged + faulty + blank."""

    rows: int
    """[rows]"""
    new: int
    """[rows]"""
    changed: int
    """[rows]"""
    unchanged: int
    """[rows]"""
    faulty: int
    """[rows]"""
    blank: int
    """[rows]"""
    errors: int
    """Cells, rows and headings that are wrong, in all."""


class CellError(Answered):
    """One thing that is wrong."""

    row: int
    """As the spreadsheet counts, the headings being row 1."""
    column: str | None
    """Its heading in the file; null where the row as a whole is meant."""
    cell: str
    """Such as C5."""
    code: str
    message_zh: str
    message_en: str


class Upload(Answered):
    """What would come of a table, or came of it."""

    id: str
    kind: UploadKind
    file: UploadedFile
    ok: bool
    """Whether it can be stored."""
    stored: int | None
    """[rows]; null before it is confirmed."""
    counts: RowCounts
    errors: list[CellError]
    """The first 1,000, by row and column."""
    expires: Moment | None
    """Until when it can be confirmed."""
    confirm: str
    """Where."""
    marked: str
    """Where the workbook with its wrong cells marked is."""
