"""A message judged as ingest would judge it, and stored nowhere."""

from collections import Counter
from functools import cached_property

from api.registry import Registry
from ingest.wire.admission import judge
from ingest.wire.json_v1 import Decoded
from ingest.wire.receipt import Receipt
from ingest.wire.topics import Kind, Role, Topic


class KnownFactories:
    """The registry as admission asks for it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __contains__(self, factory: str) -> bool:
        return factory in self._registry

    def sites(self, factory: str) -> int:
        """How many registered sites have the credit code of this one; 1 where it has none."""
        code = self._code(factory)
        return self._sites[code] if code else 1

    @cached_property
    def _sites(self) -> Counter[str | None]:
        return Counter(map(self._code, self._registry.factories()))

    def _code(self, factory: str) -> str | None:
        spells = self._registry.spells(factory)
        return spells[-1].credit_code if spells else None


class Anybody:
    """A register that knows everybody: what is judged by it is judged by the message alone."""

    def __contains__(self, factory: str) -> bool:
        return True

    def sites(self, _factory: str) -> int:
        """One: nothing is known of others."""
        return 1


def checked(
    kind: Kind, payload: bytes, *, factory: str, known: KnownFactories | Anybody, now_ns: int, telemetry_days: int
) -> dict[str, object]:
    """What would come of a message that arrives now: how many of its items are good, and what is wrong with the others.

    Args:
        kind: as in its topic.
        payload: its bytes.
        factory: as in its topic.
        known: the register.
        now_ns: the time of arrival.
        telemetry_days: how old a status may be.
    """
    receipt = Receipt(factory, now_ns // 1_000, telemetry_days)
    decoded = judge(Topic(Role.REPORT, factory, kind), payload, receipt, known)
    return {"kind": kind, "ok": not decoded.refusals, **_counts(decoded), "verdicts": _verdicts(decoded)}


def _counts(decoded: Decoded) -> dict[str, int]:
    good = len(decoded.positions)
    return {"items": decoded.items, "good": good, "refused": decoded.items - good}


def _verdicts(decoded: Decoded) -> list[dict[str, str]]:
    return [{"reason": each.code, "detail": each.detail, "path": each.path} for each in decoded.refusals]
