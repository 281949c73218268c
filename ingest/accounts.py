"""Accounting: what arrived, was stored and was refused, per factory, kind and Shanghai day of arrival."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.wire.times import DAY_US, day_start_us
from store.base import Store
from store.schema import ACCOUNTING, REPORTS

UNKNOWN: Final = "?"

Key = tuple[str, str, int]  # factory, kind, day of arrival


@dataclass
class Totals:
    """Running totals of a day, in items but for the messages."""

    messages: int = 0
    arrived: int = 0
    stored: int = 0
    refused: int = 0
    redelivered: int = 0

    def add(self, *, arrived: int, refused: int, redelivered: bool, messages: int = 1) -> None:
        """Count messages: their items arrived, of which some were refused and all others stored."""
        self.messages += messages
        self.arrived += arrived
        self.refused += refused
        self.stored += arrived - refused
        self.redelivered += arrived if redelivered else 0

    def take(self, other: "Totals") -> None:
        """Add another's counts."""
        self.messages += other.messages
        self.arrived += other.arrived
        self.stored += other.stored
        self.refused += other.refused
        self.redelivered += other.redelivered


_COUNTED: Final = tuple(Totals.__dataclass_fields__)


class Accounts:
    """Running totals in memory, continued from the store, so that each point written holds the whole day so far.

    Args:
        store: holds the totals that this writer reached before.
        writer: whose totals these are.
        today: totals of the day before and later are continued.

    Raises:
        StoreUnavailable: try again.
    """

    def __init__(self, store: Store, writer: str, today: int) -> None:
        after = day_start_us(today - 1) * 1000 - 1
        frame = store.read(REPORTS, ACCOUNTING, after=after, where={"writer": writer})
        self._totals: dict[Key, Totals] = {}
        self._changed: set[Key] = set()
        for time, factory, kind, *counts in frame.select("time", "factory", "kind", *_COUNTED).rows():
            self._totals[factory, kind, _day_of(time)] = Totals(*(count or 0 for count in counts))

    def take(self, tally: Mapping[Key, Totals]) -> None:
        """Add what a batch counts."""
        for key, totals in tally.items():
            self._totals.setdefault(key, Totals()).take(totals)
            self._changed.add(key)

    def turn_down(self, factory: str, kind: str, items: int) -> None:
        """Move items of a factory's newest day from stored to refused."""
        key = max((key for key in self._totals if key[:2] == (factory, kind)), key=lambda key: key[2])
        totals = self._totals[key]
        totals.stored -= items
        totals.refused += items
        self._changed.add(key)

    def changed(self) -> pl.DataFrame:
        """Points of every total that changed since the last call, without the writer; forgets days gone by."""
        rows = [self._row(key) for key in sorted(self._changed)]
        self._changed.clear()
        newest = max((day for _, _, day in self._totals), default=0)
        self._totals = {key: totals for key, totals in self._totals.items() if key[2] >= newest - 1}
        return ACCOUNTING.frame(rows).drop("writer")

    def _row(self, key: Key) -> dict[str, object]:
        factory, kind, day = key
        row: dict[str, object] = {"time": day_start_us(day) * 1000, "factory": factory, "kind": kind}
        return row | vars(self._totals[key])


def _day_of(time_ns: int) -> int:
    return (time_ns // 1000 - day_start_us(0)) // DAY_US
