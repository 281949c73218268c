"""How many people work in the simulated factories, month by month, and when they say so."""

from collections.abc import Iterator

import numpy as np

from simulators import shape
from simulators.arrays import Floats, Ints, uniform
from simulators.calendar import DAY_S, MONTH_ENDS_S, MONTHS, month_of
from simulators.city import City
from simulators.message import Message, chunks
from simulators.register import closing_s

_SEASON = np.array([0.965, 0.94, 0.99, 1.0, 1.002, 1.0, 0.997, 0.996, 1.0, 1.003, 1.004, 1.0])  # Spring Festival
_MONTHLY, _QUARTERLY, _YEARLY = 1, 3, 12
_MOST_PERIODS = 240


def headcounts(city: City) -> Floats:
    """Persons, array [factory, month of the series]; the first month is the city's `persons` exactly."""
    rng = np.random.default_rng([city.seed, 4])
    years = np.arange(MONTHS) / 12
    trend = rng.normal(-shape.DECLINE_A_YEAR, 0.02, (len(city), 1))
    noise = rng.normal(0, 0.006, (len(city), MONTHS))
    noise[:, 0] = 0
    season = _SEASON[(np.arange(MONTHS) + 11) % 12]
    persons: Floats = np.maximum(1.0, city.persons[:, None] * (1 + trend * years) * season * (1 + noise))
    return persons


def rhythm(city: City) -> Ints:
    """In months how often each factory reports."""
    draw = uniform(city.seed, 61, np.arange(len(city)))
    return np.select([draw < 0.92, draw < 0.98], [_MONTHLY, _QUARTERLY], _YEARLY)


def due_s(city: City) -> Ints:
    """When each factory reports each month of the series, array [factory, month]."""
    delay = 5 * DAY_S + (uniform(city.seed, 62, np.arange(len(city))) * 4 * DAY_S).astype(np.int64)
    due: Ints = MONTH_ENDS_S[None, :] + delay[:, None]
    return due


def workforce(city: City, from_s: int, to_s: int) -> Iterator[Message]:
    """What factories say of the periods whose report falls due after one moment and up to another."""
    every = rhythm(city)
    due = due_s(city)
    told = (np.arange(MONTHS)[None, :] % every[:, None]) == 0
    chosen = told & (due > from_s) & (due <= to_s) & city.sends_headcount[:, None]
    chosen &= MONTH_ENDS_S[None, :] <= closing_s(city)[:, None]
    persons = headcounts(city)
    wanted = np.flatnonzero(chosen.any(axis=1))
    style = uniform(city.seed, 63, np.arange(len(city)))
    for place in wanted.tolist():
        months = np.flatnonzero(chosen[place]).tolist()
        texts = _texts(persons[place], months, int(every[place]), float(style[place]))
        for part in chunks(texts, _MOST_PERIODS):
            yield Message(place, "workforce", f'{{"periods":[{",".join(part)}]}}', len(part))


def _texts(persons: Floats, months: list[int], every: int, style: float) -> list[str]:
    ends = np.round(persons).astype(np.int64)[months].tolist()
    means = ends
    if every > 1:
        sums = np.r_[0.0, np.cumsum(persons)]
        first = np.maximum(0, np.array(months) - every + 1)
        means = (
            np.round((sums[np.array(months) + 1] - sums[first]) / (np.array(months) + 1 - first)).astype(int).tolist()
        )
    names = [_name(month, every) for month in months]
    if style < 0.55:
        return [
            f'{{"period":"{name}","average":{mean},"end_of_period":{end + end // 97}}}'
            for name, mean, end in zip(names, means, ends, strict=True)
        ]
    field = "average" if style < 0.88 else "end_of_period"
    return [f'{{"period":"{name}","{field}":{value}}}' for name, value in zip(names, means, strict=True)]


def _name(month: int, every: int) -> str:
    year, number = month_of(month)
    if every == _MONTHLY:
        return f"{year}-{number:02d}"
    return f"{year}-Q{number // 3}" if every == _QUARTERLY else str(year)
