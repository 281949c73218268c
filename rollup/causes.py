"""Which report changed a figure: of those that came since, the newest that concerns the figure's scope."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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
        self._arrived = {
            kind: [frame.top_k(LOOKED_AT, by="time") for frame in frames]
            for kind, frames in arrived.items()
            if kind in SLOTS
        }
        self._sources = sources

    def of(self, scope: str) -> Cause:
        """The cause of a change in a scope; one that no report concerns moved with the newest of all."""
        return self._by_scope.get(scope, self._newest)

    @cached_property
    def _told(self) -> Sequence[tuple[str, str, Cause]]:
        return list(_newest_first(self._arrived))

    @property
    def _newest(self) -> Cause:
        return next((cause for _, _, cause in self._told), Cause())

    @cached_property
    def _by_scope(self) -> Mapping[str, Cause]:
        found: dict[str, Cause] = {}
        factories: set[str] = set()
        for factory, scope, cause in self._told:
            of_factory = frozenset() if factory in factories else self._sources.scopes_of(factory)
            factories.add(factory)
            for each in (*of_factory, *filter(None, [scope])):
                found.setdefault(each, cause)
        return found


def _newest_first(arrived: Mapping[str, Sequence[pl.DataFrame]]) -> Iterator[tuple[str, str, Cause]]:
    """The factory, or the scope of a statistic, of each of the newest reports."""
    rows = [
        (row["time"], row["writer"], kind, row)
        for kind, frames in arrived.items()
        for frame in frames
        for row in frame.iter_rows(named=True)
    ]
    for stamp, writer, kind, row in sorted(rows, key=lambda each: each[:3], reverse=True)[:LOOKED_AT]:
        slot = {"kind": kind} | {name: row[name] for name in SLOTS[kind]}
        factory = row.get("factory") or row.get("subject_factory") or _named(row)
        yield factory, row.get("scope") or "", Cause(writer, stamp, json.dumps(slot, ensure_ascii=False))


def _named(row: Mapping[str, object]) -> str:
    """A designation's subject that is no factory, as the sites name it."""
    return f"{row['subject_name']}:{row['subject_district']}" if row.get("subject_name") else ""
