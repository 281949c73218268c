"""A batch under way: columns of good items by kind, rows of refused ones, and the verdicts to publish."""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

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
    """Collects messages in the order of their arrival."""

    def __init__(self) -> None:
        self.verdicts: list[tuple[str, bytes]] = []  # topic and payload
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
    return pl.DataFrame(columns, schema={name: kind for name, kind in measurement.columns.items() if name in columns})
