"""What is wrong with an upload, in a sentence of either language.

FileRefused   the file cannot be read as a table; nothing of it was looked at
Fault         one cell, row or heading; all others were looked at
"""

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from density.register import Name

HEADING_ROW = 1


def letter(place: int) -> str:
    """A column from 1 on as spreadsheets name it: A, B … AA."""
    return str(xl_col_to_name(place - 1))


class FileRefused(Exception):  # noqa: N818 - a refusal with its sentence, as ApiError
    """A file that cannot be read as a table.

    Attributes:
        code: what is wrong, in a word.
        sentence: the thing, the reason and the next step.
    """

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.sentence = code, Name(zh, en)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        row: as the spreadsheet counts, the headings being row 1.
        place: the column from 1 on; none where the row as a whole is meant.
        column: its heading as it stands in the file.
        code: what is wrong, in a word; that of the wire contract where it is the contract's.
        sentence: the thing, the reason and the next step.
    """

    row: int
    place: int | None
    column: str | None
    code: str
    sentence: Name

    @property
    def cell(self) -> str:
        """Such as C5; of a whole row A5."""
        return f"{letter(self.place or 1)}{self.row}"

    def to_json(self) -> dict[str, object]:
        """The fault as the API answers it."""
        return {
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "code": self.code,
            "message_zh": self.sentence.zh,
            "message_en": self.sentence.en,
        }
