"""Which numbered messages of a sender arrived, and which never did.

A sender numbers the messages of each kind upwards, and names a new boot where it begins again. What lies between the
smallest and the largest number of a boot and did not arrive is missing; what lay before the first or after the last
one nobody can tell. Each number belongs to the day on which it arrived first, each hole to the day of the number
above it: so the answer depends neither on the order of arrival nor on how often or by which worker a message came.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MAX_RUNS: Final = 300  # of one sender and kind
MAX_BOOTS: Final = 10


class Run(NamedTuple):
    """Numbers without a hole that arrived first on one day; both ends are in it."""

    first: int
    last: int
    day: int


@dataclass
class Counts:
    """Messages of one day.

    Attributes:
        numbered: different numbers that arrived first on it.
        missing: numbers that never arrived, noticed on it.
    """

    numbered: int = 0
    missing: int = 0


@dataclass
class _Boot:
    floor: int = 0  # what lies below is settled
    runs: list[Run] = field(default_factory=list)


class Numbering:
    """The numbers of one sender and kind, by boot.

    Where they fall to pieces beyond MAX_RUNS, or boots are more than MAX_BOOTS, the oldest pieces are settled: they
    are counted as they stand, and what arrives there later changes nothing.
    """

    def __init__(self) -> None:
        self._boots: dict[str, _Boot] = {}
        self._settled: dict[int, Counts] = {}

    def take(self, boot: str, spans: Sequence[Sequence[int]], day: int) -> set[int]:
        """Take numbers that arrived on a day; answers the days whose counts may have changed.

        Args:
            boot: as the sender names it, empty where it does not.
            spans: each the first and the last of a run.
            day: since 1970, Asia/Shanghai.
        """
        known = self._boots.setdefault(boot, _Boot())
        touched: set[int] = set()
        for first, last in spans:
            if last >= known.floor:
                touched |= _insert(known.runs, Run(max(first, known.floor), last, day))
        return touched

    def counts(self) -> Mapping[int, Counts]:
        """By day: how many arrived, and how many are missing."""
        counts = {day: Counts(each.numbered, each.missing) for day, each in self._settled.items()}
        for boot in self._boots.values():
            _count(boot.runs, counts, floor=boot.floor)
        return counts

    def forget(self, before_day: int) -> None:
        """Settle boots that nothing came of since a day, and forget what was settled before it."""
        for name in [name for name, boot in self._boots.items() if _newest(boot) < before_day]:
            self._settle(name)
        self._settled = {day: counts for day, counts in self._settled.items() if day >= before_day}

    def bound(self) -> None:
        """Settle the oldest pieces of too many; when every worker's part is taken, since one fills another's holes."""
        while len(self._boots) > MAX_BOOTS:
            self._settle(min(self._boots, key=lambda name: (_newest(self._boots[name]), name)))
        while sum(len(boot.runs) for boot in self._boots.values()) > MAX_RUNS:
            self._settle_half(max(self._boots.values(), key=lambda boot: len(boot.runs)))

    def _settle(self, name: str) -> None:
        boot = self._boots.pop(name)
        _count(boot.runs, self._settled, floor=boot.floor)

    def _settle_half(self, boot: _Boot) -> None:
        """Settle the lower half of the runs, with the hole above each."""
        half = len(boot.runs) // 2
        lower, boot.runs = boot.runs[:half], boot.runs[half:]
        _count(lower, self._settled, floor=boot.floor)
        above = boot.runs[0]
        self._settled.setdefault(above.day, Counts()).missing += above.first - lower[-1].last - 1
        boot.floor = above.first

    def to_json(self) -> dict[str, Any]:
        """All of it, as `from_json` takes it."""
        boots = {name: [boot.floor, *boot.runs] for name, boot in self._boots.items()}
        return {"boots": boots, "settled": [[day, each.numbered, each.missing] for day, each in self._settled.items()]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Numbering":
        """What `to_json` gave."""
        numbering = cls()
        for name, (floor, *runs) in value["boots"].items():
            numbering._boots[name] = _Boot(floor, [Run(*run) for run in runs])
        numbering._settled = {day: Counts(numbered, missing) for day, numbered, missing in value["settled"]}
        return numbering


def _newest(boot: _Boot) -> int:
    return max((run.day for run in boot.runs), default=0)


def _count(runs: Sequence[Run], counts: dict[int, Counts], *, floor: int) -> None:
    """Add runs to their days, and the hole below each; none is told below the first but what a floor bounds."""
    end = runs[0].first if runs and not floor else floor
    for run in runs:
        of_day = counts.setdefault(run.day, Counts())
        of_day.numbered += run.last - run.first + 1
        of_day.missing += run.first - end
        end = run.last + 1


def _insert(runs: list[Run], new: Run) -> set[int]:
    """Put a run among ascending ones that do not overlap; where it overlaps the earlier day stays.

    Answers its own day, and those of the runs that it overlaps and of the one above it, whose hole it narrows.
    """
    low = bisect_left(runs, new.first, key=lambda run: run.last)
    high = bisect_right(runs, new.last, key=lambda run: run.first)
    touched = {new.day, *(run.day for run in runs[low : high + 1])}
    pieces: list[Run] = []
    at = new.first
    for run in runs[low:high]:
        if run.first < new.first:
            pieces.append(Run(run.first, new.first - 1, run.day))
        if at < run.first:
            pieces.append(Run(at, run.first - 1, new.day))
        end = min(run.last, new.last)
        pieces.append(Run(max(run.first, new.first), end, min(run.day, new.day)))
        if run.last > new.last:
            pieces.append(Run(new.last + 1, run.last, run.day))
        at = end + 1
    if at <= new.last:
        pieces.append(Run(at, new.last, new.day))
    below, above = max(low - 1, 0), high + 1
    runs[below:above] = _joined([*runs[below:low], *pieces, *runs[high:above]])
    return touched


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].last + 1 == run.first and joined[-1].day == run.day:
            joined[-1] = Run(joined[-1].first, run.last, run.day)
        else:
            joined.append(run)
    return joined
