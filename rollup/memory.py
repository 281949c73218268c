"""The reports that the figures stand on, followed from the ledger into memory."""

from dataclasses import fields

import polars as pl

from density.reports import Reports
from store.base import Store
from store.ledger import LedgerReader
from store.schema import LEDGER, Measurement

FOLDED = tuple(kind for kind in LEDGER if kind.name in {each.name for each in fields(Reports)})


class Memory:
    """Every report that the writers' marks cover, read once; a new one starts from nothing and reads all.

    Columns that no figure is made of are not kept.
    """

    def __init__(self, store: Store) -> None:
        self._reader = LedgerReader(store, FOLDED)
        self.reports = Reports(**{kind.name: _kept(kind, kind.frame()) for kind in FOLDED})
        self.newest_ns = 0
        self.count = 0

    @property
    def cursors(self) -> dict[str, int]:
        """Through which stamp each writer's reports are in memory."""
        return dict(self._reader.cursors)

    def follow(self) -> int:
        """Take in what has come since; answers how many reports that were."""
        arrived = self._reader.poll()
        self.reports = self.reports.extended({kind.name: _kept(kind, frame) for kind, frame in arrived.items()})
        stamps = [int(frame["time"].max()) for frame in arrived.values()]  # type: ignore[arg-type]
        self.newest_ns = max([self.newest_ns, *stamps])
        count = sum(frame.height for frame in arrived.values())
        self.count += count
        return count


# Kept out of memory: no figure of this version is made of them.
_UNUSED = {
    "ext", "at", "serial_source", "manufactured", "application", "acquisition", "owner", "integrator", "record",
    "payload_kg", "collaborative", "basis", "complete", "name_zh", "name_en", "edge_nodes",
}  # fmt: skip


def _kept(kind: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(name for name in kind.columns if name not in _UNUSED)
