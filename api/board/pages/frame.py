"""What every page is found for, and what it is made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.access.caller import Caller
from api.access.reach import Reach
from api.board.address import CITY, Address
from api.board.sources import Sources
from api.board.texts import Texts
from api.figures import Folded
from density.days import to_date
from density.plan import Plan
from density.register import Name

Line = dict[str, Any]
Chart = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One page for one reader, on the newest figures.

    Attributes:
        day: the last day of the figures that this reader is told: of a park or zone in public the end of a month.
        plan: in force on that day.
    """

    sources: Sources
    address: Address
    reader: Caller
    folded: Folded
    day: int
    plan: Plan

    @property
    def last_day(self) -> date:
        """The last day of all figures."""
        return to_date(self.day if self.folded.day is None else self.folded.day)

    def month_end(self, lines: Iterable[Line] = ()) -> date | None:
        """The month's end that the page, or some of its lines, are told of; none where all are told by the day."""
        days = (to_date(self.day), *(line["day"] for line in lines))
        return next((day for day in days if day not in {None, self.last_day}), None)

    @property
    def reach(self) -> Reach:
        """What the reader sees whole."""
        return Reach(self.reader, self.sources.reference, self.sources.ledger.registry(), self.day)

    @property
    def city(self) -> tuple[Address, Name]:
        """The page above all others."""
        return CITY, self.sources.reference.terms["city"].name


@dataclass(frozen=True)
class Found:
    """What one version of a page says, in both languages.

    Attributes:
        title: of the page.
        trail: the pages above it, the city first, each with its name.
        facts: by the names that the page's template uses.
    """

    title: Name
    trail: tuple[tuple[Address, Name], ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """A kind of page.

    Attributes:
        template: draws what was found.
        find: reads everything that it says; none where there is no such page.
        charts: its charts by name, in one language.
        of_day: whether it changes with the day alone, not with each report.
    """

    template: str
    find: Callable[[Asked], Found | None]
    charts: Callable[[Found, Texts], dict[str, Chart]]
    of_day: bool = False
