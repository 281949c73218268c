"""The connection to the broker: paho driven by our own loop, in the one thread that calls `pump`.

Messages are acknowledged in the order of their arrival, only on the connection that brought them, and only when the
caller says so. What is in flight is bounded twice: by the broker's window, and by bytes, above which the socket is
left unread.
"""

import select
import time
from collections import deque
from collections.abc import Callable, Sequence
from ssl import SSLSocket
from typing import Any, Final

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.arrival import Arrival
from ingest.options import IngestOptions
from ingest.state import LinkCounters
from ingest.wire.topics import subscription

_SESSION_S: Final = 30 * 86_400
_CONNECT_TIMEOUT_S: Final = 5.0
_BACK_OFF_S: Final = (0.25, 30.0)
_PACKETS_A_ROUND: Final = 2000
_VERDICTS_QUEUED: Final = 10_000
_GOODBYE_S: Final = 2.0
_NOTHING: Final = "robodensity/-"  # a filter that nobody subscribes to: leaving it is a sign of life and no more

_log = structlog.get_logger("ingest.link")


class Link:
    """A session with the broker that outlives connections and processes.

    Args:
        options: the broker, the account and the bounds.
        clock_ns: the wall clock that stamps arrivals.
        monotonic_s: the clock of back-off and ages.
    """

    def __init__(
        self,
        options: IngestOptions,
        *,
        clock_ns: Callable[[], int],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connected = False
        self.subscribed = False
        self.trouble: str | None = "not connected yet"
        self.counters = LinkCounters()
        self.in_flight_bytes = 0
        self.waiting: deque[Arrival] = deque()
        self._options = options
        self._clock_ns = clock_ns
        self._monotonic_s = monotonic_s
        self._generation = 0
        self._had_session = False
        self._sign_s = 0.0
        self._retry_s, self._pause_s = 0.0, _BACK_OFF_S[0]
        self._client = self._build()

    def _build(self) -> Client:
        options = self._options
        five = options.protocol == "5"
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"robodensity-{options.worker}",
            clean_session=None if five else False,
            protocol=MQTTv5 if five else MQTTv311,
            manual_ack=True,
        )
        client.connect_timeout = _CONNECT_TIMEOUT_S
        client.max_queued_messages_set(_VERDICTS_QUEUED)
        if options.username is not None:
            client.username_pw_set(options.username, options.password)
        if options.tls_ca is not None:
            client.tls_set(ca_certs=str(options.tls_ca))
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def pump(self, timeout_s: float) -> None:
        """One round: connect where due, wait for the socket, read, write, keep alive."""
        if self._client.socket() is None and not self._connect():
            time.sleep(min(timeout_s, max(0.0, self._retry_s - self._monotonic_s())))
            return
        readable, writable = self._poll(timeout_s)
        if readable:
            self._read()
        if writable:
            self._client.loop_write()
        self._keep_alive()

    def _keep_alive(self) -> None:
        """Ping; but while the socket is left unread no answer can be, and paho would take the broker for dead."""
        if not self._full:
            self._client.loop_misc()
        elif self._monotonic_s() >= self._sign_s:
            self._sign_s = self._monotonic_s() + self._options.keepalive_s / 2
            self._client.unsubscribe(_NOTHING)

    def _connect(self) -> bool:
        if self._monotonic_s() < self._retry_s:
            return False
        self._back_off()
        try:
            self._client.connect(self._options.host, self._options.port, self._options.keepalive_s, **self._session())
        except OSError as error:  # name, route, port, TLS: all may pass
            self._say(f"The broker at {self._address} cannot be reached ({error}); trying again.")
            return False
        return True

    def _session(self) -> dict[str, Any]:
        if self._options.protocol != "5":
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho
        properties.SessionExpiryInterval = _SESSION_S
        properties.ReceiveMaximum = self._options.receive_maximum
        return {"clean_start": False, "properties": properties}

    def _back_off(self) -> None:
        self._retry_s = self._monotonic_s() + self._pause_s
        self._pause_s = min(2 * self._pause_s, _BACK_OFF_S[1])

    @property
    def _address(self) -> str:
        return f"{self._options.host}:{self._options.port}"

    def _poll(self, timeout_s: float) -> tuple[bool, bool]:
        sock = self._client.socket()
        if sock is None:
            return False, False
        mask = (0 if self._full else select.POLLIN) | (select.POLLOUT if self._client.want_write() else 0)
        poll = select.poll()
        poll.register(sock.fileno(), mask)
        timeout_ms = 0 if isinstance(sock, SSLSocket) and sock.pending() else 1000 * timeout_s
        found = next(iter(poll.poll(timeout_ms)), (0, 0))[1]
        broken = found & (select.POLLERR | select.POLLHUP | select.POLLNVAL)
        pending = timeout_ms == 0 and not self._full
        return bool(found & select.POLLIN or broken or pending), bool(found & select.POLLOUT)

    @property
    def _full(self) -> bool:
        return self.connected and self.in_flight_bytes >= self._options.max_bytes

    def _read(self) -> None:
        for _ in range(_PACKETS_A_ROUND):
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or self._full:
                return
            if not self._poll(0)[0]:
                return

    def take(self, max_bytes: int) -> list[Arrival]:
        """The oldest waiting messages up to a size, at least one where any waits; they stay in flight."""
        taken: list[Arrival] = []
        size = 0
        while self.waiting and (not taken or size + len(self.waiting[0].payload) <= max_bytes):
            taken.append(self.waiting.popleft())
            size += len(taken[-1].payload)
        return taken

    def done(self, messages: Sequence[Arrival]) -> None:
        """Acknowledge messages that are durable, in their order, unless their connection is gone."""
        for message in messages:
            self.in_flight_bytes -= len(message.payload)
            if message.mid and message.generation == self._generation:
                self._client.ack(message.mid, 1)

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 1; counted as dropped when too many wait already."""
        info = self._client.publish(topic, payload, qos=1)
        if info.rc == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            self.counters.verdicts_dropped += 1
        else:
            self.counters.verdicts += 1

    def close(self) -> None:
        """Send what is to be sent and disconnect; the session stays with the broker."""
        deadline_s = self._monotonic_s() + _GOODBYE_S
        while self.connected and self._client.want_write() and self._monotonic_s() < deadline_s:
            self._client.loop_write()
        self._client.disconnect()
        while self._client.socket() is not None and self._client.want_write() and self._monotonic_s() < deadline_s:
            self._client.loop_write()
        self.connected = self.subscribed = False

    def _on_connect(
        self, client: Client, _data: object, flags: ConnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            self._say(f"The broker at {self._address} refuses {self._options.worker}: {reason}. Check the account.")
            return
        if self._had_session and not flags.session_present:
            self.counters.sessions_lost += 1
            _log.error("The broker has lost our session: what was published meanwhile is gone.", broker=self._address)
        self.connected, self._had_session = True, True
        self.counters.connections += 1
        client.subscribe(subscription(shared=self._options.shared), qos=1)

    def _on_subscribe(
        self, client: Client, _data: object, _mid: int, reasons: Sequence[ReasonCode], _props: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._say(f"The broker at {self._address} refuses the subscription: {reasons[0]}. Check the ACL.")
            client.disconnect()
            return
        self.subscribed, self._pause_s = True, _BACK_OFF_S[0]
        self.trouble = None
        _log.info("Subscribed.", broker=self._address, worker=self._options.worker)

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        self._generation += 1
        self.connected = self.subscribed = False
        self._back_off()
        if self.trouble is None and reason.is_failure:
            self._say(f"The connection to the broker at {self._address} is gone ({reason}); connecting again.")

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning(trouble)
        self.trouble = trouble

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        mid = message.mid if message.qos else 0
        arrival = Arrival(
            topic, bytes(message.payload), self._clock_ns(), message.dup, mid, self._generation, self._monotonic_s()
        )
        self.waiting.append(arrival)
        self.in_flight_bytes += len(message.payload)
