"""What calls for somebody: a scope that lags behind its assigned quota, a forecast that got worse.

Told from the standings and forecasts of days alone, so that it comes out the same whenever it is told again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from density.forecast import CHANCES, UNKNOWN
from density.standing import Progress

LAGGING, CHANCE_FELL = "lagging", "chance_fell"
ASSIGNED = "assigned"  # a share for reference raises nothing
FALL_DAYS = 30  # a chance is worse for so many days in a row before anybody is called

_RANKS = {word: rank for rank, (_, word) in enumerate(reversed(CHANCES))}
_NONE = -1  # of a day on which nothing was foreseen

Ranks = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Episode:
    """Days in a row on which a rule holds for a target in a scope; days are integers.

    Attributes:
        rule: LAGGING or CHANCE_FELL.
        kind: of the scope.
        since_day: the first day.
        cleared_day: the first day on which it holds no more; none while it stands.
        was: the status or chance before.
        became: the status or chance that called.
        ended_as: the status or chance that ended it; none while it stands.
        actual: on the first day, in the target's unit; none where the rule has no such number.
        planned: likewise.
    """

    rule: str
    scope: str
    kind: str
    target: str
    since_day: int
    cleared_day: int | None
    was: str
    became: str
    ended_as: str | None
    actual: float | None = None
    planned: float | None = None

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """What it is about: of one subject one episode follows the other."""
        return (self.rule, self.scope, self.kind, self.target)


def lagging_episodes(standing: Sequence[Progress], first_day: int) -> list[Episode]:
    """Every span of days on which a scope with an assigned quota is lagging.

    Args:
        standing: of every target.
        first_day: the first day of the arrays.
    """
    return [episode for each in standing for episode in _of_target(each, first_day)]


def _of_target(progress: Progress, first_day: int) -> Iterator[Episode]:
    flags = (progress.status == LAGGING) & (progress.basis == ASSIGNED)
    for place, begin, end in _runs(flags):
        words = progress.status[place]
        cleared = end < words.size
        yield Episode(
            rule=LAGGING,
            scope=progress.scopes.names[place],
            kind=progress.scopes.kinds[place],
            target=progress.target.id,
            since_day=first_day + begin,
            cleared_day=first_day + end if cleared else None,
            was=str(words[begin - 1]) if begin else "",
            became=LAGGING,
            ended_as=str(words[end]) if cleared else None,
            actual=float(progress.actual[place, begin]),
            planned=float(progress.planned[place, begin]),
        )


def _runs(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Each row's runs of true: row, first column, the column after the last."""
    edges = np.diff(np.pad(flags, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    yield from zip(rows.tolist(), begins.tolist(), ends.tolist(), strict=True)


def fallen_chances(foreseen: pl.DataFrame) -> list[Episode]:
    """Every span of days that begins when a chance has been worse than before for FALL_DAYS in a row.

    It ends when the chance is again what it was, or when nothing is foreseen any more. A further fall is an episode
    of its own. A day without a forecast has that of the day before.

    Args:
        foreseen: scope, kind, target, day and chance, one row a day at most.
    """
    episodes = []
    for (scope, kind, target), rows in foreseen.sort("day").group_by("scope", "kind", "target", maintain_order=True):
        first_day, ranks = _ranks(rows)
        for day, was, became, cleared, ended in _falls(ranks):
            cleared_day = None if cleared is None else first_day + cleared
            episodes.append(
                Episode(
                    CHANCE_FELL, str(scope), str(kind), str(target), first_day + day, cleared_day, was, became, ended
                )
            )
    return episodes


def _ranks(rows: pl.DataFrame) -> tuple[int, Ranks]:
    """The first day, and how good the chance is on each day from then on, carried over days without one."""
    days = rows["day"].to_numpy()
    told = np.array([_RANKS.get(word, _NONE) for word in rows["chance"]], dtype=np.int8)
    every = np.arange(days[0], days[-1] + 1)
    return int(days[0]), told[np.searchsorted(days, every, side="right") - 1]


def _falls(ranks: Ranks) -> Iterator[tuple[int, str, str, int | None, str | None]]:
    if ranks.size <= FALL_DAYS:
        return
    since = np.lib.stride_tricks.sliding_window_view(ranks[1:], FALL_DAYS)
    before = ranks[: since.shape[0]]
    for place in np.flatnonzero((since.max(axis=1) < before) & (since.min(axis=1) > _NONE)).tolist():
        day = place + FALL_DAYS
        ended = np.flatnonzero((ranks[day:] >= before[place]) | (ranks[day:] == _NONE))
        cleared = day + int(ended[0]) if ended.size else None
        yield (
            day, _word(ranks[place]), _word(ranks[day]), cleared, None if cleared is None else _word(ranks[cleared]),
        )  # fmt: skip


def _word(rank: int) -> str:
    return UNKNOWN if rank == _NONE else CHANCES[len(CHANCES) - 1 - rank][1]
