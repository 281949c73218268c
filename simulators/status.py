"""How the simulated robots are doing: samples of the past, and live."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from simulators.arrays import Ints, uniform
from simulators.calendar import DAY_S, OFFSET_S
from simulators.city import City
from simulators.fleet import Fleet
from simulators.message import Message, chunks

PAST_DAYS = 30
_MOST_SAMPLES = 1000
_BLOCK = 2000  # stays worked on at once
_STATES = np.array(["executing", "ready", "idle", "fault", "maintenance", "off"])
_STEPS = np.cumsum([0.62, 0.08, 0.16, 0.02, 0.02])
_TAILS = np.array([f'"state":"{state}"' for state in _STATES], dtype=object)
_SILENT_FACTORIES, _SILENT_ROBOTS = 0.03, 0.02


def sending(city: City, fleet: Fleet) -> Ints:
    """The stays whose robot sends a status while it stands, sorted by factory."""
    connected = uniform(city.seed, 81, np.arange(len(city))) >= _SILENT_FACTORIES
    speaks = uniform(city.seed, 82, fleet.robot) >= _SILENT_ROBOTS
    return np.flatnonzero(connected[fleet.factory] & speaks & ~fleet.phantom)


def past(city: City, fleet: Fleet, from_s: int, to_s: int) -> Iterator[Message]:
    """One sample a robot and day after one moment and up to another, at most of the last PAST_DAYS days."""
    from_s = max(from_s, to_s - PAST_DAYS * DAY_S)
    first_day, last_day = ((each + OFFSET_S) // DAY_S for each in (from_s, to_s))
    days = np.arange(first_day, last_day + 1)
    stays = sending(city, fleet)
    stays = stays[(fleet.from_s[stays] <= to_s) & (fleet.to_s[stays] > from_s)]
    for block in _blocks(fleet.factory[stays]):
        chosen = stays[block]
        at_s = days[:, None] * DAY_S - OFFSET_S
        at_s = at_s + 8 * 3600 + (uniform(city.seed, 83, fleet.robot[chosen], days[:, None]) * 36_000).astype(np.int64)
        taken = (at_s > from_s) & (at_s <= to_s) & (at_s >= fleet.from_s[chosen]) & (at_s < fleet.to_s[chosen])
        column, row = np.nonzero(taken.T)  # robot by robot, so that each factory's samples stand together
        yield from _messages(city, fleet, chosen[column], at_s[row, column])


def _blocks(factory: Ints) -> Iterator[slice]:
    """Parts of about _BLOCK stays that cut no factory in two."""
    begin = 0
    while begin < len(factory):
        end = min(begin + _BLOCK, len(factory)) - 1
        end = int(np.searchsorted(factory, factory[end], side="right"))
        yield slice(begin, end)
        begin = end


def _messages(city: City, fleet: Fleet, stays: Ints, at_s: Ints) -> Iterator[Message]:
    if not len(stays):
        return
    factory = fleet.factory[stays]
    samples = _samples(city, fleet, stays, at_s)
    edges = np.flatnonzero(np.r_[True, factory[1:] != factory[:-1], True]).tolist()
    for begin, end in pairwise(edges):
        for part in chunks(samples[begin:end], _MOST_SAMPLES):
            yield Message(int(factory[begin]), "status", f'{{"robots":[{",".join(part)}]}}', len(part))


def _samples(city: City, fleet: Fleet, stays: Ints, at_s: Ints) -> list[str]:
    robot = fleet.robot[stays]
    kind = np.searchsorted(_STEPS, uniform(city.seed, 84, robot, at_s // 300), side="right")
    duty = 0.4 + 0.5 * uniform(city.seed, 85, robot)
    hours = ((at_s - fleet.from_s[stays]) / 3600 * duty).astype(np.int64)
    fields = zip(fleet.asset[stays].tolist(), at_s.tolist(), _TAILS[kind].tolist(), hours.tolist(), strict=True)
    return ['{"robot":"R-%04d","at":%d000,%s,"power_on_hours":%d}' % each for each in fields]  # noqa: UP031 - faster


def live(city: City, fleet: Fleet, factories: Ints, at_s: int) -> Iterator[Message]:
    """What some factories say of their robots at one moment.

    Args:
        city: the factories.
        fleet: the stays.
        factories: places in the city, rising.
        at_s: the moment.
    """
    begins = np.searchsorted(fleet.factory, factories)
    ends = np.searchsorted(fleet.factory, factories, side="right")
    stays = np.concatenate([np.arange(begin, end) for begin, end in zip(begins, ends, strict=True)] or [begins])
    here = (fleet.from_s[stays] <= at_s) & (fleet.to_s[stays] > at_s) & ~fleet.phantom[stays]
    speaks = uniform(city.seed, 82, fleet.robot[stays]) >= _SILENT_ROBOTS
    connected = uniform(city.seed, 81, fleet.factory[stays]) >= _SILENT_FACTORIES
    stays = stays[here & speaks & connected]
    yield from _messages(city, fleet, stays, np.full(len(stays), at_s))
