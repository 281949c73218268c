"""What the platform holds of the kinds that are uploaded, with every column, for templates and to tell what is news."""

import threading
from collections.abc import Collection
from dataclasses import replace
from typing import Final

import polars as pl

from ingest.wire.topics import Kind
from store.base import Store
from store.folded import no_reports
from store.ledger import LedgerReader
from store.schema import INVENTORY, LIFECYCLE, WORKFORCE

_READ: Final = (WORKFORCE, INVENTORY, LIFECYCLE)
_NOT_KEPT: Final = ("seq", "boot", "ext")


class Holdings:
    """Every report of these kinds that the writers' marks cover; nothing is read before it is first asked for."""

    def __init__(self, store: Store) -> None:
        self._reader = LedgerReader(store, _READ)
        self._lock = threading.Lock()
        self._reports = replace(no_reports(), **{each.name: _kept(each.frame()) for each in _READ})

    def standing(self, kind: Kind, factories: Collection[str]) -> pl.DataFrame:
        """What counts of a kind in this moment for some factories.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        with self._lock:
            arrived = self._reader.poll()
            if arrived:
                self._reports = self._reports.extended({each.name: _kept(frame) for each, frame in arrived.items()})
            reports = self._reports
        return reports.of(pl.DataFrame({"factory": sorted(factories)}, schema={"factory": pl.String})).standing(kind)


def _kept(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(_NOT_KEPT)
