"""Alerts raised and cleared: what the figures say calls for somebody, beside what the store says already.

An alert is named by the day on which it was first told to have begun, and keeps that name: when a late report moves
its beginning it is the same alert, so that an acknowledgement stays with it. Nothing is deleted: one that the reports
tell no more is withdrawn.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from density.alerts import Episode, fallen_chances, lagging_episodes
from density.days import DAY_NS, day_of_ns, start_ns
from density.standing import Progress
from store.base import Store
from store.known import with_flags
from store.schema import ALERT, FIGURES, FORECAST

STANDING, CLEARED, WITHDRAWN = "standing", "cleared", "withdrawn"

_FOREVER = 10**9  # after every day

Row = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass
class Alerts:
    """The alerts that the store holds.

    Args:
        store: holds alerts and the forecasts of earlier days.
        clock_ns: when an alert is first told.
    """

    store: Store
    clock_ns: Callable[[], int]

    def __post_init__(self) -> None:
        self._known: dict[Key, Row] | None = None
        self._foreseen: pl.DataFrame | None = None

    def points(self, standing: Sequence[Progress], forecast: pl.DataFrame, first_day: int) -> pl.DataFrame:
        """The points to write, those that differ.

        Args:
            standing: of every target.
            forecast: of the last day, points of the measurement `forecast`.
            first_day: the first day of the standing's arrays.

        Raises:
            StoreUnavailable: nothing is known of what was told.
        """
        if self._known is None:
            self._known = {_key(row): row for row in self.store.read(FIGURES, ALERT).to_dicts()}
        targets = [each.target.id for each in standing]
        told = lagging_episodes(standing, first_day) + fallen_chances(self._history(forecast, targets))
        rows = _matched(told, self._known, raised_us=self.clock_ns() // 1_000)
        changed = [row for row in rows if self._known.get(_key(row)) != row]
        self._known |= {_key(row): row for row in changed}
        return with_flags(ALERT, ALERT.frame(changed).with_columns(pl.col("was", "ended_as").fill_null("")))

    def _history(self, forecast: pl.DataFrame, targets: Sequence[str]) -> pl.DataFrame:
        """The chance of each day that had a forecast, in the plan's own key set."""
        if self._foreseen is None:
            self._foreseen = _chances(self.store.read(FIGURES, FORECAST))
        today = _chances(forecast)
        before = self._foreseen.join(today, on=["scope", "kind", "target", "day"], how="anti")
        self._foreseen = pl.concat([before, today])
        return self._foreseen.filter(pl.col("target").is_in(targets) & ~pl.col("target").str.contains(":"))


def _chances(points: pl.DataFrame) -> pl.DataFrame:
    day = (pl.col("time") - start_ns(0)) // DAY_NS
    return points.select("scope", "kind", "target", day.alias("day"), "chance")


def _key(row: Row) -> Key:
    return tuple(row[name] for name in ALERT.key)


def _subject(row: Row) -> Key:
    return tuple(row[name] for name in ALERT.tags)


def _matched(told: Sequence[Episode], known: Mapping[Key, Row], *, raised_us: int) -> list[Row]:
    """Every alert as it is now: each episode under the name that it has, or a new one; the rest withdrawn."""
    episodes, stored = defaultdict(list), defaultdict(list)
    for episode in told:
        episodes[episode.subject].append(episode)
    for row in known.values():
        stored[_subject(row)].append(row)
    rows: list[Row] = []
    taken = set(known)
    for subject in episodes.keys() | stored.keys():
        left = {_key(row): row for row in stored[subject]}
        for episode in episodes[subject]:
            same = _same(episode, list(left.values()))
            name = _new_name(episode, taken) if same is None else _key(same)
            left.pop(name, None)
            taken.add(name)
            rows.append(_row(episode, name, raised_us if same is None else same["raised_us"]))
        rows += [{**row, "state": WITHDRAWN} for row in left.values()]
    return sorted(rows, key=_key)


def _same(episode: Episode, rows: Sequence[Row]) -> Row | None:
    """The stored alert that an episode goes on with: the one of its first day, else the first that it overlaps."""
    for row in rows:
        if row["since_day"] == episode.since_day or day_of_ns(row["time"]) == episode.since_day:
            return row
    end = episode.cleared_day or _FOREVER
    for row in rows:
        if (
            row["state"] != WITHDRAWN
            and row["since_day"] < end
            and episode.since_day < (row["cleared_day"] or _FOREVER)
        ):
            return row
    return None


def _new_name(episode: Episode, taken: set[Key]) -> Key:
    """Named by its first day; by a later one where an alert that has moved since bears that name."""
    day = episode.since_day
    while (start_ns(day), *episode.subject) in taken:
        day += 1
    return (start_ns(day), *episode.subject)


def _row(episode: Episode, name: Key, raised_us: int) -> Row:
    numbers = {"actual": episode.actual, "planned": episode.planned}
    row = {
        **dict(zip(ALERT.key, name, strict=True)),
        "state": STANDING if episode.cleared_day is None else CLEARED,
        "was": episode.was or None,
        "became": episode.became,
        "ended_as": episode.ended_as,
        "since_day": episode.since_day,
        "cleared_day": episode.cleared_day or 0,
        "raised_us": raised_us,
        **numbers,
        **{f"{name}_known": value is not None for name, value in numbers.items()},
    }
    return {name: row[name] for name in ALERT.columns}
