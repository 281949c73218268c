"""The rows of a table as values by field, before anybody has judged them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from api.uploads.columns import Column
from api.uploads.faults import Fault
from api.uploads.headings import Placed, heading_of
from api.uploads.sheet import Cell, Formula, Row, Sheet
from api.uploads.values import DigitsLostError, Value
from density.register import Name


class Place(NamedTuple):
    """Where a column of a kind stands in a table; `at` is none and the heading its own where it does not."""

    at: int | None
    column: Column
    heading: str


Places = Mapping[str, Place]


@dataclass(frozen=True)
class Entry:
    """One row.

    Attributes:
        row: as the spreadsheet counts.
        values: by field; of cells that are filled in.
        places: every column of the kind, by field.
    """

    row: int
    values: Mapping[str, Value]
    places: Places = field(repr=False)

    def place_of(self, path: str) -> Place | None:
        """The column that a path of the report is filled from; of an object the first of its columns."""
        within = (place for name, place in self.places.items() if name.startswith(f"{path}."))
        return self.places.get(path) or next(within, None)

    def stands(self, path: str) -> bool:
        """Whether the table has a column for a field, be its cell filled in or not."""
        return self.places[path].at is not None

    def fault(self, path: str, code: str, sentence: Name) -> Fault:
        """A fault of the cell that a path of the report was filled from; of the row where there is none."""
        place = self.place_of(path)
        return Fault(self.row, place.at if place else None, place.heading if place else None, code, sentence)


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field as the object of a report: nameplate.serial within nameplate."""
    item: dict[str, Any] = {}
    for name, value in values.items():
        outer, dot, inner = name.partition(".")
        if dot:
            item.setdefault(outer, {})[inner] = value
        else:
            item[outer] = value
    return item


@dataclass(frozen=True)
class Entries:
    """The rows of a table.

    Attributes:
        good: of which every cell could be read.
        faults: of the cells of all others.
        faulty: how many rows those are.
        blank: rows of a template in which nothing was filled in.
    """

    good: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    faulty: int
    blank: int


def read_entries(sheet: Sheet, placed: Placed, columns: Sequence[Column]) -> Entries:
    """Read every row by the columns of a table, of those that its kind has."""
    absent = {column.field: Place(None, column, column.name.zh) for column in columns}
    places = absent | {each.field: Place(at, each, heading_of(sheet, at)) for at, each in placed.items()}
    good: list[Entry] = []
    faults: list[Fault] = []
    faulty = blank = 0
    for row in sheet.rows:
        if _is_blank(row, placed):
            blank += 1
            continue
        values, wrong = _read(row, places, sheet.serials_from)
        faults += wrong
        faulty += bool(wrong)
        if not wrong:
            good.append(Entry(row.number, values, places))
    return Entries(tuple(good), tuple(faults), faulty, blank)


def _is_blank(row: Row, placed: Placed) -> bool:
    """Whether a row holds nothing beside what names it, where there is anything else to fill in."""
    filled = [column for place in row.cells if (column := placed.get(place))]
    return bool(filled) and all(column.identifies for column in filled)


def _read(row: Row, places: Places, serials_from: date) -> tuple[dict[str, Value], list[Fault]]:
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for name, place in places.items():
        cell = None if place.at is None else row.cells.get(place.at)
        if cell is None:
            if place.column.required:
                faults.append(Fault(row.number, place.at, place.heading, "missing", _missing(place)))
            continue
        try:
            if isinstance(cell, Formula):
                raise TypeError  # noqa: TRY301 - told with the others
            values[name] = place.column.read(cell, serials_from)
        except (ValueError, OverflowError, TypeError) as error:
            faults.append(_unreadable(row.number, place, cell, error))
    return values, faults


def _missing(place: Place) -> Name:
    takes = place.column.takes
    return Name(f"“{place.heading}”没有填写；应为：{takes.zh}。", f"{place.heading} is empty; it takes {takes.en}.")


def _unreadable(row: int, place: Place, cell: Cell, error: Exception) -> Fault:
    heading = place.heading
    if isinstance(cell, Formula):
        code, sentence = "formula", Name(
            f"“{heading}”是公式 {shown(cell.text)}；请粘贴为数值后再上传。",
            f"{heading} is the formula {shown(cell.text)}; paste its value instead.",
        )  # fmt: skip
    elif isinstance(error, DigitsLostError):
        code, sentence = "digits_lost", Name(
            f"“{heading}”的数字超过 15 位，表格软件已丢失后几位；请把单元格设为文本后重新填写。",
            f"{heading} has over 15 digits, of which spreadsheets lose the last; format it as text and type it again.",
        )  # fmt: skip
    else:
        code, sentence = "unreadable", not_taken(place, cell)
    return Fault(row, place.at, heading, code, sentence)


def not_taken(place: Place, value: object) -> Name:
    """The sentence of a value that a column does not take."""
    takes = place.column.takes
    return Name(
        f"“{place.heading}”为 {shown(value)}，应为：{takes.zh}。",
        f"{place.heading} is {shown(value)}; it takes {takes.en}.",
    )


def shown(value: object) -> str:
    """A value for a sentence, in quotation marks, cut where it is long."""
    text = "".join(each if each.isprintable() else "�" for each in str(value)[:61])
    return f"「{text[:60]}…」" if len(text) > 60 else f"「{text}」"
