"""The reports that the figures stand on, followed from the ledger as they come."""

from collections.abc import Mapping

import polars as pl

from store.base import Store
from store.folded import FOLDED
from store.ledger import LedgerReader
from store.schema import PLAN_VERSION


class Memory:
    """Follows every report that the writers' marks cover; a new one starts from nothing and reads all."""

    def __init__(self, store: Store) -> None:
        self._reader = LedgerReader(store, (*FOLDED, PLAN_VERSION))
        self.oldest_ns = 0
        self.newest_ns = 0
        self.count = 0

    @property
    def cursors(self) -> dict[str, int]:
        """Through which stamp each writer's reports are read."""
        return dict(self._reader.cursors)

    def follow(self) -> Mapping[str, pl.DataFrame]:
        """What has come since, by kind, without the columns that no figure is made of."""
        arrived = {kind.name: frame for kind, frame in self._reader.poll().items()}
        for frame in arrived.values():
            first, last = frame["time"].min(), frame["time"].max()
            self.oldest_ns = min(self.oldest_ns or first, first)  # type: ignore[type-var, assignment]
            self.newest_ns = max(self.newest_ns, last)  # type: ignore[type-var, assignment]
        self.count += sum(frame.height for frame in arrived.values())
        return arrived
