"""What came of a table: every row new, changed, unchanged, in error or left blank."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.uploads.entries import Entry
from api.uploads.faults import Fault
from density.register import Name
from store.schema import Measurement

SHOWN: Final = 1_000
"""Faults that are told and marked; more are counted."""


@dataclass(frozen=True)
class Told:
    """A good row as the store keeps it.

    Attributes:
        entry: the row of the table.
        measurement: of the store.
        slot: of two in one slot one counts.
        contents: what it says; the same again changes nothing.
        held: what stands in the slot; none where nothing does.
        row: of the measurement.
        subject: who or what it is about, for the audit log.
    """

    entry: Entry
    measurement: Measurement
    slot: Hashable
    contents: object
    held: object | None
    row: Mapping[str, Any]
    subject: str


Allowed = Callable[[str], bool]
"""Whether who uploads may report for a factory."""

Tell = Callable[[Entry], "Told | list[Fault]"]
"""How a kind judges one row."""


@dataclass(frozen=True)
class Counts:
    """How many rows; rows = new + changed + unchanged + faulty + blank."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faulty: int = 0
    blank: int = 0


@dataclass(frozen=True)
class Judged:
    """A judged table.

    Attributes:
        counts: of its rows.
        faults: the first SHOWN, by row and column.
        errors: how many faults there are in all.
        fresh: what would be stored: rows that are new or say something else than what stands.
    """

    counts: Counts
    faults: tuple[Fault, ...]
    errors: int
    fresh: tuple[Told, ...]

    @property
    def ok(self) -> bool:
        """Whether all of it can be stored."""
        return not self.errors


def judge_entries(entries: Iterable[Entry], tell: Tell) -> tuple[list[Told], list[Told], list[Fault], int]:
    """Fresh rows, unchanged rows, faults and the number of rows with any."""
    fresh: list[Told] = []
    same: list[Told] = []
    faults: list[Fault] = []
    seen: dict[Hashable, Told] = {}
    faulty = 0
    for entry in entries:
        told = tell(entry)
        if isinstance(told, Told):
            before = seen.setdefault(told.slot, told)
            if before.contents != told.contents:
                told = [_doubled(entry, before)]
            elif before is not told or told.held == told.contents:
                same.append(told)
            else:
                fresh.append(told)
        if isinstance(told, list):
            faults += told
            faulty += 1
    return fresh, same, faults, faulty


def ordered(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """By row and column, the first SHOWN."""
    return tuple(sorted(faults, key=lambda each: (each.row, each.place or 0))[:SHOWN])


def _doubled(entry: Entry, before: Told) -> Fault:
    sentence = Name(
        f"本行与第 {before.entry.row} 行报的是同一项而内容不同；请只保留正确的一行。",
        f"This row reports the same as row {before.entry.row} with other contents; keep the right one.",
    )
    return Fault(entry.row, None, None, "doubled_row", sentence)
