"""The robots of the simulated city: where each stands from when to when, until the horizon.

A *stay* is one robot at one factory. All stays are laid out at once, so that what has happened by a day never
depends on the day of asking.
"""

from dataclasses import dataclass, fields, replace
from typing import Final, Self

import numpy as np

from simulators import shape
from simulators.calendar import (
    BASELINE_MS,
    DAY_MS,
    HORIZON_MS,
    HOUR_MS,
    NEVER_MS,
    OFFSET_MS,
    Bools,
    Floats,
    Ints,
    span_end_ms,
)
from simulators.chance import apportion, generator, pick
from simulators.city import City
from simulators.models import AGV, HUMANOID, category_shares, choose_models

EXACT, DATE, MONTH, YEAR, BEFORE = range(5)  # how exactly a beginning is known
PRODUCTION, RESEARCH, TRAINING = range(3)
_WITHDRAWN_A_YEAR: Final = 0.015
_MOVED: Final = 0.02  # share of the robots that move once until the horizon
_AGES: Final = (1, 1, 2, 3, 5, 7, 9, 11, 13, 15, 16, 17)  # weights of the years 2012 to 2023


@dataclass(frozen=True)
class Fleet:
    """Stays, as arrays of one length, ordered by factory.

    Attributes:
        factory: index of the factory.
        robot: number of the robot; a robot that moves has two stays.
        asset: the factory's own number of it.
        begin_ms, end_ms: in stock from and until; NEVER_MS while it stays.
        exactness: of the beginning: EXACT, DATE, MONTH, YEAR, BEFORE.
        moved_in, moved_out: how it began and ended.
        counts: an industrial robot in production.
    """

    factory: Ints
    robot: Ints
    asset: Ints
    begin_ms: Ints
    end_ms: Ints
    exactness: Ints
    moved_in: Bools
    moved_out: Bools
    category: Ints
    model: Ints
    purpose: Ints
    lease: Bools
    counts: Bools

    def __len__(self) -> int:
        return len(self.factory)

    def take(self, places: Ints | Bools) -> Self:
        """Some of the stays."""
        return replace(self, **{field.name: getattr(self, field.name)[places] for field in fields(self)})

    def standing(self, instant: int) -> Bools:
        """Which stays hold an instant."""
        return (self.begin_ms <= instant) & (instant < self.end_ms)


def build_fleet(city: City) -> Fleet:
    """Lay out every robot from the opening stock to the horizon."""
    rng = generator(city.seed, "fleet")
    old = np.repeat(np.arange(len(city)), baseline_stock(city))
    new, new_begins = _installations(city, rng)
    factory = np.concatenate([old, new])
    begins = np.concatenate([_old_begins(rng, len(old)), new_begins])
    stays = _machines(rng, city, factory, begins, len(old))
    stays = _withdrawals(rng, stays)
    return _numbered(_closed(city, _moves(rng, city, stays)))


def baseline_stock(city: City) -> Ints:
    """Robots of each factory at the end of 2023; counting factories give the published densities."""
    rng, persons = generator(city.seed, "stock"), city.people.at_baseline()
    per_person = np.asarray([each.robots / (each.persons_k * 1000) for each in shape.CLASSES])[city.kind]
    adopts = rng.random(len(city)) < (0.12 + 0.2 * np.log10(city.base.clip(10) / 10)).clip(0, 1)
    weights = city.base * per_person * np.exp(rng.normal(0, 0.6, len(city))) * (adopts & city.reports)
    counting, all_persons = city.counting & city.above, persons[city.counting & city.above].sum()
    key_total = shape.DENSITY_KEY / 10_000 * persons[counting & city.key].sum()
    stock = np.zeros(len(city), dtype=np.int64)
    for group, total in (
        (city.key, key_total),
        (city.above & ~city.key, shape.DENSITY_ALL / 10_000 * all_persons - key_total),
    ):
        inside = weights[group & counting].sum()
        rate = max(total, 0) / inside if inside else 0.0
        for part in (group & counting, group & ~counting):
            stock[part] = apportion(weights[part], round(weights[part].sum() * rate))
    return stock


def _installations(city: City, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The factory and the instant of each robot that is new after the baseline, evenly in the city until the horizon."""
    days = (HORIZON_MS - BASELINE_MS) / DAY_MS
    total = shape.NEW_A_DAY * days * city.scale
    stock = baseline_stock(city)
    wants = (0.75 * stock + 0.006 * city.base * city.key) * city.reports * (city.closed_ms == NEVER_MS)
    wants = wants * city.pace * np.exp(rng.normal(0, 0.45, len(city)))
    factories, begins = [], []
    for group, share in ((city.key, shape.NEW_IN_KEY), (~city.key, 1 - shape.NEW_IN_KEY)):
        numbers = np.where(group, apportion(wants * group, round(total * share)), 0)
        batch_factory, batch_size = _batches(rng, numbers)
        reach = np.cumsum(batch_size)
        when = (reach - batch_size * rng.random(len(reach))) / max(reach[-1] if len(reach) else 1, 1)
        instants = _working_hour(rng, BASELINE_MS + (when * days * DAY_MS).astype(np.int64))
        spread = np.repeat(instants, batch_size)
        minutes = np.arange(len(spread)) - np.repeat(reach - batch_size, batch_size)
        factories.append(np.repeat(batch_factory, batch_size))
        begins.append(spread + minutes * 4 * 60_000)
    return np.concatenate(factories), np.concatenate(begins)


def _batches(rng: np.random.Generator, numbers: Ints) -> tuple[Ints, Ints]:
    """Split each factory's installations in batches, in random order; a large user buys more at once."""
    typical = np.clip(numbers / 14, 1, 12)
    counts = np.ceil(numbers / typical).astype(np.int64)
    factory = np.repeat(np.arange(len(numbers)), counts)
    place = np.arange(len(factory)) - np.repeat(np.cumsum(counts) - counts, counts)
    whole, rest = np.divmod(numbers[factory], np.maximum(counts[factory], 1))
    size = whole + (place < rest)
    order = rng.permutation(len(factory))
    return factory[order], size[order]


def _working_hour(rng: np.random.Generator, instants: Ints) -> Ints:
    """The same Shanghai day between 8 and 17 o'clock; a Sunday's goes to the Monday after, but for the last day."""
    day = (instants + OFFSET_MS) // DAY_MS
    day = np.where((day + 4) % 7 == 0, day + 1, day)
    return day * DAY_MS - OFFSET_MS + 8 * HOUR_MS + rng.integers(0, 9 * 3600, len(day)) * 1000


def _old_begins(rng: np.random.Generator, count: int) -> Ints:
    year = 2012 + pick(rng, _AGES, count)
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    day = first + rng.integers(0, 365, count)
    return day * DAY_MS - OFFSET_MS + 8 * HOUR_MS + rng.integers(0, 10 * 3600, count) * 1000


def _machines(rng: np.random.Generator, city: City, factory: Ints, begins: Ints, old: int) -> Fleet:
    """What stands there, with a few on top that do not count: vehicles, humanoids, research and training."""
    category = _categories(rng, city, factory)
    extra = np.flatnonzero(rng.random(len(factory)) < 0.03)
    kind = pick(rng, (0.7, 0.03, 0.17, 0.1), len(extra))  # vehicle, humanoid, research, training
    everywhere = np.concatenate([np.arange(len(factory)), extra])
    category = np.concatenate([category, np.select([kind == 0, kind == 1], [AGV, HUMANOID], category[extra])])
    purpose = np.zeros(len(everywhere), dtype=np.int64)
    purpose[len(factory) :] = np.select([kind == 2, kind == 3], [RESEARCH, TRAINING], PRODUCTION)
    exactness = _exactness(rng, everywhere < old)
    begin_ms = _as_known(begins[everywhere], exactness)
    count = len(everywhere)
    return Fleet(
        factory=factory[everywhere],
        robot=np.arange(count),
        asset=np.zeros(count, dtype=np.int64),
        begin_ms=begin_ms,
        end_ms=np.full(count, NEVER_MS),
        exactness=exactness,
        moved_in=np.zeros(count, dtype=bool),
        moved_out=np.zeros(count, dtype=bool),
        category=category,
        model=choose_models(rng, category),
        purpose=purpose,
        lease=rng.random(count) < 0.07,
        counts=(category < AGV) & (purpose == PRODUCTION),
    )


def _exactness(rng: np.random.Generator, old: Bools) -> Ints:
    known = pick(rng, (0.90, 0.05, 0.02, 0.02, 0.01), len(old))
    lately = pick(rng, (0.975, 0.015, 0.01), len(old))
    return np.where(old, known, lately)


def _as_known(begins: Ints, exactness: Ints) -> Ints:
    """A beginning as the platform takes it: of an imprecise date 00:00 of the span's last day."""
    day = begins - (begins + OFFSET_MS) % DAY_MS
    before = np.full(len(begins), BASELINE_MS - 2 * DAY_MS)
    choices = [begins, day, span_end_ms(begins, "M"), span_end_ms(begins, "Y"), before]
    return np.choose(exactness, choices)


def _categories(rng: np.random.Generator, city: City, factory: Ints) -> Ints:
    shares = np.cumsum([category_shares(each.code) for each in shape.CLASSES], axis=1)
    draws: Floats = rng.random(len(factory))
    return (draws[:, None] > shares[city.kind[factory]] / shares[:, -1:][city.kind[factory]]).sum(axis=1)


def _withdrawals(rng: np.random.Generator, stays: Fleet) -> Fleet:
    lives = rng.exponential(365.25 / _WITHDRAWN_A_YEAR, len(stays)) * DAY_MS
    end = np.maximum(stays.begin_ms, BASELINE_MS) + np.maximum(lives, 30 * DAY_MS).astype(np.int64)
    return replace(stays, end_ms=np.where(end < HORIZON_MS, end // 1000 * 1000, NEVER_MS))


def _moves(rng: np.random.Generator, city: City, stays: Fleet) -> Fleet:
    """A few robots go on to another factory of the same industry, the same class where there is one."""
    last = np.minimum(stays.end_ms, HORIZON_MS) - 90 * DAY_MS
    first = np.maximum(stays.begin_ms, BASELINE_MS) + 30 * DAY_MS
    open_here = city.closed_ms[stays.factory] == NEVER_MS
    moving = np.flatnonzero((rng.random(len(stays)) < _MOVED) & (last > first) & stays.counts & open_here)
    leave = first[moving] + ((last - first)[moving] * rng.random(len(moving))).astype(np.int64)
    leave = leave // 1000 * 1000
    arrive = leave + rng.integers(3 * 24, 40 * 24, len(moving)) * HOUR_MS
    second = replace(
        stays.take(moving),
        factory=_other_factories(rng, city, stays.factory[moving]),
        begin_ms=arrive,
        exactness=np.zeros(len(moving), dtype=np.int64),
        moved_in=np.ones(len(moving), dtype=bool),
    )
    end, out = stays.end_ms.copy(), stays.moved_out.copy()
    end[moving], out[moving] = leave, True
    return joined(replace(stays, end_ms=end, moved_out=out), second)


def _other_factories(rng: np.random.Generator, city: City, factory: Ints) -> Ints:
    open_for_it = np.flatnonzero(city.reports & (city.closed_ms == NEVER_MS))
    by_kind = {number: open_for_it[city.kind[open_for_it] == number] for number in range(len(shape.CLASSES))}
    draws = rng.random(len(factory)).tolist()
    chosen = []
    for each, draw in zip(factory.tolist(), draws, strict=True):
        others = by_kind[int(city.kind[each])]
        others = others[others != each] if len(others) > 1 else open_for_it[open_for_it != each]
        chosen.append(int(others[int(draw * len(others))]) if len(others) else each)
    return np.asarray(chosen, dtype=np.int64)


def _closed(city: City, stays: Fleet) -> Fleet:
    """A closed factory says nothing any more; its robots leave with it."""
    return stays.take(stays.begin_ms < city.closed_ms[stays.factory])


def _numbered(stays: Fleet) -> Fleet:
    """Ordered by factory and beginning, with asset numbers in that order."""
    ordered = stays.take(np.lexsort((stays.robot, stays.begin_ms, stays.factory)))
    starts = np.searchsorted(ordered.factory, ordered.factory, side="left")
    return replace(ordered, asset=np.arange(len(ordered)) - starts + 1)


def joined(first: Fleet, second: Fleet) -> Fleet:
    """The stays of both."""
    pairs = {field.name: (getattr(first, field.name), getattr(second, field.name)) for field in fields(first)}
    return Fleet(**{name: np.concatenate(pair) for name, pair in pairs.items()})
