"""A batch under way: what arrived, and what became of it.

Columns of good items by kind, rows of refused ones, the counts of both, and the verdicts to publish.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from ingest.accounts import Key, Totals
from ingest.arrival import Arrival
from ingest.deliveries import Deliveries
from ingest.refused import Row
from ingest.wire.receipt import Columns
from ingest.wire.topics import Kind
from store.schema import ASSESSMENT, INVENTORY, LIFECYCLE, REFUSAL, ROBOT_STATUS, WORKFORCE, Measurement

MEASUREMENT_OF: Final[Mapping[Kind, Measurement]] = {
    "status": ROBOT_STATUS,
    "lifecycle": LIFECYCLE,
    "workforce": WORKFORCE,
    "inventory": INVENTORY,
    "assessment": ASSESSMENT,
}
KIND_OF: Final[Mapping[str, Kind]] = {measurement.name: kind for kind, measurement in MEASUREMENT_OF.items()}


class Batch:
    """Collects what messages bring, in the order of their arrival.

    Args:
        messages: that are acknowledged when the batch is durable.

    Attributes:
        verdicts: topic and payload.
        tally: what came, by factory, kind and day of arrival.
        deliveries: of which factories messages came, and how they are numbered.
        checks: messages that were only to be judged.
        ignored: the platform's own messages, and commands and states of Sparkplug hosts.
        state: what the worker knows after these messages; written when all else is.
    """

    def __init__(self, messages: Sequence[Arrival] = ()) -> None:
        self.messages = messages
        self.verdicts: list[tuple[str, bytes]] = []
        self.tally: dict[Key, Totals] = {}
        self.deliveries = Deliveries()
        self.checks = 0
        self.ignored = 0
        self.state: dict[Measurement, pl.DataFrame] = {}
        self._columns: dict[Kind, Columns] = {}
        self._refused: list[Row] = []

    def take(self, kind: Kind, columns: Columns) -> None:
        """Add the good items of one message."""
        standing = self._columns.get(kind)
        if standing is None:
            self._columns[kind] = columns
            return
        for name, values in columns.items():
            standing[name].extend(values)

    def refuse(self, rows: Iterable[Row]) -> None:
        """Add refused items."""
        self._refused.extend(rows)

    def count(self, key: Key, *, arrived: int, refused: int, redelivered: bool, messages: int = 1) -> None:
        """Count messages: their items arrived, of which some were refused and all others are stored."""
        totals = self.tally.get(key) or self.tally.setdefault(key, Totals())
        totals.add(arrived=arrived, refused=refused, redelivered=redelivered, messages=messages)

    def turn_down(self, factory: str, kind: Kind, items: int) -> None:
        """Move items from stored to refused."""
        key = next(key for key in self.tally if key[:2] == (factory, kind))
        self.tally[key].stored -= items
        self.tally[key].refused += items

    def frames(self) -> dict[Measurement, pl.DataFrame]:
        """Frames for the store; those of the ledger without stamp and writer."""
        frames = {MEASUREMENT_OF[kind]: _frame(MEASUREMENT_OF[kind], self._columns[kind]) for kind in self._columns}
        if self._refused:
            frames[REFUSAL] = refusal_frame(self._refused)
        return frames


def refusal_frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows of `refusal` without stamp and writer."""
    return REFUSAL.frame(rows).drop("time", "writer")


def _frame(measurement: Measurement, columns: Columns) -> pl.DataFrame:
    frame = pl.DataFrame(columns, schema={name: kind for name, kind in measurement.columns.items() if name in columns})
    # Said only where it is so: InfluxDB pays for each field of a line about as much as for the rest of it.
    if measurement is ROBOT_STATUS:
        return frame.with_columns(at_is_arrival=pl.when("at_is_arrival").then(statement=True))
    return frame
