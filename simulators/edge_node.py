"""A simulated Sparkplug edge node: its births, data by alias at QoS 0, and its death as the will of its connection."""

import threading
from collections.abc import Callable, Mapping, Sequence

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from ingest.wire.sparkplug.datatypes import DataType, Value
from ingest.wire.sparkplug.payloads import SEQUENCE, Metric, Payload, encode_payload
from ingest.wire.sparkplug.topics import MessageType, SparkplugTopic

BD_SEQ = "bdSeq"
REBIRTH = "Node Control/Rebirth"
_BLOCK = 64  # aliases of one device

Datatypes = Mapping[str, DataType]


class EdgeNode:
    """One edge node with its own connection; it reconnects by itself, and then says all anew.

    Args:
        group: of Sparkplug.
        name: unique within the group.
        datatypes: of its own metrics.
        now_ms: the clock.
        stop: ends waiting for the broker.
    """

    def __init__(
        self, group: str, name: str, datatypes: Datatypes, *, now_ms: Callable[[], int], stop: threading.Event
    ) -> None:
        self._group, self._name, self._now_ms, self._stop = group, name, now_ms, stop
        self._lock = threading.RLock()
        self._seq = self._bd_seq = -1
        self._tables: dict[str, Datatypes] = {"": datatypes}  # by device; the edge node itself is the empty one
        self._values: dict[str, dict[str, Value]] = {"": {}}
        self._aliases = {"": 0}  # the first one of each device
        self._up = threading.Event()

    def start(self, host: str, port: int, protocol: str, username: str | None, password: str | None) -> None:
        """Begin to connect, and keep trying."""
        version = MQTTv5 if protocol == "5" else MQTTv311
        client = Client(CallbackAPIVersion.VERSION2, f"simulator-{self._group}-{self._name}", protocol=version)
        client.on_connect = lambda *_: self._begin()
        client.on_disconnect = lambda *_: self._prepare()
        client.on_message = self._command
        client.reconnect_delay_set(1, 30)
        if username:
            client.username_pw_set(username, password)
        self._client = client
        self._prepare()
        client.connect_async(host, port, keepalive=60)
        client.loop_start()

    def await_up(self) -> bool:
        """Wait until it is born; False when told to stop before."""
        while not self._up.wait(0.05):
            if self._stop.is_set():
                return False
        return True

    def bear(self, device: str, datatypes: Datatypes, values: Mapping[str, Value]) -> None:
        """Publish the birth of a device with all that it will ever say."""
        with self._lock:
            self._tables[device] = datatypes
            self._values[device] = dict(values)
            self._aliases.setdefault(device, len(self._aliases) * _BLOCK)
            self._birth(device)

    def knows(self, device: str) -> bool:
        """Whether a device is born."""
        return device in self._tables

    def say(self, device: str, metrics: Sequence[Metric]) -> None:
        """Publish values by alias; those that are not historical hold from now on."""
        with self._lock:
            names = list(self._tables[device])
            first = self._aliases[device]
            for metric in metrics:
                if not metric.is_historical:
                    self._values[device][metric.name or ""] = metric.value
            data = [self._by_alias(metric, first + names.index(metric.name or "")) for metric in metrics]
            self._publish(MessageType.DDATA if device else MessageType.NDATA, device, data)

    def close(self) -> None:
        """Die as an edge node does that ends on purpose: a death, then a goodbye."""
        if self._up.is_set():
            self._client.publish(self._topic(MessageType.NDEATH), self._death(), qos=1).wait_for_publish(2)
        self._client.disconnect()
        self._client.loop_stop()

    def _prepare(self) -> None:
        """The will of the next connection."""
        self._up.clear()
        self._bd_seq = (self._bd_seq + 1) % SEQUENCE
        self._client.will_set(self._topic(MessageType.NDEATH), self._death(), qos=1)

    def _death(self) -> bytes:
        return encode_payload(Payload((Metric(BD_SEQ, self._bd_seq, datatype=DataType.INT64),), self._now_ms()))

    def _begin(self) -> None:
        self._client.subscribe(self._topic(MessageType.NCMD), qos=1)
        with self._lock:
            self._seq = -1
            for device in self._tables:
                self._birth(device)
        self._up.set()

    def _command(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if REBIRTH.encode() in message.payload:
            self._begin()

    def _birth(self, device: str) -> None:
        first = self._aliases[device]
        values = self._values[device]
        metrics = [
            Metric(name, values.get(name), first + place, datatype)
            for place, (name, datatype) in enumerate(self._tables[device].items())
        ]
        if not device:
            metrics.append(Metric(BD_SEQ, self._bd_seq, datatype=DataType.INT64))
            metrics.append(Metric(REBIRTH, value=False, datatype=DataType.BOOLEAN))
        self._publish(MessageType.DBIRTH if device else MessageType.NBIRTH, device, metrics)

    def _publish(self, type_: MessageType, device: str, metrics: Sequence[Metric]) -> None:
        self._seq = (self._seq + 1) % SEQUENCE
        payload = Payload(tuple(metrics), self._now_ms(), self._seq)
        self._client.publish(self._topic(type_, device), encode_payload(payload), qos=0)

    def _topic(self, type_: MessageType, device: str = "") -> str:
        return str(SparkplugTopic(type_, self._group, self._name, device))

    @staticmethod
    def _by_alias(metric: Metric, alias: int) -> Metric:
        return Metric(None, metric.value, alias, timestamp_ms=metric.timestamp_ms, is_historical=metric.is_historical)
