"""The codec of the JSON contract, version 1: bytes to columns named as in the store, and back. No I/O.

A whole message is read and validated at once; only where something is wrong, or cannot be told so quickly, it is
read strictly and its items are looked at one by one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from ingest.wire import models
from ingest.wire.complaints import as_wire_error
from ingest.wire.lifecycle import lifecycle_columns
from ingest.wire.receipt import Columns, Receipt, sender_columns
from ingest.wire.refusals import Refusal, WireError
from ingest.wire.returns import assessment_columns, inventory_columns, workforce_columns
from ingest.wire.status import status_columns, status_head
from ingest.wire.strict_json import MAX_BYTES, count_keys, parse_object
from ingest.wire.topics import Kind


@dataclass(frozen=True)
class Decoded:
    """A judged message: arrived = stored + refused, in items.

    Attributes:
        kind: what the message is; None where its topic does not say.
        items: how many arrived; a message that cannot be decoded is one.
        columns: the good items, by column of the measurement of this kind.
        positions: where the good items stood in their message.
        refusals: of the whole message, or one for each bad item.
        message: the payload as read, for storing refused items alone; None where it cannot be read.
    """

    kind: Kind | None
    items: int
    columns: Columns = field(default_factory=dict)
    positions: Sequence[int] = ()
    refusals: tuple[Refusal, ...] = ()
    message: Mapping[str, Any] | None = None

    @property
    def whole_refused(self) -> bool:
        """Whether the message is refused as a whole."""
        return any(refusal.position is None for refusal in self.refusals)


@dataclass(frozen=True)
class Codec:
    """How one kind of message is read.

    Attributes:
        list_name: the field that holds the items; None where the message is the item.
        message: the type of the whole message.
        envelope: the same with its items unseen.
        item: the type of one item.
        columns: from valid items, their message and its receipt to columns.
        nested: fields of an item that hold an object.
    """

    list_name: str | None
    message: type
    envelope: type
    item: type
    columns: Callable[[Sequence[Mapping[str, Any]], Mapping[str, Any], Receipt], Columns]
    nested: tuple[str, ...] = ()

    def items(self, message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The items of a valid message."""
        return message[self.list_name] if self.list_name else (message,)

    def keys(self, message: Mapping[str, Any]) -> int:
        """How many keys stand in a valid message without `ext`."""
        items = self.items(message)
        nested = sum(len(item[name]) for name in self.nested for item in items if name in item)
        return (len(message) if self.list_name else 0) + sum(map(len, items)) + nested

    @cached_property
    def whole(self) -> TypeAdapter[Any]:
        """Validates a whole message at once."""
        return TypeAdapter(self.message)

    @cached_property
    def outside(self) -> TypeAdapter[Any]:
        """Validates a message but for its items."""
        return TypeAdapter(self.envelope)

    @cached_property
    def one(self) -> TypeAdapter[Any]:
        """Validates one item."""
        return TypeAdapter(self.item)


CODECS: Final[Mapping[Kind, Codec]] = {
    "status": Codec("robots", models.Status, models.StatusEnvelope, models.Sample, status_columns),
    "lifecycle": Codec(
        "events",
        models.Lifecycle,
        models.LifecycleEnvelope,
        models.LifecycleEvent,
        lifecycle_columns,
        nested=("nameplate", "voids"),
    ),
    "workforce": Codec("periods", models.Workforce, models.WorkforceEnvelope, models.Headcount, workforce_columns),
    "inventory": Codec(None, models.Inventory, models.Inventory, models.Inventory, inventory_columns),
    "assessment": Codec(None, models.Assessment, models.Assessment, models.Assessment, assessment_columns),
}


def decode(kind: Kind, payload: bytes, receipt: Receipt) -> Decoded:
    """Judge a message by itself: its good items as columns, the others refused one by one."""
    decoded = _at_once(kind, payload, receipt) if len(payload) <= MAX_BYTES else None
    if decoded is not None:
        return decoded
    try:
        message = parse_object(payload)
    except WireError as error:
        return Decoded(kind, 1, refusals=(error.refusal,))
    return _one_by_one(kind, message, receipt)


def decode_message(kind: Kind, message: Mapping[str, Any], receipt: Receipt) -> Decoded:
    """Judge a message that another codec has read, by the same rules."""
    return _one_by_one(kind, message, receipt)


def _at_once(kind: Kind, payload: bytes, receipt: Receipt) -> Decoded | None:
    codec = CODECS[kind]
    try:
        message = codec.whole.validate_json(payload)
        if "ext" in message or count_keys(payload) != codec.keys(message):
            return None
        items = codec.items(message)
        columns = codec.columns(items, message, receipt)
    except (ValidationError, WireError):
        return None
    return Decoded(kind, len(items), columns, range(len(items)), message=message)


def _one_by_one(kind: Kind, message: Mapping[str, Any], receipt: Receipt) -> Decoded:
    codec = CODECS[kind]
    try:
        head = _valid(codec.outside, codec.envelope, message)
        if codec.list_name is None:
            return Decoded(kind, 1, codec.columns([head], head, receipt), (0,), message=message)
        _check_head(kind, head, receipt)
    except WireError as error:
        return Decoded(kind, _count(codec, message), refusals=(error.refusal,), message=message)
    return _judged(kind, head, receipt, message)


def _judged(kind: Kind, head: Mapping[str, Any], receipt: Receipt, message: Mapping[str, Any]) -> Decoded:
    codec, name = CODECS[kind], CODECS[kind].list_name or ""
    positions: list[int] = []
    good: list[Mapping[str, Any]] = []
    refusals: list[Refusal] = []
    for position, item in enumerate(head[name]):
        try:
            valid = _valid(codec.one, codec.item, item)
            codec.columns([valid], head, receipt)
        except WireError as error:
            refusals.append(error.refusal.within(name, position))
        else:
            positions.append(position)
            good.append(valid)
    columns = codec.columns(good, head, receipt) if good else {}
    return Decoded(kind, len(head[name]), columns, positions, tuple(refusals), message)


def _valid(adapter: TypeAdapter[Mapping[str, Any]], model: type, value: object) -> Mapping[str, Any]:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise as_wire_error(error, model) from None


def _check_head(kind: Kind, head: Mapping[str, Any], receipt: Receipt) -> None:
    sender_columns(head, receipt, 1)
    if kind == "status":
        status_head(head, receipt)


def _count(codec: Codec, message: Mapping[str, Any]) -> int:
    items = message.get(codec.list_name) if codec.list_name else None
    return max(1, len(items)) if isinstance(items, list) else 1


def encode(message: Mapping[str, Any]) -> bytes:
    """A message of the contract as compact JSON; `decode` reads it back."""
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def encode_items(kind: Kind, items: Sequence[Mapping[str, Any]], **head: object) -> bytes:
    """Samples, events or periods as one message, with what its envelope carries."""
    name = CODECS[kind].list_name
    if name is None:
        raise ValueError(f"A message of kind {kind} is one item: encode it with encode().")
    return encode({**head, name: items})
