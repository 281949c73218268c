"""The connection to the broker: publishes at QoS 1 and counts what is acknowledged."""

import threading

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.telling import say

_IN_FLIGHT = 20  # what mosquitto's default receive-maximum allows
_POLL_S = 0.05


class Link:
    """One MQTT client for all simulated factories; it reconnects by itself and sends again what was not answered."""

    def __init__(self, *, host: str, port: int, protocol: str, name: str, stop: threading.Event) -> None:
        self.sent = self.acknowledged = self.rejected = 0
        self._where, self._stop, self._up = f"{host}:{port}", stop, True
        self._moved = threading.Condition()
        client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv5 if protocol == "5" else MQTTv311)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_connect_fail, client.on_publish = self._on_connect_fail, self._on_publish
        client.max_inflight_messages_set(_IN_FLIGHT)
        client.reconnect_delay_set(1, 30)
        client.connect_async(host, port, keepalive=60)
        self._client = client

    def start(self, username: str | None, password: str | None) -> None:
        """Begin to connect, and keep trying."""
        if username:
            self._client.username_pw_set(username, password)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> None:
        """Send, or keep until there is a connection."""
        self.sent += 1
        self._client.publish(topic, payload, qos=1)

    def await_at_most(self, unanswered: int) -> bool:
        """Wait until at most so many messages are unanswered; False when told to stop before."""
        with self._moved:
            while self.sent - self.acknowledged > unanswered:
                if self._stop.is_set():
                    return False
                self._moved.wait(_POLL_S)
        return not self._stop.is_set()

    def close(self) -> None:
        """Say goodbye; what is unanswered is sent again by the next run."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_publish(
        self, _client: Client, _data: object, _mid: int, reason: ReasonCode, _properties: Properties
    ) -> None:
        with self._moved:
            self.acknowledged += 1
            if reason.is_failure:
                self.rejected += 1
                if self.rejected == 1:
                    say(f"the broker {self._where} rejects a message ({reason}): check the account's rights.")
            self._moved.notify_all()

    def _on_connect(
        self,
        _client: Client,
        _data: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._note(up=False, why=str(reason))
        else:
            self._note(up=True, why="")

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if not self._stop.is_set() and reason.is_failure:
            self._note(up=False, why=str(reason))

    def _on_connect_fail(self, _client: Client, _data: object) -> None:
        self._note(up=False, why="nobody answers")

    def _note(self, *, up: bool, why: str) -> None:
        if up != self._up:
            self._up = up
            sentence = "is back." if up else f"is not to be had ({why}); trying again until it is."
            say(f"the broker {self._where} {sentence}")
