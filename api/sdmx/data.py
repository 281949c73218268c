"""The published months as SDMX-CSV 2.0: one observation a row, with the structure that it follows."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.figures import Shelf
from api.sdmx.names import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    FLOW,
    INDICATORS,
    MEASURE,
    MISSING,
    MONTHLY,
    NORMAL,
    SERIES,
    TIME,
    VERSION,
)
from density.days import month_ends
from store.base import Store
from store.schema import PUBLICATION, STATE

MEDIA_TYPE = "application/vnd.sdmx.data+csv;version=2.0.0"

_HEAD = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
_STRUCTURE = ("dataflow", f"{AGENCY}:{FLOW}({VERSION})", "I")  # I: information, neither added nor replaced


@dataclass(frozen=True)
class Marks:
    """What stands with every observation."""

    key_set: str
    simulated: bool
    notice: str
    data_until: str


def published_through(store: Store) -> int | None:
    """The last day of the last published month; none before the first."""
    days = store.read(STATE, PUBLICATION)["through_day"]
    return int(days[0]) if days.len() else None


def observations(
    shelf: Shelf, areas: Mapping[str, str], *, first: int, through: int, marks: Marks
) -> Iterator[Sequence[object]]:
    """A row for each published month, area, series and indicator; a month's figures are those of its last day.

    Args:
        shelf: the figures as the reader may see them.
        areas: code of REF_AREA by scope.
        first: the first day of the figures.
        through: the last day that is published.
        marks: what stands with them.
    """
    kinds = list(dict.fromkeys(scope.partition(":")[0] for scope in areas))
    for day in month_ends(first, through).tolist():
        for code, series in SERIES.items():
            for kind in kinds:
                for scope, row in shelf.of_day(day, series=series, kind=kind).items():
                    if scope in areas:
                        yield from _of_row(areas[scope], code, row, marks)


def _of_row(area: str, series: str, row: Mapping[str, Any], marks: Marks) -> Iterator[Sequence[object]]:
    definition = f"{row['definition_version']} {marks.key_set}"
    simulated = "true" if marks.simulated else "false"
    for code, indicator in INDICATORS.items():
        value = row[indicator.field]
        status = MISSING if value is None else NORMAL
        yield (
            *_STRUCTURE, MONTHLY, area, series, code, f"{row['day']:%Y-%m}", "" if value is None else value,
            status, indicator.unit, definition, simulated, marks.notice, marks.data_until,
        )  # fmt: skip


def sdmx_csv(rows: Iterator[Sequence[object]]) -> bytes:
    """Observations with their header; without a byte-order mark, since the format knows none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*_HEAD, *DIMENSIONS, TIME, MEASURE, *ATTRIBUTES))
    writer.writerows(rows)
    return out.getvalue().encode()
