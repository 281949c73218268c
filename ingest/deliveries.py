"""What a batch brings of each factory's deliveries: how many messages, which numbers, when, and how late.

The log that missing messages, silence and the skew of clocks are told from; one row for each factory, kind and boot.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, Final

import polars as pl

from ingest.refused import Row
from store.known import with_flags
from store.schema import DELIVERY

LIVE_S: Final = 1_800  # a state holds for so long: what is taken earlier tells nothing of now
_SPANS: Final = 2_000  # in one row; a text of the store holds at most 64 KiB
_INT64: Final = 2**63


@dataclass
class _Heard:
    first_us: int
    last_us: int = 0
    messages: int = 0
    told: list[int] = field(default_factory=list)  # numbers of messages, or how late their samples are [µs]

    def hear(self, arrived_us: int, told: int | None) -> None:
        self.messages += 1
        self.last_us = arrived_us
        if told is not None:
            self.told.append(told)


class Deliveries:
    """Counts messages of registered factories, of any outcome."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str, str | None], _Heard] = {}
        self._sampled: dict[str, _Heard] = {}

    def note(self, factory: str, kind: str, message: Mapping[str, Any], arrived_us: int) -> None:
        """Count a message by what its envelope says, which nobody may have validated."""
        seq, boot = message.get("seq"), message.get("boot")
        numbered = type(seq) is int and 0 <= seq < _INT64
        if boot is not None:
            boot = boot if numbered and _is_text(boot) else None
        self.note_number(factory, kind, boot, seq if numbered else None, arrived_us)

    def note_number(self, factory: str, kind: str, boot: str | None, number: int | None, arrived_us: int) -> None:
        """Count a message and its number among those of a boot."""
        key = (factory, kind, boot)
        found = self._of.get(key)
        if found is None:
            found = self._of[key] = _Heard(arrived_us)
        found.hear(arrived_us, number)

    def note_samples(self, factory: str, newest_us: int | None, arrived_us: int) -> None:
        """Count a message that brings samples: it is as late as its newest one.

        Args:
            factory: whose robots they are of.
            newest_us: when the newest was taken; None, which tells nothing, where none has a time of its own.
            arrived_us: when the message arrived.
        """
        found = self._sampled.get(factory)
        if found is None:
            found = self._sampled[factory] = _Heard(arrived_us)
        found.hear(arrived_us, None if newest_us is None else arrived_us - newest_us)

    def frame(self) -> pl.DataFrame:
        """Rows of `delivery` without stamp and writer."""
        sampled = dict(self._sampled)
        rows: list[Row] = []
        for (factory, kind, boot), found in self._of.items():
            lags = sampled.pop(factory, None) if kind == "status" else None
            rows += _rows(factory, kind, boot, found, _lag(lags.told) if lags else {})
        rows += [
            {"factory": factory, "kind": "status", **_times(each), **_lag(each.told)}
            for factory, each in sampled.items()
        ]
        return with_flags(DELIVERY, DELIVERY.frame(rows)).drop("time", "writer")


def _is_text(boot: object) -> bool:
    """Whether the store can hold it: JSON may say half a character."""
    return isinstance(boot, str) and len(boot) <= 128 and not any("\ud800" <= char <= "\udfff" for char in boot)


def _rows(factory: str, kind: str, boot: str | None, found: _Heard, lag: Row) -> list[Row]:
    same: Row = {"factory": factory, "kind": kind, "boot": boot}
    times = _times(found)
    all_spans = spans(found.told)
    parts = [all_spans[start : start + _SPANS] for start in range(0, len(all_spans), _SPANS)] or [[]]
    texts = [json.dumps(part, separators=(",", ":")) if part else None for part in parts]
    first, *more = texts
    again = {**same, **times, "messages": 0}
    return [{**same, **lag, **times, "numbers": first}, *({**again, "numbers": text} for text in more)]


def spans(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers as spans of first and last, ascending."""
    ordered = sorted(set(numbers))
    if not ordered:
        return []
    breaks = [(one, other) for one, other in pairwise(ordered) if other != one + 1]
    firsts = [ordered[0], *(other for _, other in breaks)]
    lasts = [*(one for one, _ in breaks), ordered[-1]]
    return [list(span) for span in zip(firsts, lasts, strict=True)]


def _times(found: _Heard) -> Row:
    return {"messages": found.messages, "first_us": found.first_us, "last_us": found.last_us}


def _lag(lags_us: Sequence[int]) -> Row:
    """Messages with a sample of the last 30 minutes, those with older ones alone, and the skew of the former."""
    if not lags_us:
        return {}
    live_us = [lag_us for lag_us in lags_us if lag_us <= LIVE_S * 1_000_000]
    skew_s = median(live_us) / 1e6 if live_us else None
    return {"live": len(live_us), "late": len(lags_us) - len(live_us), "skew_s": skew_s}
