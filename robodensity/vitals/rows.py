"""What each process says of itself, as fields of its measurement."""

from collections.abc import Callable, Mapping
from typing import Final

import psutil

from api.options import Readiness
from ingest.state import IngestState
from robodensity.vitals.answers import CountedAnswers
from robodensity.vitals.backlog import Backlog
from robodensity.vitals.watched_store import WatchedStore
from rollup.job import RollupState, cursors
from store.base import Store
from store.schema import INGEST_VITALS, MARK, REPORTS, ROLLUP, STATE

Row = dict[str, object]

_COUNTERS: Final = frozenset(field.name for field in INGEST_VITALS.fields)


class ProcessRow:
    """Memory, processor time, readiness and the answers of the store.

    Args:
        store: the one that the process works with.
        readiness: what its /readyz asks.
    """

    def __init__(self, store: WatchedStore, readiness: Callable[[], Readiness]) -> None:
        self._store, self._readiness = store, readiness
        self._process = psutil.Process()

    def __call__(self) -> Row:
        """The fields that every process has."""
        readiness, used = self._readiness(), self._process.cpu_times()
        return {
            "started_us": int(self._process.create_time() * 1e6),
            "rss_bytes": self._process.memory_info().rss,
            "cpu_s": used.user + used.system,
            "store_calls": self._store.calls,
            "store_errors": self._store.errors,
            "ready": readiness.ready,
            "trouble": " ".join(readiness.reasons),
        }


def ingest_row(state: IngestState) -> Row:
    """The fields of an ingest worker."""
    counters: Row = {name: count for name, count in state.counters.items() if name in _COUNTERS}
    return counters | {
        "missing": state.counters.get("sparkplug_missing", 0),
        "waiting": state.waiting,
        "in_flight_bytes": state.in_flight_bytes,
        "oldest_unacknowledged_s": state.oldest_unacknowledged_s,
        "connected": state.connected,
        "subscribed": state.subscribed,
    }


class RollupRow:
    """How far the figures are, and what the last ones cost."""

    def __init__(self, store: Store, state: RollupState, clock_ns: Callable[[], int]) -> None:
        self._store, self._state, self._clock_ns = store, state, clock_ns
        self._backlog = Backlog()

    def __call__(self) -> Row:
        """The fields of the rollup.

        Raises:
            StoreUnavailable: the marks cannot be read.
        """
        marks = dict(self._store.read(REPORTS, MARK).select("writer", "through").rows())
        names = ("folds", "reports", "points", "fold_s", "write_s")
        return {
            **{name: getattr(self._state, name) for name in names},
            "cursor_age_s": self._backlog.age_s(marks, cursors(self._store), self._clock_ns()),
            **figures_age(self._store, self._clock_ns()),
        }


class ApiRow:
    """What the API answered, and how old its figures are."""

    def __init__(self, store: Store, answers: CountedAnswers, clock_ns: Callable[[], int]) -> None:
        self._store, self._answers, self._clock_ns = store, answers, clock_ns

    def __call__(self) -> Row:
        """The fields of the API.

        Raises:
            StoreUnavailable: the state of the figures cannot be read.
        """
        counted = {"answers": self._answers.answers, "failures": self._answers.failures}
        return {**counted, **figures_age(self._store, self._clock_ns())}


def figures_age(store: Store, now_ns: int) -> Mapping[str, object]:
    """The age of the figures [s]; nothing where there are none yet."""
    until = store.read(STATE, ROLLUP)["data_until_us"].max()
    return {"figures_age_s": now_ns / 1e9 - until / 1e6} if isinstance(until, int) else {}
