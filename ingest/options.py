"""What an ingest worker is told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Protocol = Literal["5", "3.1.1"]


@dataclass(frozen=True)
class IngestOptions:
    """How a worker reaches its broker, and what it bounds.

    Attributes:
        host: of the broker.
        port: of the broker.
        protocol: MQTT 5, or 3.1.1 where the broker has no 5.
        worker: a name that no other writer has; the broker keeps the session under it.
        shared: whether several workers share the subscription.
        sparkplug: whether this worker takes Sparkplug too; one worker of a deployment does.
        rebirth: whether it may ask edge nodes for their births.
        reorder_s: how long a Sparkplug message waits for those before it.
        retire: take what the session holds to its end, then end it and stop.
        username: of the broker's account.
        password: of the broker's account.
        tls_ca: the certificate authority of the broker; None speaks without TLS.
        receive_maximum: messages that the broker may send ahead of acknowledgement (MQTT 5).
        max_bytes: payload bytes held in memory before the socket is left unread.
        telemetry_days: status older than this is refused.
        keepalive_s: the broker takes a worker for dead that is silent for half as long again.
        linger_s: how long the first message of a batch waits for others.
        finish_s: how long a worker that stops takes what the broker still sends; the rest comes again.
        batch_bytes: payload bytes that make a batch full before that.
    """

    host: str = "127.0.0.1"
    port: int = 1883
    protocol: Protocol = "5"
    worker: str = "ingest-1"
    shared: bool = False
    sparkplug: bool = False
    rebirth: bool = False
    reorder_s: float = 5.0
    retire: bool = False
    username: str | None = None
    password: str | None = None
    tls_ca: Path | None = None
    receive_maximum: int = 40_000
    max_bytes: int = 64 * 1024 * 1024
    telemetry_days: int = 90
    keepalive_s: int = 60
    linger_s: float = 0.15
    finish_s: float = 5.0
    batch_bytes: int = 2 * 1024 * 1024

    @property
    def batch_messages(self) -> int:
        """Messages that make a batch full: a quarter of the window, of which two are written and one is judged."""
        return max(1, self.receive_maximum // 4)
