"""A table as it was uploaded: cells by row and column, nothing interpreted but what the file itself says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

LAST_SERIAL = 73_050  # the last day of 2099 as a spreadsheet counts days

FileKind = Literal["xlsx", "csv"]


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula, or the error that one gave, where a value belongs."""

    text: str


Cell = str | int | float | bool | date | datetime | Formula | None


@dataclass(frozen=True)
class Row:
    """One row; cells by column from 1 on, empty ones left out."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True)
class Sheet:
    """The first sheet of a workbook, or a CSV file.

    Attributes:
        kind: of file.
        title: of the sheet; empty for CSV.
        encoding: of the bytes; empty for XLSX.
        headings: the cells of row 1 by column.
        rows: below, without empty ones.
        merged: ranges of more than one cell, such as A1:C1, by row and column of their first cell.
        serials_from: the day that a workbook counts its days from.
    """

    kind: FileKind
    title: str
    encoding: str
    headings: Mapping[int, Cell]
    rows: Sequence[Row]
    merged: Mapping[tuple[int, int], str] = field(default_factory=dict)
    serials_from: date = date(1899, 12, 30)
