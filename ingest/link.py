"""The connection to the broker: paho keeps the session, over a channel that keeps the messages from it.

All of it belongs to the one thread that calls `pump`. Messages are acknowledged in the order of their arrival, only
on the connection that brought them, and only when the caller says that they and all before them are done. What is in
flight is bounded twice: by the broker's window, and by bytes, above which the socket is left unread; one read may go
beyond.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.arrival import Arrival
from ingest.channel import Channel, ChannelClient
from ingest.options import IngestOptions
from ingest.order import Order
from ingest.packets import MalformedPacketError, PacketReader
from ingest.session import client_of, connecting, ending, filters, former_filters, is_five, subscriptions
from ingest.state import LinkCounters

_BACK_OFF_S: Final = (0.25, 30.0)
_READS_A_ROUND: Final = 4
_GOODBYE_S: Final = 2.0
_ANSWER_S: Final = 0.05
_BROKEN: Final = select.POLLERR | select.POLLHUP | select.POLLNVAL
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
        self.waiting_bytes = 0
        self._order = Order()
        self._options = options
        self._leaving = options.retire
        self._clock_ns = clock_ns
        self._monotonic_s = monotonic_s
        self._generation = 0
        self._had_session = False
        self._sign_s = 0.0
        self._asked_mid: int | None = None
        self._retry_s, self._pause_s = 0.0, _BACK_OFF_S[0]
        self._channel: Channel | None = None
        self._client = self._build()

    def _build(self, *, clean: bool = False) -> ChannelClient:
        client = client_of(self._options, self._open_channel, clean=clean)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_unsubscribe = self._on_unsubscribe
        client.on_disconnect = self._on_disconnect
        return client

    def _open_channel(self, sock: socket.socket) -> Channel:
        self._channel = Channel(sock, PacketReader(five=is_five(self._options), generation=self._generation))
        return self._channel

    def pump(self, timeout_s: float) -> None:
        """One round: connect where due, wait for the socket, read, write, keep alive."""
        if self._channel is None and not self._connect():
            time.sleep(min(timeout_s, max(0.0, self._retry_s - self._monotonic_s())))
            return
        if self._channel is not None:
            self._wait(self._channel, timeout_s)
            self._read(self._channel)
        if self._client.want_write():
            self._client.loop_write()
        if self._channel is not None:
            self._channel.flush()
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
            options = self._options
            self._client.connect(options.host, options.port, options.keepalive_s, **connecting(options))
        except OSError as error:  # name, route, port, TLS: all may pass
            self._say(f"The broker at {self._address} cannot be reached ({error}); trying again.")
            return False
        return True

    def _back_off(self) -> None:
        self._retry_s = self._monotonic_s() + self._pause_s
        self._pause_s = min(2 * self._pause_s, _BACK_OFF_S[1])

    @property
    def _address(self) -> str:
        return f"{self._options.host}:{self._options.port}"

    def _wait(self, channel: Channel, timeout_s: float) -> None:
        """Until the socket may be read or written, or time is up."""
        poll = select.poll()
        poll.register(channel.fileno(), (0 if self._full else select.POLLIN) | select.POLLOUT * channel.wants_write)
        found = poll.poll(0 if channel.buffered and not self._full else 1000 * timeout_s)
        if self._full and any(event & _BROKEN for _, event in found):
            channel.break_off()

    @property
    def _full(self) -> bool:
        return self.connected and self.in_flight_bytes >= self._options.max_bytes

    def _read(self, channel: Channel) -> None:
        for _ in range(_READS_A_ROUND):
            arrivals = [] if self._full else self._receive(channel)
            size = sum([len(arrival.payload) for arrival in arrivals])
            self.waiting += arrivals
            self.waiting_bytes += size
            self.in_flight_bytes += size
            while channel.paho_has_work and channel is self._channel:
                self._client.loop_read()
            if not arrivals:
                return

    def _receive(self, channel: Channel) -> list[Arrival]:
        try:
            return channel.receive(self._clock_ns(), self._monotonic_s())
        except MalformedPacketError as error:
            self._say(f"The broker at {self._address} sends {error}; connecting again.")
            channel.break_off()
            return []

    def take(self, max_bytes: int, max_messages: int = 65_535) -> list[Arrival]:
        """The oldest waiting messages up to a size, at least one where any waits; they stay in flight."""
        taken: list[Arrival] = []
        waiting, size = self.waiting, 0
        while waiting and len(taken) < max_messages:
            size += len(waiting[0].payload)
            if taken and size > max_bytes:
                size -= len(waiting[0].payload)
                break
            taken.append(waiting.popleft())
        self.waiting_bytes -= size
        self._order.take(taken)
        return taken

    def done(self, messages: Sequence[Arrival]) -> None:
        """Acknowledge what is durable, in the order of arrival, unless its connection is gone."""
        ended = self._order.done(messages)
        self.in_flight_bytes -= sum([len(message.payload) for message in ended])
        if self._channel is not None:
            generation = self._generation
            self._channel.acknowledge([each.mid for each in ended if each.mid and each.generation == generation])

    @property
    def oldest_s(self) -> float | None:
        """When the oldest message arrived that is not acknowledged; None where all are."""
        oldest = self._order.oldest or (self.waiting[0] if self.waiting else None)
        return None if oldest is None else oldest.received_s

    def publish(self, topic: str, payload: bytes, *, qos: int = 1) -> None:
        """Publish; at QoS 1 counted as dropped when too many wait already."""
        info = self._client.publish(topic, payload, qos=qos)
        if qos == 0:
            return
        if info.rc == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            self.counters.verdicts_dropped += 1
        else:
            self.counters.verdicts += 1

    def settles(self, patience_s: float) -> bool:
        """Whether the broker has nothing more for us: it answers a question, and no message comes before the answer."""
        until_s = self._monotonic_s() + patience_s
        _, self._asked_mid = self._client.unsubscribe(_NOTHING)
        while self.connected and not self.waiting and self._monotonic_s() < until_s:
            if self._asked_mid is None:
                return True
            self.pump(_ANSWER_S)
        return False

    def leave(self) -> None:
        """Unsubscribe; what the session holds still comes."""
        self._client.unsubscribe(filters(self._options) + former_filters(self._options))

    def close(self, *, for_good: bool = False) -> None:
        """Send what is to be sent and disconnect; the session stays with the broker, unless it is left for good."""
        until_s = self._monotonic_s() + _GOODBYE_S
        while self._channel is not None and self._channel.wants_write and self._monotonic_s() < until_s:
            self._wait(self._channel, until_s - self._monotonic_s())
            self._channel.flush()
        self._client.disconnect(properties=ending(self._options) if for_good else None)
        if for_good and not is_five(self._options):
            self._end_session(until_s)
        self._channel = None
        self.connected = self.subscribed = False

    def _end_session(self, until_s: float) -> None:
        """MQTT 3.1.1 ends a session by beginning another that is not kept."""
        self._client, self._leaving = self._build(clean=True), True
        self._retry_s = 0.0
        while not self.connected and self._monotonic_s() < until_s:
            self.pump(_ANSWER_S)
        self._client.disconnect()

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
        if self._leaving:
            self.trouble = None
            return
        if flags.session_present:  # the settings may have changed since
            client.unsubscribe(former_filters(self._options))
        client.subscribe(subscriptions(self._options))

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

    def _on_unsubscribe(
        self, _client: Client, _data: object, mid: int, _reasons: Sequence[ReasonCode], _props: Properties | None
    ) -> None:
        if mid == self._asked_mid:
            self._asked_mid = None

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        self._generation += 1
        self._channel = None
        self.connected = self.subscribed = False
        self._back_off()
        if self.trouble is None and reason.is_failure:
            self._say(f"The connection to the broker at {self._address} is gone ({reason}); connecting again.")

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning(trouble)
        self.trouble = trouble
