"""What a batch brings of each factory's deliveries: how many messages, which numbers, when, and how late.

The log that missing messages, silence and the skew of clocks are told from; one row for each factory, kind and boot.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import polars as pl

from ingest.refused import Row
from store.known import with_flags
from store.schema import DELIVERY

LIVE_S: Final = 1_800  # a state holds for so long: what is taken earlier tells nothing of now
_SPANS: Final = 2_000  # in one row; a text of the store holds at most 64 KiB
_INT64: Final = 2**63

_LAG_S: Final = (pl.col("arrived_us") - pl.col("time").max() // 1000) / 1e6


@dataclass
class _Delivered:
    messages: int = 0
    first_us: int = 0
    last_us: int = 0
    numbers: list[int] = field(default_factory=list)


class Deliveries:
    """Counts messages of registered factories, of any outcome."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str, str | None], _Delivered] = {}

    def note(self, factory: str, kind: str, message: Mapping[str, Any], arrived_us: int) -> None:
        """Count a message by what its envelope says, which nobody may have validated."""
        seq, boot = message.get("seq"), message.get("boot")
        numbered = type(seq) is int and 0 <= seq < _INT64
        if boot is not None:
            boot = boot if numbered and isinstance(boot, str) and len(boot) <= 128 else None
        self.note_number(factory, kind, boot, seq if numbered else None, arrived_us)

    def note_number(self, factory: str, kind: str, boot: str | None, number: int | None, arrived_us: int) -> None:
        """Count a message and its number among those of a boot."""
        key = (factory, kind, boot)
        found = self._of.get(key)
        if found is None:
            found = self._of[key] = _Delivered(first_us=arrived_us)
        found.messages += 1
        found.last_us = arrived_us
        if number is not None:
            found.numbers.append(number)

    def frame(self, status: pl.DataFrame | None) -> pl.DataFrame:
        """Rows of `delivery` without stamp and writer.

        Args:
            status: the rows of `robot_status` that the same batch brings.
        """
        lags = _lags(status) if status is not None and status.height else {}
        rows: list[Row] = []
        for (factory, kind, boot), found in self._of.items():
            rows += _rows(factory, kind, boot, found, lags.pop(factory, {}) if kind == "status" else {})
        rows += [{"factory": factory, "kind": "status", **lag} for factory, lag in lags.items()]
        return with_flags(DELIVERY, DELIVERY.frame(rows)).drop("time", "writer")


def _rows(factory: str, kind: str, boot: str | None, found: _Delivered, lag: Row) -> list[Row]:
    same: Row = {"factory": factory, "kind": kind, "boot": boot}
    times: Row = {"messages": found.messages, "first_us": found.first_us, "last_us": found.last_us}
    all_spans = spans(found.numbers)
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


def _lags(status: pl.DataFrame) -> dict[str, Row]:
    """By factory: messages that carry a sample of the last 30 minutes, those that carry older ones alone, the skew.

    A message is as late as its newest sample; one without a time of its own tells nothing.
    """
    told = status.filter(~pl.col("at_is_arrival")).group_by("factory", "arrived_us").agg(lag=_LAG_S.first())
    live = pl.col("lag") <= LIVE_S
    found = told.group_by("factory").agg(
        live=live.sum().cast(pl.Int64),
        late=(~live).sum().cast(pl.Int64),
        skew_s=pl.col("lag").filter(live).median(),
    )
    arrived = status.group_by("factory").agg(
        messages=pl.col("arrived_us").n_unique().cast(pl.Int64),
        first_us=pl.col("arrived_us").min(),
        last_us=pl.col("arrived_us").max(),
    )
    rows = arrived.join(found, on="factory", how="left").to_dicts()
    return {row.pop("factory"): row for row in rows}
