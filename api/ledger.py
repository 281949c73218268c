"""The API's hand in the store's ledger: one writer behind a lock, and the registry that follows every writer."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import polars as pl

from api.notes import Notes
from api.papers import Papers
from api.registration import Registration
from api.registry import Designation, Registry
from store.base import Store
from store.errors import PointsRejected
from store.ledger import Entry, LedgerReader, LedgerWriter
from store.schema import ALERT_NOTE, DESIGNATION, PLAN_VERSION, REGISTRATION, REVIEW, SETTLEMENT, STATISTIC, Measurement

REFRESH_NS = 1_000_000_000
PAPERS = (STATISTIC, SETTLEMENT, REVIEW, PLAN_VERSION)
READ = (REGISTRATION, DESIGNATION, *PAPERS, ALERT_NOTE)


class Ledger:
    """Registrations, designations and papers in and out.

    A write that the store did not confirm is repeated with its stamps before any other: it may yet land, and a
    reader must find it below the mark.

    Attributes:
        version: differs whenever anything was taken in; the same in every process that has read as far.
    """

    def __init__(self, store: Store, *, writer: str, clock_ns: Callable[[], int]) -> None:
        self._store, self._writer_id, self._clock_ns = store, writer, clock_ns
        self._lock = threading.RLock()
        self._reader = LedgerReader(store, READ)
        self._writer: LedgerWriter | None = None
        self._pending: Entry | None = None
        self._registry = Registry()
        self._papers = Papers()
        self._notes = Notes()
        self._newest: dict[str, int] = {}
        self.version = ""
        self._refreshed_ns: int | None = None

    def registry(self) -> Registry:
        """What every writer registered, at most a second old.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        self._refresh()
        return self._registry

    def papers(self) -> Papers:
        """What every writer was told by officials beside the register, at most a second old.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        self._refresh()
        return self._papers

    def notes(self) -> Notes:
        """What officials said to alerts, at most a second old.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        self._refresh()
        return self._notes

    def _refresh(self) -> None:
        now = self._clock_ns()
        if self._refreshed_ns is None or now - self._refreshed_ns >= REFRESH_NS:
            with self._lock:
                self._follow()

    @contextmanager
    def writing(self) -> Iterator[Registry]:
        """The registry as it stands now, for a decision and the one write that follows from it.

        Raises:
            StoreUnavailable: the store does not answer; nothing was decided.
        """
        with self._lock:
            self._settle()
            self._follow()
            yield self._registry

    def write(self, measurement: Measurement, rows: list[dict[str, object]]) -> None:
        """Write rows durably and take them in.

        Raises:
            StoreUnavailable: send the same again; it is stored once.
            PointsRejected: the store refuses rows for ever.
        """
        self.write_all({measurement: measurement.frame(rows).drop("time")})

    def write_all(self, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Write frames durably as one entry and take in those that are read here.

        Args:
            frames: by measurement; rows without `time` are stamped, those with it stand at a time of their own.

        Raises:
            StoreUnavailable: send the same again; it is stored once.
            PointsRejected: the store refuses rows for ever.
        """
        with self._lock:
            if self._writer is None:
                self._writer = LedgerWriter(self._store, self._writer_id, self._clock_ns)
            entry = self._writer.stamp(frames)
            self._pending = entry
            self._settle()
            self._take({kind: frame for kind, frame in entry.frames.items() if kind in READ})

    def _settle(self) -> None:
        if self._pending is None or self._writer is None:
            return
        try:
            self._writer.write(self._pending)
        except PointsRejected:
            self._pending = None
            raise
        self._pending = None

    def _follow(self) -> None:
        self._take(self._reader.poll())
        self._refreshed_ns = self._clock_ns()

    def _take(self, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        registrations = frames.get(REGISTRATION, REGISTRATION.frame()).iter_rows(named=True)
        self._registry.register((row["time"], Registration.from_row(row)) for row in registrations)
        designations = frames.get(DESIGNATION, DESIGNATION.frame()).iter_rows(named=True)
        self._registry.designate((row["time"], Designation.from_row(row)) for row in designations)
        for kind in PAPERS:
            self._papers.take(kind, frames.get(kind, kind.frame()).iter_rows(named=True))
        self._notes.take(frames.get(ALERT_NOTE, ALERT_NOTE.frame()).iter_rows(named=True))
        for frame in frames.values():
            newest = frame.group_by("writer").agg(pl.col("time").max()).rows()
            self._newest |= {writer: max(time, self._newest.get(writer, 0)) for writer, time in newest}
        self.version = ".".join(f"{stamp:x}" for _, stamp in sorted(self._newest.items()))
