"""The pipeline of one worker: one thread takes, judges and acknowledges, two others write.

    broker ──▶ link.pump ──▶ waiting ──due──▶ judge ──▶ batch ═══▶ samples ══in turn══▶ entry ═══▶ done ──▶ verdicts
      ▲      (poll, channel)               intake       one ahead   │  ▲    accounts     │  ▲    (ack in      │
      │                                  + register                 ▼  │    activity      ▼  │      order)     │
      │                                                          store away: back off, the same again         │
      └────────────────────────── acknowledgements and verdicts ◀─────────────────────────────────────────────┘

            ═══▶ from thread to thread: the samples of one batch are written beside the entry of the one before,
                 while the next one comes in and is judged

Nothing is acknowledged before `write` has returned; a retry writes the same entry with the same stamps.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import Final, TypeVar

import structlog

from ingest.batch import Batch
from ingest.intake import Intake
from ingest.link import Link
from ingest.options import IngestOptions
from ingest.patience import Patience, StoppedError
from ingest.register import Register, Registrations
from ingest.sparkplug.intake import SparkplugIntake
from ingest.state import Counts, IngestState
from ingest.strangers import Strangers
from ingest.wire.sparkplug.host import Host
from ingest.wire.sparkplug.rebirth import Rebirths
from ingest.writer import Writer
from store.base import Store

_PUMP_S: Final = 0.05
_WRITING_S: Final = 0.005  # how soon a finished write is noticed
_ANSWER_S: Final = 1.0
_AT_ONCE: Final = 2  # batches that are being written

_log = structlog.get_logger("ingest")

Result = TypeVar("Result")


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
        self._sparkplug = _sparkplug(self._register, options) if options.sparkplug else None
        self._intake = Intake(self._register, options.telemetry_days, self._sparkplug)
        self._patience = Patience()
        self._counts = Counts()
        self._judged: Batch | None = None
        self._strangers = Strangers(self._intake.knows)
        self._reading: tuple[float, Future[Registrations]] | None = None  # the register, and since when
        self._writing: deque[tuple[Batch, Future[None]]] = deque()
        self._oldest_s: float | None = None
        self._finishing = False

    @property
    def state(self) -> IngestState:
        """How the worker is now; may be asked from any thread."""
        oldest_s = self._oldest_s
        troubles = (self._link.trouble, self._patience.trouble)
        return IngestState(
            connected=self._link.connected,
            subscribed=self._link.subscribed,
            oldest_unacknowledged_s=0.0 if oldest_s is None else self._monotonic_s() - oldest_s,
            waiting=len(self._link.waiting),
            in_flight_bytes=self._link.in_flight_bytes,
            trouble=tuple(trouble for trouble in troubles if trouble),
            counters=asdict(self._counts) | asdict(self._link.counters) | self._sparkplug_counts(),
        )

    def _sparkplug_counts(self) -> dict[str, int]:
        return {} if self._sparkplug is None else asdict(self._sparkplug.counts)

    def run(self, stop: threading.Event) -> None:
        """Ingest until stopped; then finish what has arrived, acknowledge it and disconnect.

        A worker that retires takes what its session holds, ends the session, and stops by itself.
        """
        self._patience.stop = stop
        retired = False
        with ThreadPoolExecutor(_AT_ONCE + 1, thread_name_prefix="writer") as self._threads:
            try:
                self._open()
                while not (stop.is_set() or retired):
                    self._round()
                    retired = self._options.retire and self._link.connected and self._retire(stop)
                self._finish()
            except StoppedError:
                _log.warning("Stopped while the store is away; the broker keeps what was not written.")
            finally:
                self._link.close(for_good=retired)

    def _open(self) -> None:
        def opened() -> Writer:
            return Writer(self._store, self._options.worker, self._clock_ns, self._patience)

        self._writer = self._aside(opened)
        self._aside(lambda: self._register.refresh(self._monotonic_s()))
        sparkplug = self._sparkplug
        if sparkplug is not None:
            self._aside(lambda: sparkplug.restore(self._store))

    def _aside(self, action: Callable[[], Result]) -> Result:
        """Have another thread do something that may take long, and keep the connection alive."""
        future = self._threads.submit(lambda: self._patience.insist(action))
        while not future.done():
            self._pump(_WRITING_S)
        return future.result()

    def _pump(self, timeout_s: float) -> None:
        self._link.pump(_WRITING_S if self._writing else timeout_s)
        while self._writing and self._writing[0][1].done():
            self._conclude(*self._writing.popleft())
        self._oldest_s = self._link.oldest_s

    def _conclude(self, batch: Batch, written: "Future[None]") -> None:
        """Acknowledge a batch that is durable, and answer."""
        written.result()
        self._counts.take(batch)
        self._counts.unstorable = self._writer.unstorable
        self._link.done(batch.messages)
        for topic, payload in batch.verdicts:
            self._link.publish(topic, payload)

    def _round(self, *, judging: bool = True) -> None:
        self._pump(_PUMP_S)
        self._learn()
        if judging and self._judged is None and self._is_due():
            self._judged = self._judge()
        if self._judged is not None and len(self._writing) < _AT_ONCE:
            batch, self._judged = self._judged, None
            before = self._writing[-1][1] if self._writing else None
            self._writing.append((batch, self._threads.submit(self._writer.write, batch, before)))

    def _is_due(self) -> bool:
        """A full batch is judged ahead of its turn; another one waits until it is late and the writer idle."""
        link, options = self._link, self._options
        if self._sparkplug is not None and self._sparkplug.due(self._monotonic_s(), finishing=self._finishing):
            return True
        if self._strangers.ready or not link.waiting:
            return self._strangers.ready
        if link.waiting_bytes >= options.batch_bytes or len(link.waiting) >= options.batch_messages:
            return True
        late = self._monotonic_s() - link.waiting[0].received_s >= options.linger_s
        return not self._writing and (late or self._finishing)

    def _judge(self) -> Batch:
        taken = self._link.take(self._options.batch_bytes, self._options.batch_messages)
        batch = Batch(self._strangers.sift(taken))
        self._intake.take_all(batch)
        if self._sparkplug is not None:
            self._take_turns(self._sparkplug, batch)
        return batch

    def _take_turns(self, sparkplug: SparkplugIntake, batch: Batch) -> None:
        """Judge what has waited for its turn long enough, keep what is known now, and ask for births that are due."""
        now_s, now_ns = self._monotonic_s(), self._clock_ns()
        last = self._finishing and not self._link.waiting and not self._strangers
        sparkplug.release(now_s, batch, finishing=last)
        sparkplug.keep(batch, now_ns)
        for topic, payload in sparkplug.requests(now_s, now_ns // 1_000_000):
            self._link.publish(topic, payload, qos=0)

    def _learn(self) -> None:
        """Have the register read again, at most once a second, while anything of an unknown factory waits."""
        if self._reading is not None and self._reading[1].done():
            asked_s, read = self._reading
            self._reading = None
            self._register.take(read.result())
            self._strangers.learn(asked_s)
        now_s = self._monotonic_s()
        if self._reading is None and self._strangers.waiting and self._register.may_refresh(now_s):
            insist, read_again = self._patience.insist, self._register.read
            self._reading = now_s, self._threads.submit(insist, lambda: read_again(now_s))

    def _retire(self, stop: threading.Event) -> bool:
        """Whether the session is empty and left; first drained, since a broker may forget what is queued for nobody."""
        if not self._drains(stop.is_set):
            return False
        self._link.leave()
        return self._drains(stop.is_set)

    def _finish(self) -> None:
        """Take what the broker has sent already, so that it need not send it again; not for ever, where it goes on."""
        self._finishing = True
        until_s = self._monotonic_s() + self._options.finish_s
        self._drains(lambda: self._monotonic_s() >= until_s)

    def _drains(self, is_over: Callable[[], bool]) -> bool:
        """Write and acknowledge until the broker has nothing more; whether it came to that."""
        while not (over := is_over()) or self._judged or self._writing:
            if self._judged or self._writing or self._is_waiting():
                self._round(judging=not over)
            elif not self._link.connected:
                return False
            elif self._link.settles(_ANSWER_S):
                return True
        return False

    def _is_waiting(self) -> bool:
        turns = self._sparkplug is not None and self._sparkplug.due(self._monotonic_s(), finishing=self._finishing)
        return bool(self._link.waiting or self._strangers) or turns


def _sparkplug(register: Register, options: IngestOptions) -> SparkplugIntake:
    rebirths = Rebirths(random.SystemRandom().random) if options.rebirth else None
    return SparkplugIntake(register, options.telemetry_days, rebirths=rebirths, host=Host(reorder_s=options.reorder_s))
