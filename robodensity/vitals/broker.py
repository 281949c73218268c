"""What the broker tells of itself under `$SYS`: what it holds, what it dropped, and how long its queue would last."""

import threading
from collections.abc import Mapping
from typing import Final

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from ingest.options import IngestOptions

TOPICS: Final[Mapping[str, str]] = {
    "$SYS/broker/uptime": "uptime_s",
    "$SYS/broker/publish/messages/dropped": "dropped",
    "$SYS/broker/store/messages/count": "queued_messages",
    "$SYS/broker/store/messages/bytes": "queued_bytes",
    "$SYS/broker/heap/current": "heap_bytes",
    "$SYS/broker/clients/connected": "clients",
    "$SYS/broker/load/bytes/received/5min": "received_bytes_per_s",
}
_A_MINUTE: Final = {"received_bytes_per_s"}  # mosquitto tells its loads per minute
_WHOLE_RATE: Final = 1.0  # B/s; below it the queue lasts for as long as anybody asks
_RECONNECT_S: Final = (1, 30)


class BrokerWatch:
    """Listens to the broker on a connection of its own, at QoS 0 and without a session: it holds up nobody.

    Args:
        options: the broker and the account.
        limit_bytes: of the queue of one session, as the broker is configured; 0 where it has none.
    """

    def __init__(self, options: IngestOptions, *, limit_bytes: int) -> None:
        self._options = options
        self._limit_bytes = limit_bytes
        self._told: dict[str, float] = {}
        self._client = self._build()

    def _build(self) -> Client:
        options = self._options
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"robodensity-{options.worker}-watch",
            protocol=MQTTv5 if options.protocol == "5" else MQTTv311,
        )
        if options.username is not None:
            client.username_pw_set(options.username, options.password)
        if options.tls_ca is not None:
            client.tls_set(ca_certs=str(options.tls_ca))
        client.reconnect_delay_set(*_RECONNECT_S)
        client.on_connect = self._ask
        client.on_disconnect = self._forget
        client.on_message = self._hear
        client.suppress_exceptions = True  # what another broker says in other words is not told, and no more
        return client

    def run(self, stop: threading.Event) -> None:
        """Listen until stopped; connects again for as long as it takes."""
        self._client.connect_async(self._options.host, self._options.port, self._options.keepalive_s)
        self._client.loop_start()
        stop.wait()
        self._client.disconnect()
        self._client.loop_stop()

    def _ask(self, client: Client, *_: object) -> None:
        client.subscribe([(topic, 0) for topic in TOPICS])

    def _forget(self, *_: object) -> None:
        self._told.clear()

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        name = TOPICS[message.topic]
        value = float(message.payload.split()[0])  # "17 seconds"
        self._told[name] = value / 60 if name in _A_MINUTE else value

    def row(self) -> Mapping[str, object]:
        """The fields of `broker_vitals` that the broker has told on this connection; empty where it tells nothing."""
        told = dict(self._told)
        if not told:
            return {}
        hours = hours_until_full(self._limit_bytes, told.get("queued_bytes"), told.get("received_bytes_per_s"))
        whole = {name: value if name in _A_MINUTE else int(value) for name, value in told.items()}
        known = {"hours_until_full": hours or 0.0, "hours_until_full_known": hours is not None}
        return whole | known | {"limit_bytes": self._limit_bytes}


def hours_until_full(limit_bytes: int, queued_bytes: float | None, bytes_per_s: float | None) -> float | None:
    """How long the queue would hold if nothing were taken from it from now on [h].

    Args:
        limit_bytes: of the queue; 0 where it has none.
        queued_bytes: held now.
        bytes_per_s: that arrive; on the wire, so that the answer is rather too short than too long.

    Returns:
        None where there is no limit, no rate, or the broker does not tell them.
    """
    if not limit_bytes or queued_bytes is None or bytes_per_s is None or bytes_per_s < _WHOLE_RATE:
        return None
    return max(0.0, limit_bytes - queued_bytes) / bytes_per_s / 3600
