"""Which factories are registered, how many sites share a credit code, and which Sparkplug edge nodes are whose."""

import json
from collections import Counter
from collections.abc import Mapping

import polars as pl

from store.base import Store
from store.ledger import LedgerReader
from store.schema import REGISTRATION

_ALWAYS = -(2**31)  # a first registration is in force before any day
_INTERVAL_S = 1.0
_NO_PATHS: Mapping[str, str] = {}

Registrations = pl.DataFrame | None  # what was read, if there was anything


class Register:
    """The register as far as the store's registration reports have been read.

    Args:
        store: holds the registrations of every writer.
    """

    def __init__(self, store: Store) -> None:
        self._reader = LedgerReader(store, [REGISTRATION])
        self._standing: dict[str, tuple[int, int, str]] = {}  # from day, stamp, credit code
        self._sites: Counter[str] = Counter()
        self._nodes: dict[str, set[str]] = {}  # edge node to factories
        self._nodes_of: dict[str, list[str]] = {}
        self._paths: dict[str, Mapping[str, str]] = {}
        self._next_s = float("-inf")

    def may_refresh(self, now_s: float) -> bool:
        """Whether the last reading is a second ago."""
        return now_s >= self._next_s

    def refresh(self, now_s: float) -> None:
        """Read what was registered since, and know it.

        Raises:
            StoreUnavailable: nothing was read.
        """
        self.take(self.read(now_s))

    def read(self, now_s: float) -> Registrations:
        """What was registered since, if anything; known once it is taken. May be called from any thread.

        Raises:
            StoreUnavailable: nothing was read.
        """
        self._next_s = now_s + _INTERVAL_S
        return self._reader.poll().get(REGISTRATION)

    def take(self, frame: Registrations) -> None:
        """Know what was read."""
        if frame is not None:
            self._take(frame)

    def _take(self, frame: pl.DataFrame) -> None:
        columns = frame.select("factory", "from_day", "time", "credit_code", "edge_nodes", "metric_paths").rows()
        for factory, from_day, stamp, credit_code, edge_nodes, metric_paths in columns:
            entry = (_ALWAYS if from_day is None else from_day, stamp, credit_code or "")
            if entry >= self._standing.get(factory, entry):
                self._standing[factory] = entry
                self._take_nodes(factory, json.loads(edge_nodes or "[]"), json.loads(metric_paths or "{}"))
        self._sites = Counter(code for _, _, code in self._standing.values() if code)

    def _take_nodes(self, factory: str, nodes: list[str], paths: Mapping[str, Mapping[str, str]]) -> None:
        for node in self._nodes_of.get(factory, ()):
            self._nodes[node].discard(factory)
        self._nodes_of[factory] = nodes
        for node in nodes:
            self._nodes.setdefault(node, set()).add(factory)
            self._paths[node] = paths.get(node, _NO_PATHS)

    def owners(self, edge_node: str) -> set[str]:
        """The factories that an edge node is registered for; one, where all is right."""
        return self._nodes.get(edge_node, set())

    def paths(self, edge_node: str) -> Mapping[str, str]:
        """What a plant calls its metrics, to what they are called here."""
        return self._paths.get(edge_node, _NO_PATHS)

    def __contains__(self, factory: str) -> bool:
        return factory in self._standing

    def sites(self, factory: str) -> int:
        """How many registered sites have the credit code of this one; 1 where it has none."""
        code = self._standing[factory][2] if factory in self._standing else ""
        return self._sites[code] if code else 1
