"""What factories return about themselves: headcounts, inventories, assessments."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from simulators.calendar import DAY_MS, HORIZON_MS, HOUR_MS, NEVER_MS, Bools, Ints, date_texts, day_ms
from simulators.chance import generator
from simulators.city import City
from simulators.fleet import Fleet
from simulators.lifecycle import standing_in_production
from simulators.people import MONTHS, period_name
from simulators.window import Message, Window

_STANDARD: Final = "GB/T 39116-2020"
_COUNT_DAYS: Final = tuple(
    day
    for day in (date(year, *rest) for year in range(2023, 2032) for rest in ((6, 30), (12, 31)))
    if day >= date(2023, 12, 31)
)


class Workforce:
    """Headcounts by period."""

    def __init__(self, city: City) -> None:
        self._people = city.people
        self._names = {
            rhythm: [period_name(month, rhythm) for month in range(MONTHS)] for rhythm in (1, 3, 12)
        }

    def count(self, window: Window) -> int:
        """Periods that fall due in a window."""
        return int(window.holds(self._people.due).sum())

    def messages(self, window: Window) -> Iterator[Message]:
        """The periods of a window, a factory's together."""
        factories, months = np.nonzero(window.holds(self._people.due))
        if not len(factories):
            return
        cuts = np.flatnonzero(np.diff(factories)) + 1
        for part in np.split(np.arange(len(factories)), cuts):
            factory = int(factories[part[0]])
            periods = ",".join(self._periods(factory, months[part]))
            yield Message(factory, "workforce", f'"periods":[{periods}],"basis":"site"', len(part))

    def _periods(self, factory: int, months: Ints) -> list[str]:
        people = self._people
        names = self._names[int(people.rhythm[factory])]
        average, end = people.average[factory, months].tolist(), people.end[factory, months].tolist()
        form = f"{people.sends_average[factory]:d}{people.sends_end[factory]:d}"
        rows = zip(months.tolist(), average, end, strict=True)
        if form == "10":
            return [f'{{"period":"{names[month]}","average":{mean}}}' for month, mean, _ in rows]
        if form == "01":
            return [f'{{"period":"{names[month]}","end_of_period":{last}}}' for month, _, last in rows]
        return [f'{{"period":"{names[month]}","average":{mean},"end_of_period":{last}}}' for month, mean, last in rows]


class Inventories:
    """Counts twice a year by some of the factories with robots, and nil returns (零报告) by those without."""

    def __init__(self, city: City, fleet: Fleet) -> None:
        rng = generator(city.seed, "inventories")
        count, self._first = len(city), [day_ms(day) for day in _COUNT_DAYS]
        ends = np.asarray(self._first) + DAY_MS
        stock = np.stack([standing_in_production(fleet, count, int(end) - 1) for end in ends], axis=1)
        slip = np.where(rng.random(stock.shape) < 0.06, rng.integers(-2, 3, stock.shape), 0)
        self._stock = np.where(stock, np.maximum(stock + slip, 1), 0)
        ever = np.bincount(fleet.factory, minlength=count) > 0
        takes_part = np.where(ever, rng.random(count) < 0.45, rng.random(count) < 1.0) & city.reports
        # A nil return comes once a year; the first one says that the factory reports its robots.
        yearly = np.asarray([day.month == 12 for day in _COUNT_DAYS])
        sent = takes_part[:, None] & (ever[:, None] | yearly)
        due = ends + rng.integers(9, 20 * 24, stock.shape) * HOUR_MS
        self.due = np.where(sent & (due < city.closed_ms[:, None]), due, NEVER_MS)
        self._texts = [f"{day}" for day in _COUNT_DAYS]

    def count(self, window: Window) -> int:
        """Inventories that fall due in a window."""
        return int(window.holds(self.due).sum())

    def messages(self, window: Window) -> Iterator[Message]:
        """One message an inventory."""
        for factory, day in np.argwhere(window.holds(self.due)).tolist():
            stock = int(self._stock[factory, day])
            yield Message(
                factory, "inventory", f'"as_of":"{self._texts[day]}","stock":{stock},"complete":true', 1
            )


class Assessments:
    """What some factories claim of their maturity, once a year."""

    def __init__(self, city: City) -> None:
        rng = generator(city.seed, "assessments")
        years = range(2024, 2032)
        claims = (rng.random(len(city)) < np.where(city.base > 300, 0.6, 0.2)) & city.above
        day = rng.integers(0, 365, len(city))
        starts = np.asarray([day_ms(date(year, 1, 1)) for year in years])
        self._on = starts[None, :] + day[:, None] * DAY_MS
        self.due = np.where(claims[:, None], self._on + 33 * HOUR_MS, NEVER_MS)
        self.due = np.where(self.due < np.minimum(city.closed_ms, HORIZON_MS)[:, None], self.due, NEVER_MS)
        start = rng.normal(1.4, 0.5, len(city)) + 0.3 * np.log10(city.base / 100)
        self._score = np.clip(start[:, None] + 0.16 * np.arange(len(years)), 0.8, 4.9).round(2)

    def count(self, window: Window) -> int:
        """Assessments that fall due in a window."""
        return int(window.holds(self.due).sum())

    def messages(self, window: Window) -> Iterator[Message]:
        """One message an assessment; a level is reached 0.2 below its score."""
        inside: Bools = window.holds(self.due)
        places = np.argwhere(inside).tolist()
        texts: Sequence[str] = date_texts(self._on[inside], "D") if places else ()
        for (factory, year), on in zip(places, texts, strict=True):
            score = float(self._score[factory, year])
            level = max(1, min(5, int(score + 0.2)))
            body = f'"standard":"{_STANDARD}","level":{level},"score":{score},"on":"{on}"'
            yield Message(factory, "assessment", body, 1)
