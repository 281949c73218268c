"""How much of an upload is read, and how long it is kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of uploads.

    Attributes:
        file_bytes: of the file as it is sent.
        unpacked_bytes: of all parts of a workbook together; what unpacks to more is refused unread.
        marks: opening angle brackets in all parts of a workbook together: two to four for each cell.
        rows: below the headings; empty ones beyond the last one with content do not count.
        columns: of a sheet.
        previews: uploads that wait to be confirmed; a further one ends the oldest.
        kept_bytes: of the files of all of them together.
        preview_s: for so long an upload can be confirmed.
    """

    file_bytes: int = 8 * 1024 * 1024
    unpacked_bytes: int = 48 * 1024 * 1024
    marks: int = 1_500_000
    rows: int = 10_000
    columns: int = 64
    previews: int = 50
    kept_bytes: int = 128 * 1024 * 1024
    preview_s: float = 1_800.0
