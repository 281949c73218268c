"""What officials decide and publish beside the register, in memory by slot, as the ledger tells it."""

from collections.abc import Iterable, Mapping
from typing import Any

from density.reports import SLOTS
from store.schema import Measurement

Row = Mapping[str, Any]
Slot = tuple[object, ...]

_SLOTS = {**SLOTS, "plan_version": ("from_day",)}


class Papers:
    """Statistics, settlements, reviews, plans: of two in one slot the later stamp stands; rows are as in the schema."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[Slot, tuple[int, Row]]] = {}

    def take(self, kind: Measurement, rows: Iterable[Row]) -> None:
        """Take stamped rows in; taking one twice changes nothing."""
        kept = self._rows.setdefault(kind.name, {})
        for row in rows:
            slot = slot_of(kind, row)
            if slot not in kept or row["time"] > kept[slot][0]:
                kept[slot] = (row["time"], contents(kind, row))

    def of(self, kind: Measurement) -> dict[Slot, Row]:
        """What stands of a kind, by slot, without stamp and writer."""
        return {slot: row for slot, (_, row) in self._rows.get(kind.name, {}).copy().items()}

    def fresh(self, kind: Measurement, rows: Iterable[Row]) -> list[bool]:
        """Which rows change what stands, each seeing those before it."""
        standing = self.of(kind)
        fresh = []
        for row in rows:
            slot, told = slot_of(kind, row), contents(kind, row)
            fresh.append(standing.get(slot) != told)
            standing[slot] = told
        return fresh


def slot_of(kind: Measurement, row: Row) -> Slot:
    """The slot of a row."""
    return tuple(row[name] for name in _SLOTS[kind.name])


def contents(kind: Measurement, row: Row) -> Row:
    """What a row says, without stamp and writer."""
    return {field.name: row.get(field.name) for field in kind.fields}
