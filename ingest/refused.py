"""What is refused, as rows of the store: items alone in their envelope, whole messages as they came."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ingest.arrival import Arrival
from ingest.wire.json_v1 import CODECS, Decoded
from ingest.wire.refusals import Refusal, clean
from ingest.wire.topics import Topic

KEPT_BYTES: Final = 48 * 1024  # 64 KiB as base64

Row = dict[str, object]


def refusal_rows(arrival: Arrival, topic: Topic, decoded: Decoded, counted: str) -> Iterator[Row]:
    """Rows of `refusal`, without the writer's stamp; each payload can be judged again by itself.

    Args:
        arrival: the message.
        topic: its topic, parsed.
        decoded: what was judged of it.
        counted: the factory that accounting counts it under.
    """
    for refusal in decoded.refusals:
        base = _base(arrival, topic, refusal, counted)
        if refusal.position is not None:
            yield base | kept(_alone(decoded, refusal.position, refusal.position + 1)) | {"whole": False, "items": 1}
        elif decoded.items > 1 and len(arrival.payload) > KEPT_BYTES:
            yield from _parts(base, decoded, 0, decoded.items)
        else:
            yield base | kept(arrival.payload) | {"whole": True, "items": decoded.items}


def _base(arrival: Arrival, topic: Topic, refusal: Refusal, counted: str) -> Row:
    return {
        "counted": counted,
        "reason": refusal.code,
        "topic": clean(arrival.topic),
        "factory": topic.factory,
        "kind": topic.kind or "",
        "detail": refusal.detail,
        "path": refusal.path,
        "arrived_us": arrival.arrived_ns // 1000,
    }


def kept(payload: bytes) -> Row:
    """A payload as it is kept: base64 of its beginning, with the length and SHA-256 of all of it."""
    return {
        "payload": base64.b64encode(payload[:KEPT_BYTES]).decode(),
        "sha256": hashlib.sha256(payload).hexdigest(),
        "length": len(payload),
    }


def _parts(base: Row, decoded: Decoded, first: int, last: int) -> Iterator[Row]:
    payload = _alone(decoded, first, last)
    if len(payload) > KEPT_BYTES and last - first > 1:  # cut short it could never be replayed
        middle = (first + last) // 2
        yield from _parts(base, decoded, first, middle)
        yield from _parts(base, decoded, middle, last)
        return
    name = CODECS[decoded.kind].list_name if decoded.kind else None
    path = f"{name}.{first}" if last - first == 1 else f"{name}.{first}-{last - 1}"
    yield base | kept(payload) | {"whole": False, "path": path, "items": last - first}


def _alone(decoded: Decoded, first: int, last: int) -> bytes:
    message: Mapping[str, Any] = decoded.message or {}
    name = CODECS[decoded.kind].list_name if decoded.kind else None
    part = {**message, name: message[name][first:last]} if name else message
    return json.dumps(part, separators=(",", ":")).encode()  # ASCII, so that half a character survives


def turned_down(row: Mapping[str, Any], kind: str, reason: str) -> Row:
    """A row of `refusal` for a good item that the store cannot take."""
    payload = json.dumps(dict(row), separators=(",", ":")).encode()
    factory = str(row["factory"])
    return kept(payload) | {
        "reason": "invalid_field",
        "topic": f"robodensity/v1/{factory}/{kind}",
        "factory": factory,
        "kind": kind,
        "detail": clean(reason),
        "path": "",
        "whole": False,
        "items": 1,
        "counted": factory,
    }
