"""Which column of a kind each column of a table is, by its heading."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from api.uploads.columns import Column
from api.uploads.faults import HEADING_ROW, Fault, letter
from api.uploads.sheet import Formula, Sheet
from density.register import Name

Placed = Mapping[int, Column]


def place_columns(sheet: Sheet, columns: Sequence[Column]) -> tuple[Placed, list[Fault]]:
    """The columns of a table by place, and what is wrong with its headings."""
    by_name = {_key(name): each for each in columns for name in (each.name.zh, each.name.en, each.field)}
    placed: dict[int, Column] = {}
    faults = list(_merged(sheet))
    for place, cell in sorted(sheet.headings.items()):
        heading = heading_of(sheet, place)
        column = None if isinstance(cell, Formula) else by_name.get(_key(heading))
        if column is None:
            faults.append(_unknown(place, heading, columns))
        elif column in placed.values():
            faults.append(_doubled(place, heading))
        else:
            placed[place] = column
    faults += _unnamed(sheet)
    faults += [_missing(each) for each in columns if each.required and each not in placed.values()]
    return placed, faults


def heading_of(sheet: Sheet, place: int) -> str:
    """The heading of a column as it stands in the file, or its letter."""
    cell = sheet.headings.get(place)
    if cell is None or isinstance(cell, Formula):
        return letter(place)
    return " ".join(str(cell).split())[:64]


def _key(heading: str) -> str:
    """Without what people add: blanks, line breaks, asterisks; either width of brackets."""
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", heading)).lower()


def _merged(sheet: Sheet) -> Iterator[Fault]:
    for (row, place), cells in sheet.merged.items():
        what = Name("表头", "headings") if row == HEADING_ROW else Name("单元格", "cells")
        sentence = Name(
            f"{cells} 是合并的{what.zh}；请取消合并，每格各填一项。",
            f"{cells} are merged {what.en}; split them, so that each cell holds one thing.",
        )
        code = "merged_headings" if row == HEADING_ROW else "merged_cells"
        yield Fault(row, place, heading_of(sheet, place), code, sentence)


def _unknown(place: int, heading: str, columns: Sequence[Column]) -> Fault:
    names = {name: each for each in columns for name in (each.name.zh, each.name.en, each.field)}
    near = get_close_matches(heading, names, n=1, cutoff=0.5)
    advice = Name(f"最接近的是“{near[0]}”；", f"the nearest is {near[0]}; ") if near else Name("", "")
    sentence = Name(
        f"没有“{heading}”这一列；{advice.zh}请改正表头或删去该列。",
        f"There is no column {heading!r}; {advice.en}correct the heading or remove the column.",
    )
    return Fault(HEADING_ROW, place, heading, "unknown_heading", sentence)


def _doubled(place: int, heading: str) -> Fault:
    sentence = Name(f"“{heading}”出现了两次；请只保留一列。", f"{heading} stands twice; keep one column.")
    return Fault(HEADING_ROW, place, heading, "doubled_heading", sentence)


def _missing(column: Column) -> Fault:
    sentence = Name(
        f"缺少“{column.name.zh}”一列；表头须在第一行，请下载模板对照。",
        f"The column {column.name.en} is missing; headings stand in the first row: compare a template.",
    )
    return Fault(HEADING_ROW, None, column.name.zh, "missing_heading", sentence)


def _unnamed(sheet: Sheet) -> Iterator[Fault]:
    """Columns with contents below an empty heading."""
    used = {place for row in sheet.rows for place in row.cells}
    for place in sorted(used - sheet.headings.keys()):
        name = letter(place)
        sentence = Name(
            f"{name} 列有内容而没有表头；请补上表头或删去该列。",
            f"Column {name} has contents and no heading; give it one or remove the column.",
        )
        yield Fault(HEADING_ROW, place, name, "heading_missing", sentence)
