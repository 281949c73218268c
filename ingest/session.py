"""What a worker tells the broker of its session: who it is, how long to keep it, what it subscribes to, and its end."""

import socket
from collections.abc import Callable
from typing import Any, Final

from paho.mqtt.client import MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.channel import Channel, ChannelClient
from ingest.options import IngestOptions
from ingest.wire.sparkplug.topics import SUBSCRIPTIONS
from ingest.wire.topics import subscription

_SESSION_S: Final = 30 * 86_400
_CONNECT_TIMEOUT_S: Final = 5.0
_VERDICTS_QUEUED: Final = 10_000


def is_five(options: IngestOptions) -> bool:
    """Whether it is spoken in MQTT 5."""
    return options.protocol == "5"


def client_of(
    options: IngestOptions, make: Callable[[socket.socket], Channel], *, clean: bool = False
) -> ChannelClient:
    """A client of paho under the worker's name; with MQTT 3.1.1 a clean one ends the session that there was."""
    five = is_five(options)
    client = ChannelClient(
        make,
        callback_api_version=CallbackAPIVersion.VERSION2,
        client_id=f"robodensity-{options.worker}",
        clean_session=None if five else clean,
        protocol=MQTTv5 if five else MQTTv311,
    )
    client.connect_timeout = _CONNECT_TIMEOUT_S
    client.max_queued_messages_set(_VERDICTS_QUEUED)
    if options.username is not None:
        client.username_pw_set(options.username, options.password)
    if options.tls_ca is not None:
        client.tls_set(ca_certs=str(options.tls_ca))
    return client


def connecting(options: IngestOptions) -> dict[str, Any]:
    """How a connection goes on with the session, as arguments of paho's `connect`."""
    if not is_five(options):
        return {}
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho
    properties.SessionExpiryInterval = _SESSION_S
    properties.ReceiveMaximum = options.receive_maximum
    return {"clean_start": False, "properties": properties}


def filters(options: IngestOptions) -> list[str]:
    """What is subscribed to; Sparkplug is never shared, since its messages mean something in their order alone."""
    return [subscription(shared=options.shared), *(SUBSCRIPTIONS if options.sparkplug else ())]


def former_filters(options: IngestOptions) -> list[str]:
    """What other settings subscribed to, and a session may still hold."""
    return [subscription(shared=not options.shared), *(() if options.sparkplug else SUBSCRIPTIONS)]


def subscriptions(options: IngestOptions) -> list[Any]:
    """Each filter at QoS 1, with MQTT 5 without the retained messages that came when the subscription was new."""
    quietly = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
    return [(each, quietly if is_five(options) else 1) for each in filters(options)]


def ending(options: IngestOptions) -> Properties | None:
    """What ends the session with its connection; MQTT 3.1.1 has nothing of the kind."""
    if not is_five(options):
        return None
    properties = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call] # paho
    properties.SessionExpiryInterval = 0
    return properties
