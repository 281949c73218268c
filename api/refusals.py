"""What is refused, read back in time and chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from density.days import day_of_ns, start_ns
from store.base import Store
from store.schema import REFUSAL, REFUSED

Row = dict[str, Any]
Settled = Literal["no", "yes", "all"]

_CHUNK = 500  # rows, each of at most 64 KiB


@dataclass(frozen=True)
class Choice:
    """Which rows are asked for.

    Attributes:
        factory: as in the topic; none takes every one.
        reason: a code of the contract; none takes every one.
        day: of arrival, Asia/Shanghai; none takes every one.
        settled: whether a replay has settled them; `no` is what is refused still.
    """

    factory: str | None = None
    reason: str | None = None
    day: int | None = None
    settled: Settled = "no"

    @property
    def where(self) -> Mapping[str, str]:
        """What the store filters by."""
        asked = {"factory": self.factory, "reason": self.reason}
        return {name: value for name, value in asked.items() if value is not None}

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row that the store found is asked for."""
        settled = row["settled_us"] is not None
        of_day = self.day is None or day_of_ns(row["arrived_us"] * 1_000) == self.day
        return of_day and self.settled in {"all", "yes" if settled else "no"}


def refusals(store: Store, choice: Choice, *, through: int | None = None) -> Iterator[Row]:
    """The chosen rows, the newest first, from a stamp on back in time.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    # A row is written after the arrival that it tells of, never before it.
    after = None if choice.day is None else start_ns(choice.day) - 1
    seen: set[tuple[Any, ...]] = set()
    while True:
        frame = store.read(REFUSED, REFUSAL, after=after, through=through, where=choice.where, newest=_CHUNK)
        rows = sorted(frame.iter_rows(named=True), key=_order, reverse=True)
        fresh = [row for row in rows if _order(row) not in seen]
        yield from filter(choice.holds, fresh)
        if frame.height < _CHUNK or not fresh:
            return
        seen, through = {_order(row) for row in rows}, rows[-1]["time"]


def _order(row: Mapping[str, Any]) -> tuple[int, str, str]:
    return row["time"], row["writer"], row["reason"]
