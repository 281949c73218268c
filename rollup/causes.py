"""Which report changed a figure: of those that came since, the newest that concerns the figure's scope."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from density.reports import SLOTS
from density.sources import Sources

LOOKED_AT = 1_000  # of a flood of reports only the newest are told apart


@dataclass(frozen=True)
class Cause:
    """A report by its place in the ledger and its slot."""

    writer: str = ""
    stamp: int = 0
    slot: str = ""


class Causes:
    """The reports that arrived since the figures were written last.

    Args:
        arrived: by kind, as the ledger gives them.
        sources: says which scopes a factory is in.
    """

    def __init__(self, arrived: Mapping[str, Sequence[pl.DataFrame]], sources: Sources) -> None:
        self._newest: Cause | None = None
        self._by_scope: dict[str, Cause] = {}
        for factory, cause in _newest_first(arrived):
            self._newest = self._newest or cause
            for scope in sources.scopes_of(factory):
                self._by_scope.setdefault(scope, cause)

    def of(self, scope: str) -> Cause:
        """The cause of a change in a scope; one that no report's factory is in moved with the newest of all."""
        return self._by_scope.get(scope, self._newest or Cause())


def _newest_first(arrived: Mapping[str, Sequence[pl.DataFrame]]) -> Iterator[tuple[str, Cause]]:
    rows = [
        (row["time"], row["writer"], kind, row)
        for kind, frames in arrived.items()
        if kind in SLOTS
        for frame in frames
        for row in frame.top_k(LOOKED_AT, by="time").iter_rows(named=True)
    ]
    for stamp, writer, kind, row in sorted(rows, key=lambda each: each[:3], reverse=True)[:LOOKED_AT]:
        slot = {"kind": kind} | {name: row[name] for name in SLOTS[kind]}
        factory = row.get("factory") or row.get("subject_factory") or ""
        yield factory, Cause(writer, stamp, json.dumps(slot, ensure_ascii=False))
