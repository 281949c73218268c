"""Every stay of every robot in the city, drawn to the horizon: who entered where and when, and who leaves."""

from dataclasses import dataclass

import numpy as np

from simulators import shape
from simulators.arrays import Flags, Ints, ordinals, uniform
from simulators.calendar import BASELINE_END_S, DAY_S, HORIZON_END_S, NEVER_S
from simulators.city import City
from simulators.growth import installations
from simulators.makes import EXTRA_MAKES, MAKES, category_mix, draw_makes

YEAR_S = 365 * DAY_S
AGV, HUMANOID, TAUGHT = range(len(MAKES), len(MAKES) + len(EXTRA_MAKES))
PRODUCTION, RESEARCH, TRAINING = range(3)
INSTANT, DAY, MONTH, YEAR, BEFORE = range(5)
SETTLED_S = 400 * DAY_S  # so long a new robot stays where it is


@dataclass(frozen=True)
class Fleet:
    """Stays by place in every array.

    Attributes:
        robot: the machine; one that moves has two stays.
        factory: place in the city.
        asset: the factory's own number of it.
        make: place in ALL_MAKES.
        purpose: PRODUCTION, RESEARCH or TRAINING.
        from_s: when the stay began.
        to_s: when it ended; NEVER_S while it lasts.
        form: how exactly the beginning is told: INSTANT, DAY, MONTH, YEAR, BEFORE.
        moved_in: the robot came from another factory.
        moves_out: it goes to another factory; else it is decommissioned.
        phantom: reported in error and voided.
    """

    robot: Ints
    factory: Ints
    asset: Ints
    make: Ints
    purpose: Ints
    from_s: Ints
    to_s: Ints
    form: Ints
    moved_in: Flags
    moves_out: Flags
    phantom: Flags

    def __len__(self) -> int:
        return len(self.robot)


def build_fleet(city: City) -> Fleet:
    """Draw all stays; the same for the same city."""
    rng = np.random.default_rng([city.seed, 3])
    factory, from_s = _entries(city, rng)
    count = len(factory)
    make, purpose, extra = _kinds(city, factory, rng)
    old = from_s < BASELINE_END_S
    robot = np.arange(count)
    form = _forms(robot, old=old, seed=city.seed)
    to_s = _ends(from_s, old=old, rng=rng)
    moves = _movers(city, from_s, to_s, extra=extra, rng=rng)
    to_s[moves] = _move_times(from_s[moves], rng)
    phantom = ~old & ~extra & (uniform(city.seed, 31, robot) < 0.003)
    twin = np.flatnonzero(phantom)
    homes = np.flatnonzero(city.stock > 0)
    arrived = moves[uniform(city.seed, 32, moves) < 0.97]
    news_s = to_s[arrived] + rng.integers(2 * DAY_S, 20 * DAY_S, len(arrived))
    moved_to = homes[(uniform(city.seed, 33, arrived) * len(homes)).astype(np.int64)]
    stays = {
        "robot": np.r_[robot, arrived, count + np.arange(len(twin))],
        "factory": np.r_[factory, moved_to, factory[twin]],
        "make": np.r_[make, make[arrived], make[twin]],
        "purpose": np.r_[purpose, purpose[arrived], purpose[twin]],
        "from_s": np.r_[from_s, news_s, from_s[twin]],
        "to_s": np.r_[to_s, np.full(len(arrived) + len(twin), NEVER_S)],
        "form": np.r_[form, np.full(len(arrived) + len(twin), INSTANT)],
    }
    kinds = np.repeat(np.arange(3), [count, len(arrived), len(twin)])
    moves_out = np.zeros(len(kinds), dtype=np.bool_)
    moves_out[moves] = True
    order = np.lexsort((stays["robot"], stays["from_s"], stays["factory"]))
    sorted_stays = {name: values[order] for name, values in stays.items()}
    return Fleet(
        **sorted_stays,
        asset=ordinals(sorted_stays["factory"]) + 1,
        moved_in=(kinds == 1)[order],
        moves_out=moves_out[order],
        phantom=(kinds == 2)[order],
    )


def _entries(city: City, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Factory and time of the opening stock, the installations and the machines that do not count, in this order."""
    opening = np.repeat(np.arange(len(city)), city.stock)
    ages = (rng.beta(1.1, 2.2, len(opening)) * 10 * YEAR_S).astype(np.int64)
    news = installations(city)
    homes = np.flatnonzero(city.stock > 0)
    extras = rng.choice(homes, round(shape.EXTRAS * city.scale)) if len(homes) else np.zeros(0, dtype=np.int64)
    spread = rng.random(len(extras))
    extra_s = np.where(spread < 0.6, BASELINE_END_S - spread * 6 * YEAR_S, 0).astype(np.int64)
    later = BASELINE_END_S + ((spread - 0.6) / 0.4 * (HORIZON_END_S - BASELINE_END_S)).astype(np.int64)
    extra_s = np.where(spread < 0.6, extra_s, later)
    opening_s = BASELINE_END_S - 2 * DAY_S - ages
    return np.r_[opening, news.factory, extras], np.r_[opening_s, news.at_s, extra_s]


def _kinds(city: City, factory: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Flags]:
    mixes = np.array([category_mix(code) for code in city.industry])
    make = draw_makes(mixes[factory], rng)
    extra = np.arange(len(factory)) >= len(factory) - round(shape.EXTRAS * city.scale) * bool(city.stock.any())
    draw = rng.random(len(factory))
    make = np.where(extra, np.where(draw < 0.75, AGV, np.where(draw < 0.8, HUMANOID, TAUGHT)), make)
    teaching = np.where(draw < 0.9, RESEARCH, TRAINING)
    return make, np.where(extra & (draw >= 0.8), teaching, PRODUCTION), extra


def _forms(robot: Ints, *, old: Flags, seed: int) -> Ints:
    draw = uniform(seed, 34, robot)
    of_old = np.select([draw < 0.8, draw < 0.88, draw < 0.95], [DAY, MONTH, YEAR], BEFORE)
    of_new = np.select([draw < 0.86, draw < 0.97, draw < 0.992, draw < 0.998], [INSTANT, DAY, MONTH, YEAR], BEFORE)
    return np.where(old, of_old, of_new)


def _ends(from_s: Ints, *, old: Flags, rng: np.random.Generator) -> Ints:
    years = rng.exponential(1 / shape.DECOMMISSIONED_A_YEAR, len(from_s))
    ends = np.where(old, BASELINE_END_S + DAY_S, from_s + SETTLED_S) + (years * YEAR_S).astype(np.int64)
    return np.where(ends < HORIZON_END_S, ends, NEVER_S)


def _movers(city: City, from_s: Ints, to_s: Ints, *, extra: Flags, rng: np.random.Generator) -> Ints:
    """Robots that move once; none of them is also decommissioned."""
    years = (HORIZON_END_S - BASELINE_END_S) / YEAR_S
    staying = np.flatnonzero((to_s == NEVER_S) & ~extra & (from_s < HORIZON_END_S - SETTLED_S - 30 * DAY_S))
    count = min(len(staying), round(shape.MOVES_A_YEAR * years * city.scale))
    return np.sort(rng.choice(staying, count, replace=False))


def _move_times(from_s: Ints, rng: np.random.Generator) -> Ints:
    earliest = np.maximum(from_s + SETTLED_S, BASELINE_END_S + DAY_S)
    span = HORIZON_END_S - earliest
    result: Ints = earliest + (rng.random(len(from_s)) * span).astype(np.int64)
    return result
