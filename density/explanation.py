"""What is asked of a figure, what the answer is made from, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from density.days import month_ends, to_date, to_day
from density.ratios import MONTHS
from density.recipes import RECIPES
from density.register import Name
from density.sentences import Missing

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A figure of a scope, in a series, on a day."""

    figure: str
    scope: str
    series: str
    day: int


@dataclass(frozen=True)
class Facts:
    """What an explanation is made from; all of it is stored.

    Attributes:
        daily: the scope's figures in the series by integer day, from `since_day` to the day.
        flows: the account's entries from the day after `base_day` to the day; none where none is kept.
        factories: rows of the scope's factories from `since_day` to the day, `day` as an integer.
        registrations: as `density.sites.Sites.rows`.
        names: of factories by id.
        conflicts: how many stays of the scope's factories are in conflict.
    """

    daily: Mapping[int, Row]
    flows: Mapping[str, int] | None
    factories: pl.DataFrame
    registrations: pl.DataFrame
    names: Mapping[str, Name]
    conflicts: int


@dataclass(frozen=True)
class Explanation:
    """A figure explained.

    Attributes:
        question: what was asked.
        base_day: what it is compared with; none where the figures begin.
        value: on the day; `value_then` on the base day.
        numerator: name and value of what stands above the line.
        denominator: below the line; none for a count.
        account: opening, flows and closing; of stock alone.
        effects: of a density.
        groups: of a count: its change by matched, joined and left factories.
        factories: the movers: factory, park, moved.
        parks: the same by park.
        moved_unit: of the movers.
        inside: the factories that are in it, one column `factory`.
        left_out: factory, park, reasons.
        beside_factories: numerator less the sum over factories: 0 unless it counts subjects that are no factory.
        missing: what it lacks.
        sentences: what changed, what moved it, what is missing.
    """

    question: Question
    base_day: int | None
    value: float | None
    value_then: float | None
    numerator: tuple[str, float | None]
    denominator: tuple[str, float | None] | None
    account: Mapping[str, float] | None
    effects: Mapping[str, float] | None
    groups: Mapping[str, float] | None
    factories: pl.DataFrame
    parks: pl.DataFrame
    moved_unit: Name
    inside: pl.DataFrame
    left_out: pl.DataFrame
    beside_factories: float | None
    missing: Missing
    sentences: tuple[Name, Name, Name]


def base_day(figure: str, day: int, first_day: int) -> int | None:
    """The end of the month before; of an annual figure the end of the year before; none before the first day."""
    here = to_date(day)
    start = date(here.year, 1, 1) if RECIPES[figure].annual else here.replace(day=1)
    base = to_day(start - timedelta(days=1))
    return base if base >= first_day else None


def since_day(figure: str, day: int, first_day: int) -> int:
    """From which day on an explanation reads."""
    base = base_day(figure, day, first_day)
    start = day if base is None else base
    ends = month_ends(first_day, start)[-MONTHS:] if RECIPES[figure].yearly else month_ends(first_day, start)[-1:]
    return int(ends[0]) if ends.size else first_day
