"""Replays what is in refused once its cause is gone: when somebody asks, and when a factory is registered.

    asked (API) ──┐
                  ├─▶ rows of refused, newest first ─▶ judged again ─▶ journal ─▶ reports, accounts, refused ─▶ mark
    registered ───┘

One process of a deployment runs it. It may be killed anywhere: what is half written is written again, to the same
points, by the next start.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import structlog

from ingest.journal import KEY, JournalEntry, moved, open_entry, points_of, rejudged_rows, totals_after
from ingest.register import Register
from ingest.registered import Registered
from ingest.rejudging import KnownSites, Rejudged
from ingest.sparkplug.rejudging import judged_again, known_sites
from store.base import Store
from store.errors import PointsRejected, StoreUnavailable
from store.ledger import REPLAY_WRITER, LedgerWriter
from store.schema import REFUSAL, REFUSED, REPLAY, STATE

_PAGE: Final = 100  # rows, each of at most 64 KiB

_log = structlog.get_logger("ingest.replay")


@dataclass(frozen=True)
class Progress:
    """A replay that was asked for, and how far it has come: a point of `replay`.

    Attributes:
        time: when it was asked for [ns].
        replay: its id.
        factory: none replays every factory.
        reason: none replays every reason.
        state: asked, running or done.
        rows: that were looked at.
        settled: of these, that are not refused any more, or for another reason.
        cut: of these, that cannot be judged again.
        stored: items that are good now.
        refused: items of settled rows that are refused for another reason.
    """

    time: int
    replay: str
    factory: str | None
    reason: str | None
    asked_us: int
    state: str = "asked"
    finished_us: int | None = None
    rows: int = 0
    settled: int = 0
    cut: int = 0
    stored: int = 0
    refused: int = 0

    @property
    def where(self) -> dict[str, str]:
        """The rows that it is about."""
        asked = {"factory": self.factory, "reason": self.reason}
        return {name: value for name, value in asked.items() if value}


class Replayer:
    """The one that replays.

    Args:
        store: holds what is refused and takes what is good now.
        telemetry_days: as in ingest: how old a status may be at its arrival.
        clock_ns: the wall clock.
        poll_s: how often it looks for requests and registrations.
    """

    def __init__(self, store: Store, *, telemetry_days: int, clock_ns: Callable[[], int], poll_s: float = 1.0) -> None:
        self._store = store
        self._telemetry_days = telemetry_days
        self._clock_ns = clock_ns
        self._poll_s = poll_s
        self._writer: LedgerWriter | None = None
        self._registered = Registered(store)
        self._register = Register(store)
        self._available = True

    def run(self, stop: threading.Event) -> None:
        """Follow requests and registrations until told to stop; waits for a store that is away and says so once."""
        while not stop.is_set():
            try:
                self.step(stop)
                self._available = True
            except StoreUnavailable as error:
                if self._available:
                    _log.warning("The store does not answer; replays wait for it.", reason=str(error))
                self._available, self._writer, self._registered = False, None, Registered(self._store)
            stop.wait(self._poll_s)

    def step(self, stop: threading.Event | None = None) -> None:
        """Do all that is asked for and due; an earlier portion that is half written comes first.

        Raises:
            StoreUnavailable: what was half written is written again by the next step.
        """
        stop = stop or threading.Event()
        self._finish()
        for progress in self._asked():
            self._replay(progress, stop)
        factories = self._registered.due(time.monotonic())
        for factory in factories:
            self._replay_found(factory, factory, "unknown_factory", stop)
        if factories:  # a node that is registered now was nobody's: its rows name no factory
            self._replay_found("edge-nodes", None, "identity_mismatch", stop)
        self._registered.remember()

    def _finish(self) -> None:
        if self._writer is not None:
            return
        entry = open_entry(self._store)
        writer = LedgerWriter(self._store, REPLAY_WRITER, self._clock_ns)
        if entry is not None:
            self._write(writer, entry, rejudged_rows(self._store, entry, self._telemetry_days))
        self._writer = writer

    def _asked(self) -> Iterator[Progress]:
        for state in ("running", "asked"):
            found = self._store.read(STATE, REPLAY, where={"state": state})
            yield from map(_begun, found.iter_rows(named=True))

    def _replay_found(self, name: str, factory: str | None, reason: str, stop: threading.Event) -> None:
        now_ns = self._clock_ns()
        replay = f"registered-{name}-{now_ns // 10**9}-{reason}"
        self._replay(Progress(now_ns, replay, factory, reason, now_ns // 1000), stop, quiet=True)

    def _replay(self, progress: Progress, stop: threading.Event, *, quiet: bool = False) -> None:
        """Judge rows again, page by page; a quiet one leaves no trace where it settles nothing."""
        self._register.refresh(time.monotonic())
        progress = replace(progress, state="running")
        for page in self._pages(progress.where):
            progress = self._take(page, progress)
            if stop.is_set():
                return
        progress = replace(progress, state="done", finished_us=self._clock_ns() // 1000)
        if progress.settled or not quiet:
            self._store.write(STATE, {REPLAY: REPLAY.frame([asdict(progress)])})
            _log.info("Replayed.", **progress.where, rows=progress.rows, stored=progress.stored, cut=progress.cut)

    def _pages(self, where: Mapping[str, str]) -> Iterator[list[dict[str, Any]]]:
        """The rows that no replay has settled, back in time from now."""
        through, seen = self._clock_ns(), set[tuple[Any, ...]]()
        while True:
            page = self._store.read(REFUSED, REFUSAL, through=through, where=where, newest=_PAGE)
            fresh = [row for row in page.iter_rows(named=True) if _key(row) not in seen]
            if not fresh:
                return
            seen = {_key(row) for row in page.iter_rows(named=True)}
            through = page["time"].min()  # type: ignore[assignment] # the page is not empty
            yield [row for row in fresh if row["settled_us"] is None]

    def _take(self, page: list[dict[str, Any]], progress: Progress) -> Progress:
        known = known_sites(self._register, page)
        judged = [judged_again(row, known, self._telemetry_days) for row in page]
        settled = [each for each in judged if each is not None and each.settles]
        progress = replace(
            progress,
            rows=progress.rows + len(page),
            settled=progress.settled + len(settled),
            cut=progress.cut + judged.count(None),
            stored=progress.stored + sum(each.stored for each in settled),
            refused=progress.refused + sum(each.refused for each in settled),
        )
        if settled:
            self._settle(settled, known, progress)
        return progress

    def _settle(self, settled: list[Rejudged], known: KnownSites, progress: Progress) -> None:
        writer = self._writer
        assert writer is not None  # noqa: S101 - step opens it
        factories = {each.topic.factory for each in settled}
        first = writer.reserve(sum(each.decoded.items for each in settled) + 1)
        entry = JournalEntry(
            first=first,
            through=writer.last,
            settled_us=self._clock_ns() // 1000,
            known={name: sites for name, sites in known.of.items() if name in factories},
            owners={node: name for node, name in known.owners.items() if name in factories},
            rows=[[each.row[name] for name in KEY] for each in settled],
            totals=totals_after(self._store, moved(settled)),
            progress=asdict(progress),
        )
        self._writer = None  # until all of it is written
        entry.write(self._store)
        self._write(writer, entry, settled)
        self._writer = writer

    def _write(self, writer: LedgerWriter, entry: JournalEntry, settled: list[Rejudged]) -> None:
        try:
            writer.write(points_of(entry, settled, self._telemetry_days))
        except PointsRejected as error:
            _log.error("The store refuses rows of a replay; they stay in the log of refused.", reason=str(error))


def _begun(row: Mapping[str, Any]) -> Progress:
    """A request as an earlier start left it; what was looked at and not settled is looked at again."""
    asked = Progress(row["time"], row["replay"], row["factory"], row["reason"], row["asked_us"])
    settled, stored, refused = (row[name] or 0 for name in ("settled", "stored", "refused"))
    return replace(asked, rows=settled, settled=settled, stored=stored, refused=refused)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)
