"""Admission: a message is judged by itself, the clock at its arrival and the register, never by other reports."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from ingest.wire.json_v1 import Decoded, decode
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import Refusal
from ingest.wire.topics import KINDS, Topic


class Known(Protocol):
    """As much of the register as admission asks for."""

    def __contains__(self, factory: str) -> bool:
        """Whether a factory is registered."""

    def sites(self, factory: str) -> int:
        """How many registered sites have the credit code of this one; 1 where it has none."""


def judge(topic: Topic, payload: bytes, receipt: Receipt, register: Known) -> Decoded:
    """The good items of a message as columns, and what is refused and why."""
    if topic.kind is None:
        detail = f"The topic is none of robodensity/v1/<factory>/<kind> with {', '.join(KINDS)}: correct the topic."
        return Decoded(None, 1, refusals=(Refusal("unknown_kind", detail),))
    decoded = decode(topic.kind, payload, receipt)
    if decoded.whole_refused:
        return decoded
    refusal = _unknown_factory(topic, register) or _entity_of_many(topic, decoded.message or {}, register)
    return decoded if refusal is None else replace(decoded, columns={}, positions=(), refusals=(refusal,))


def _unknown_factory(topic: Topic, register: Known) -> Refusal | None:
    if topic.factory in register:
        return None
    detail = f"{topic.factory} is not registered: register it, then what was refused can be replayed."
    return Refusal("unknown_factory", detail)


def _entity_of_many(topic: Topic, message: Mapping[str, object], register: Known) -> Refusal | None:
    sites = register.sites(topic.factory)
    if message.get("basis") != "entity" or sites <= 1:
        return None
    detail = (
        f"basis is entity, but {sites} registered sites share the credit code of {topic.factory}: send each site's."
    )
    return Refusal("entity_headcount", detail, "basis")
