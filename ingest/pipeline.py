"""The pipeline of one worker, in one thread.

    broker ──▶ link.pump ──▶ waiting ──due──▶ judge ──▶ batch ──▶ stamp ──▶ write ──▶ done ──▶ verdicts
      ▲       (select loop)                 admission   frames    ledger    │  ▲   (ack in     │
      │                                    + register   accounts            ▼  │     order)    │
      │                                                 activity   store away: back off, pump  │
      └───────────────────────── acknowledgements and verdicts ◀───────────────────────────────┘

Nothing is acknowledged before `write` has returned; a retry writes the same entry with the same stamps.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Final, TypeVar

import polars as pl
import structlog

from ingest.accounts import Accounts
from ingest.activity import Activity
from ingest.batch import KIND_OF, Batch, refusal_frame
from ingest.intake import Intake
from ingest.link import Link
from ingest.options import IngestOptions
from ingest.refused import turned_down
from ingest.register import Register
from ingest.state import Counts, IngestState
from ingest.verdicts import verdict_payloads
from ingest.wire.refusals import Refusal
from ingest.wire.times import day_of_us
from ingest.wire.topics import parse_topic, verdict_topic
from store.base import Store
from store.errors import PointsRejected, StoreUnavailable
from store.ledger import LedgerWriter
from store.schema import ACCOUNTING, REFUSAL, ROBOT_DAY, ROBOT_STATUS, Measurement

_PUMP_S: Final = 0.05
_BACK_OFF_S: Final = (0.1, 5.0)

_log = structlog.get_logger("ingest")

Result = TypeVar("Result")


class _StoppedError(Exception):
    """Asked to stop while the store is away: what is in hand stays unacknowledged."""


class Ingest:
    """One ingest worker: takes every message of its subscription, until it is stopped.

    Args:
        store: where reports go; prepared.
        options: the broker, the account and the bounds.
        clock_ns: the wall clock.
        monotonic_s: the clock of back-off and ages.
    """

    def __init__(
        self,
        store: Store,
        options: IngestOptions,
        *,
        clock_ns: Callable[[], int],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._options = options
        self._clock_ns = clock_ns
        self._monotonic_s = monotonic_s
        self._link = Link(options, clock_ns=clock_ns, monotonic_s=monotonic_s)
        self._register = Register(store)
        self._activity = Activity()
        self._counts = Counts()
        self._store_trouble: str | None = None
        self._oldest_s: float | None = None
        self._stop = threading.Event()

    @property
    def state(self) -> IngestState:
        """How the worker is now; may be asked from any thread."""
        oldest_s = self._oldest_s
        troubles = (self._link.trouble, self._store_trouble)
        return IngestState(
            connected=self._link.connected,
            subscribed=self._link.subscribed,
            oldest_unacknowledged_s=0.0 if oldest_s is None else self._monotonic_s() - oldest_s,
            waiting=len(self._link.waiting),
            in_flight_bytes=self._link.in_flight_bytes,
            trouble=tuple(trouble for trouble in troubles if trouble),
            counters=asdict(self._counts) | asdict(self._link.counters),
        )

    def run(self, stop: threading.Event) -> None:
        """Ingest until stopped; then finish what has arrived, acknowledge it and disconnect."""
        self._stop = stop
        try:
            self._open()
            while not stop.is_set():
                self._link.pump(_PUMP_S)
                if self._is_due():
                    self._process()
            while self._link.waiting:
                self._process()
        except _StoppedError:
            _log.warning("Stopped while the store is away; the broker keeps what was not written.")
        finally:
            self._link.close()

    def _open(self) -> None:
        worker = self._options.worker
        self._writer = self._insist(lambda: LedgerWriter(self._store, worker, self._clock_ns))
        today = day_of_us(self._clock_ns() // 1000)
        self._accounts = self._insist(lambda: Accounts(self._store, worker, today))
        self._insist(lambda: self._register.refresh(self._monotonic_s()))
        self._intake = Intake(self._register, self._accounts, self._counts, self._options.telemetry_days)

    def _insist(self, action: Callable[[], Result]) -> Result:
        pause_s, longest_s = _BACK_OFF_S
        while True:
            try:
                result = action()
            except StoreUnavailable as error:
                self._say(str(error))
                if self._stop.is_set():
                    raise _StoppedError from error
                self._rest(pause_s)
                pause_s = min(2 * pause_s, longest_s)
            else:
                self._store_trouble = None
                return result

    def _say(self, trouble: str) -> None:
        if self._store_trouble is None:
            _log.warning("The store does not answer; waiting for it.", reason=trouble)
        self._store_trouble = trouble

    def _rest(self, pause_s: float) -> None:
        until_s = self._monotonic_s() + pause_s
        while not self._stop.is_set() and (left_s := until_s - self._monotonic_s()) > 0:
            self._link.pump(min(_PUMP_S, left_s))
            self._note_oldest()

    def _note_oldest(self) -> None:
        if self._oldest_s is None and self._link.waiting:
            self._oldest_s = self._link.waiting[0].received_s

    def _is_due(self) -> bool:
        self._note_oldest()
        waiting = self._link.waiting
        if not waiting:
            return False
        late = self._monotonic_s() - waiting[0].received_s >= self._options.linger_s
        return late or self._link.in_flight_bytes >= self._options.batch_bytes

    def _process(self) -> None:
        self._learn()
        messages = self._link.take(self._options.batch_bytes)
        batch = Batch()
        for message in messages:
            self._intake.take(message, batch)
        frames = batch.frames()
        if frames:
            self._write(self._complete(frames), batch)
        self._link.done(messages)
        self._counts.batches += 1
        for topic, payload in batch.verdicts:
            self._link.publish(topic, payload)
        self._oldest_s = None
        self._note_oldest()

    def _learn(self) -> None:
        """Read the register again before anything of an unknown factory is judged."""
        topics = {message.topic for message in self._link.waiting}
        parsed = (parse_topic(topic) for topic in topics)
        if all(topic.kind is None or topic.factory in self._register for topic in parsed):
            return
        while not self._register.may_refresh(self._monotonic_s()):
            self._link.pump(_PUMP_S)
        self._insist(lambda: self._register.refresh(self._monotonic_s()))

    def _complete(self, frames: dict[Measurement, pl.DataFrame]) -> dict[Measurement, pl.DataFrame]:
        if ROBOT_STATUS in frames:
            today = day_of_us(self._clock_ns() // 1000)
            frames[ROBOT_DAY] = self._activity.marks(frames[ROBOT_STATUS], today)
        frames[ACCOUNTING] = self._accounts.changed()
        return frames

    def _write(self, frames: dict[Measurement, pl.DataFrame], batch: Batch) -> None:
        entry = self._writer.stamp(frames)
        try:
            self._insist(lambda: self._writer.write(entry))
        except PointsRejected as rejected:
            self._turn_down(rejected, batch)

    def _turn_down(self, rejected: PointsRejected, batch: Batch) -> None:
        rows = []
        for name, frame in rejected.rows.items():
            kind = KIND_OF.get(name)
            if kind is None:
                _log.error("The store refuses rows of our own making.", measurement=name, rows=frame.height)
                self._counts.unstorable += frame.height
                continue
            for row in frame.iter_rows(named=True):
                rows.append(turned_down(row, kind, str(rejected)))
                self._accounts.turn_down(str(row["factory"]), kind, 1)
                refusal = Refusal("invalid_field", f"The store cannot hold it: {rejected}")
                payloads = verdict_payloads(kind, [refusal], at_ns=self._clock_ns())
                batch.verdicts += [(verdict_topic(str(row["factory"])), payload) for payload in payloads]
        self._counts.refused += len(rows)
        self._counts.stored -= len(rows)
        if rows:
            now_us = self._clock_ns() // 1000
            refused = refusal_frame(row | {"arrived_us": now_us} for row in rows)
            self._write(self._complete({REFUSAL: refused}), batch)
