"""A message as it came from the broker."""

from typing import NamedTuple


class Arrival(NamedTuple):
    """What is kept of a message until it is acknowledged; MQTT 5 properties are not.

    Attributes:
        topic: as published; empty where it is not UTF-8.
        payload: as published.
        arrived_ns: the wall clock at arrival.
        dup: the broker sent it before.
        mid: the broker's number of it within a connection; 0 at QoS 0, which is not acknowledged.
        generation: the connection that it came by.
        received_s: the monotonic clock at arrival.
    """

    topic: str
    payload: bytes
    arrived_ns: int
    dup: bool
    mid: int
    generation: int
    received_s: float
