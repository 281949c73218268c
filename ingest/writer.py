"""The writing of a worker: a judged batch becomes samples and one entry of its log, written until the store has them.

    batch ──▶ samples ──▶ wait for the batch before ──▶ accounts, marks of days ──▶ stamp ──▶ entry ──▶ mark ──▶ state

Samples may be written in any order and twice, since each has its own time: so those of one batch are written beside
the entry of the one before. All else is in turn, and touched by one thread at a time.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

import polars as pl
import structlog

from ingest.accounts import Accounts
from ingest.activity import Activity
from ingest.batch import KIND_OF, Batch, refusal_frame
from ingest.patience import Patience
from ingest.refused import Row, turned_down
from ingest.verdicts import verdict_payloads
from ingest.wire.refusals import Refusal
from ingest.wire.times import day_of_us
from ingest.wire.topics import Kind, verdict_topic
from store.base import Store
from store.errors import PointsRejected, StoreUnavailable
from store.ledger import Entry, LedgerWriter
from store.schema import ACCOUNTING, DELIVERY, REFUSAL, ROBOT_DAY, ROBOT_STATUS, STATE, Measurement

_log = structlog.get_logger("ingest")

# What is refused, and how much of what came: a batch whose proof is not stored is not done.
_PROOF: Final = {REFUSAL.name, ACCOUNTING.name}

Frames = dict[Measurement, pl.DataFrame]


class Writer:
    """Writes batches, with their accounts and the marks of robots' days.

    Args:
        store: prepared.
        worker: whose log it is.
        clock_ns: the wall clock.
        patience: waits while the store is away.

    Attributes:
        unstorable: rows of our own making that the store refuses.

    Raises:
        StoreUnavailable: try again.
    """

    def __init__(self, store: Store, worker: str, clock_ns: Callable[[], int], patience: Patience) -> None:
        self.unstorable = 0
        self._clock_ns = clock_ns
        self._patience = patience
        self._store = store
        self._ledger = LedgerWriter(store, worker, clock_ns)
        self._accounts = Accounts(store, worker, self._today())
        self._activity = Activity()

    def _today(self) -> int:
        return day_of_us(self._clock_ns() // 1000)

    def write(self, batch: Batch, before: Future[None] | None = None) -> None:
        """Store all that a batch brings; on return it is durable. What the store turns down is refused.

        Args:
            batch: judged.
            before: the writing of the batch before, which ends first.

        Raises:
            StoppedError: asked to stop while the store is away.
        """
        frames = batch.frames()
        samples = frames.get(ROBOT_STATUS)
        if samples is not None and self._takes(samples):
            del frames[ROBOT_STATUS]
        if before is not None:
            before.result()
        self._accounts.take(batch.tally)
        if samples is not None:
            frames[ROBOT_DAY] = self._activity.marks(samples)
        if frames:
            frames[DELIVERY] = batch.deliveries.frame()
            self._put(frames, batch)
        if batch.state:
            self._remember(batch.state)

    def _takes(self, samples: pl.DataFrame) -> bool:
        """Whether the store has them all; where it refuses one, they are written again beside what is always good."""
        try:
            self._patience.insist(lambda: self._store.write(ROBOT_STATUS.database, {ROBOT_STATUS: samples}))
        except PointsRejected:
            return False
        return True

    def _remember(self, state: Frames) -> None:
        """Last, so that a crash before it leaves a gap where there is none, and never hides one."""
        try:
            self._patience.insist(lambda: self._store.write(STATE, state))
        except PointsRejected as rejected:
            self._turned_down(rejected, Batch())

    def _put(self, frames: Frames, batch: Batch) -> None:
        frames[ACCOUNTING] = self._accounts.changed()
        entry = self._ledger.stamp(frames)  # once: a retry keeps its stamps
        try:
            self._patience.insist(lambda: self._write(entry))
        except PointsRejected as rejected:
            rows = list(self._turned_down(rejected, batch))
            if rows:
                self._put({REFUSAL: refusal_frame(rows)}, batch)

    def _write(self, entry: Entry) -> None:
        try:
            self._ledger.write(entry)
        except PointsRejected as rejected:
            given_up = _PROOF & set(rejected.rows)
            if given_up:
                raise StoreUnavailable(
                    f"The store refuses rows that are always good ({', '.join(sorted(given_up))}), so the fault is its "
                    "own: look into its log and at what stands before it; waiting until it takes them."
                ) from rejected
            raise

    def _turned_down(self, rejected: PointsRejected, batch: Batch) -> list[Row]:
        rows = []
        for name, frame in rejected.rows.items():
            kind = KIND_OF.get(name)
            if kind is None:
                _log.error("The store refuses rows of our own making.", measurement=name, rows=frame.height)
                self.unstorable += frame.height
                continue
            rows += [self._turn_down(row, kind, rejected, batch) for row in frame.iter_rows(named=True)]
        return rows

    def _turn_down(self, row: Row, kind: Kind, rejected: PointsRejected, batch: Batch) -> Row:
        factory = str(row["factory"])
        self._accounts.turn_down(factory, kind, 1)
        batch.turn_down(factory, kind, 1)
        refusal = Refusal("invalid_field", f"The store cannot hold it: {rejected}")
        payloads = verdict_payloads(kind, [refusal], at_ns=self._clock_ns())
        batch.verdicts += [(verdict_topic(factory), payload) for payload in payloads]
        return turned_down(row, kind, str(rejected)) | {"arrived_us": self._clock_ns() // 1000}
