"""What is refused of Sparkplug messages, as rows of the store.

Data is an alias and a value, and means nothing without its births. So what is kept is a payload that can be judged
again by itself: the metrics that a refused item was made of, by name, with their datatypes, and with those values of
earlier messages that it stood on. Where nothing could be read, the payload is kept as it came.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.arrival import Arrival
from ingest.refused import KEPT_BYTES, Row, kept
from ingest.wire.refusals import Refusal, clean
from ingest.wire.sparkplug.datatypes import Opaque
from ingest.wire.sparkplug.items import Item
from ingest.wire.sparkplug.judging import Judged
from ingest.wire.sparkplug.payloads import Payload, encode_payload


def refusal_rows(arrival: Arrival, judged: Judged, *, factory: str, counted: str) -> Iterator[Row]:
    """Rows of `refusal`, without the writer's stamp; items that are refused for one reason stand together.

    Args:
        arrival: the message.
        judged: what became of its items of one kind.
        factory: whose edge node it is; empty where the register maps it to none.
        counted: the factory that accounting counts it under.
    """
    for refusal, together in groupby(judged.refused, key=lambda each: each[1]):
        row = _base(arrival, refusal) | {"factory": factory, "counted": counted, "kind": judged.kind or ""}
        yield from _parts(row, arrival, [item for item, _ in together])


def whole_row(arrival: Arrival, refusal: Refusal, *, factory: str, counted: str) -> Row:
    """The row of a message that could not be read."""
    row = _base(arrival, refusal) | {"factory": factory, "counted": counted, "kind": ""}
    return row | kept(arrival.payload) | {"whole": True, "items": 1}


def _base(arrival: Arrival, refusal: Refusal) -> Row:
    return {
        "reason": refusal.code,
        "topic": clean(arrival.topic),
        "detail": refusal.detail,
        "path": refusal.path,
        "arrived_us": arrival.arrived_ns // 1000,
    }


def _parts(row: Row, arrival: Arrival, items: Sequence[Item]) -> Iterator[Row]:
    metrics = tuple(metric for item in items for metric in item.metrics)
    if any(isinstance(metric.value, Opaque) for metric in metrics):
        yield row | kept(arrival.payload) | {"whole": True, "items": len(items)}
        return
    payload = encode_payload(Payload(metrics))
    # Cut short, or with two events of one robot, it could never be replayed.
    if len(items) > 1 and (len(payload) > KEPT_BYTES or _has_events_of_one(items)):
        middle = len(items) // 2
        yield from _parts(row, arrival, items[:middle])
        yield from _parts(row, arrival, items[middle:])
        return
    yield row | kept(payload) | {"whole": False, "items": len(items)}


def _has_events_of_one(items: Sequence[Item]) -> bool:
    robots = [item.robot for item in items if item.kind == "lifecycle"]
    return len(robots) > len(set(robots))
