"""Reports that say what another one of their factory said before: they changed nothing, and are counted."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from density.days import DAY_NS, start_ns
from store.base import Store
from store.schema import NUMBERING, REPORTS

# What tells two reports of the same contents apart; when the factory stated it may decide between contents.
_ENVELOPE: Final = {"time", "writer", "seq", "boot"}
# A status sample that comes again is the same point, and leaves no trace.
_KINDS: Final = ("lifecycle", "workforce", "inventory", "assessment")
_KEYS: Final = ("time", "factory", "kind")


class Repeats:
    """Counts repeated reports by day of arrival, factory and kind; a new one takes every report again.

    Args:
        store: takes the counts.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, npt.NDArray[np.uint64]] = {}
        self._counts = NUMBERING.frame().select(*_KEYS, "repeated")
        self._due = self._counts

    def take(self, arrived: Mapping[str, pl.DataFrame]) -> None:
        """Take reports, by kind; the one with the earlier stamp is the one that said it first."""
        parts = [self._repeated(kind, arrived[kind]) for kind in _KINDS if kind in arrived]
        if not parts:
            return
        fresh = pl.concat(parts)
        summed = pl.concat([self._counts, fresh]).group_by(_KEYS).agg(pl.col("repeated").sum())
        due = pl.concat([self._due.select(_KEYS), fresh.select(_KEYS)]).unique()
        self._due, self._counts = summed.join(due, on=_KEYS, how="semi"), summed

    def _repeated(self, kind: str, frame: pl.DataFrame) -> pl.DataFrame:
        contents = [name for name in frame.columns if name not in _ENVELOPE]
        ordered = frame.sort("time")
        said = ordered.select(contents).hash_rows(seed=0)
        again = ~said.is_first_distinct().to_numpy() | self._heard(kind, said.to_numpy())
        start = (pl.col("time") - start_ns(0)) // DAY_NS * DAY_NS + start_ns(0)
        return (
            ordered.filter(again)
            .group_by(time=start, factory="factory", kind=pl.lit(kind))
            .agg(repeated=pl.len().cast(pl.Int64))
        )

    def _heard(self, kind: str, said: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Which of these were said before; remembers all of them, sorted, so that a few cost little."""
        known = self._known.get(kind, np.empty(0, np.uint64))
        place = np.searchsorted(known, said)
        heard = np.zeros(said.size, dtype=np.bool_)
        inside = place < known.size
        heard[inside] = known[place[inside]] == said[inside]
        fresh = np.unique(said[~heard])
        self._known[kind] = np.insert(known, np.searchsorted(known, fresh), fresh)
        return heard

    def write(self) -> None:
        """Write the counts that changed.

        Raises:
            StoreUnavailable: nothing is known of what was written.
        """
        if self._due.height:
            self._store.write(REPORTS, {NUMBERING: self._due})
            self._due = self._due.clear()
