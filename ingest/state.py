"""How an ingest worker is, for readiness and metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.batch import Batch


@dataclass
class Counts:
    """What a worker did since it started: messages, then items."""

    messages: int = 0
    checks: int = 0
    ignored: int = 0
    batches: int = 0
    arrived: int = 0
    stored: int = 0
    refused: int = 0
    redelivered: int = 0
    unstorable: int = 0

    def take(self, batch: Batch) -> None:
        """Count a batch that is durable."""
        self.batches += 1
        self.checks += batch.checks
        self.ignored += batch.ignored
        for totals in batch.tally.values():
            self.messages += totals.messages
            self.arrived += totals.arrived
            self.stored += totals.stored
            self.refused += totals.refused
            self.redelivered += totals.redelivered


@dataclass
class LinkCounters:
    """What happened on the link since the start."""

    connections: int = 0
    sessions_lost: int = 0
    verdicts: int = 0
    verdicts_dropped: int = 0


@dataclass(frozen=True)
class IngestState:
    """One moment of a worker.

    Attributes:
        connected: to the broker.
        subscribed: the broker has granted the subscription.
        oldest_unacknowledged_s: the age of the oldest message that is not durable yet; 0 where there is none.
        waiting: messages that are not yet in a batch.
        in_flight_bytes: payloads in memory.
        trouble: what is wrong with broker or store, as sentences; empty where nothing is.
        counters: what it did since it started, by name.
    """

    connected: bool
    subscribed: bool
    oldest_unacknowledged_s: float
    waiting: int
    in_flight_bytes: int
    trouble: tuple[str, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)
