"""A factory's side of the wire for the fault tests: numbered messages, and which of them the broker acknowledged."""

import threading
import time
import uuid
from collections.abc import Callable, Iterable

from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

Message = tuple[str, bytes]  # topic and payload

WINDOW = 500
_MIDS = 65_535


class Sender:
    """Publishes at QoS 1 in order and repeats over reconnects what has no PUBACK, as a good gateway does.

    Attributes:
        acknowledged_s: when each message was acknowledged, by its place (monotonic).
    """

    def __init__(self, port: int, *, host: str = "127.0.0.1", mqtt_5: bool = False) -> None:
        self.acknowledged_s: dict[int, float] = {}
        self._places: list[int] = []  # in their order; paho numbers messages 1 to 65,535, round and round
        self._room = threading.Semaphore(WINDOW)
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"sender-{uuid.uuid4().hex}",
            clean_session=None if mqtt_5 else False,
            protocol=MQTTv5 if mqtt_5 else MQTTv311,
        )
        self._client.max_inflight_messages_set(WINDOW)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = self._note
        self._client.connect(host, port)
        self._client.loop_start()

    def _note(self, _client: Client, _data: object, mid: int, *_: object) -> None:
        newest = len(self._places) - 1
        self.acknowledged_s[self._places[newest - (newest - mid + 1) % _MIDS]] = time.monotonic()
        self._room.release()

    def send(self, messages: Iterable[tuple[int, Message]], *, give_up: Callable[[], bool] = lambda: False) -> None:
        """Publish messages by their places, at most WINDOW ahead of the broker's acknowledgement."""
        for place, (topic, payload) in messages:
            while not self._room.acquire(timeout=1):
                if give_up():
                    return
            self._places.append(place)
            self._client.publish(topic, payload, qos=1)

    def settled(self) -> bool:
        """Whether everything sent is acknowledged."""
        return len(self.acknowledged_s) == len(self._places)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()
