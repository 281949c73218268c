"""Inventories and self-assessments of the simulated factories."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from simulators.arrays import Flags, Ints, uniform
from simulators.calendar import BASELINE, BASELINE_END_S, DAY_S, HORIZON, HORIZON_END_S, day_of_s, day_start_s
from simulators.city import City
from simulators.fleet import PRODUCTION, Fleet
from simulators.makes import MAKES
from simulators.message import Message
from simulators.register import closing_s

_ASSESSED_EVERY_S = 540 * DAY_S


def standing(fleet: Fleet, at_s: int) -> Flags:
    """Which stays hold at a moment and are those of industrial robots in production."""
    here = (fleet.from_s < at_s) & (fleet.to_s >= at_s) & ~fleet.phantom
    counts: Flags = here & (fleet.make < len(MAKES)) & (fleet.purpose == PRODUCTION)
    return counts


def _days() -> list[date]:
    years = range(BASELINE.year, HORIZON.year + 1)
    days = [date(year, month, day) for year in years for month, day in ((6, 30), (12, 31))]
    return [day for day in days if day >= BASELINE]


def inventories(city: City, fleet: Fleet, from_s: int, to_s: int) -> Iterator[Message]:
    """Inventories that fall due after one moment and up to another.

    A quarter of the factories with robots count twice a year, those that had none at the baseline at its end.
    """
    places = np.arange(len(city))
    delay_s = DAY_S + (uniform(city.seed, 71, places) * 18 * DAY_S).astype(np.int64)
    counts = uniform(city.seed, 72, places) < 0.25
    for day in _days():
        end_s = day_start_s(day) + DAY_S
        due_s = end_s + delay_s
        owing = city.sends_robots & np.where(city.stock > 0, counts, day.month == 12)
        owing &= (due_s > from_s) & (due_s <= to_s) & (closing_s(city) > end_s)
        if owing.any():
            yield from _counted(city, fleet, day, end_s, np.flatnonzero(owing))


def _counted(city: City, fleet: Fleet, day: date, end_s: int, places: Ints) -> Iterator[Message]:
    stock = np.bincount(fleet.factory[standing(fleet, end_s)], minlength=len(city))[places]
    draw = uniform(city.seed, 73, places, end_s)
    found = np.maximum(0, stock + np.select([draw < 0.03, draw < 0.06], [1, -1], 0) * (stock > 0))
    complete = uniform(city.seed, 74, places, end_s) < 0.98
    for place, number, whole in zip(places.tolist(), found.tolist(), complete.tolist(), strict=True):
        body = f'{{"as_of":"{day.isoformat()}","stock":{number},"complete":{"true" if whole else "false"}}}'
        yield Message(place, "inventory", body, 1)


def assessments(city: City, from_s: int, to_s: int) -> Iterator[Message]:
    """Self-assessments that fall due after one moment and up to another, of a quarter of the larger factories."""
    places = np.flatnonzero((city.persons > 100) & (uniform(city.seed, 75, np.arange(len(city))) < 0.25))
    first_s = BASELINE_END_S + (uniform(city.seed, 76, places) * _ASSESSED_EVERY_S).astype(np.int64)
    skill = 1 + 2.2 * uniform(city.seed, 77, places) + np.log10(city.persons[places] / 100) * 0.4
    for round_ in range((HORIZON_END_S - BASELINE_END_S) // _ASSESSED_EVERY_S):
        due_s = first_s + round_ * _ASSESSED_EVERY_S
        score = np.minimum(4.9, skill + 0.2 * round_)
        chosen = (due_s > from_s) & (due_s <= to_s)
        rows = zip(places[chosen].tolist(), due_s[chosen].tolist(), score[chosen].tolist(), strict=True)
        for place, at_s, reached in rows:
            on = day_of_s(at_s - 2 * DAY_S).isoformat()
            standard = '{"standard":"GB/T 39116-2020"'
            yield Message(
                place, "assessment", f'{standard},"level":{int(reached)},"score":{reached:.2f},"on":"{on}"}}', 1
            )
