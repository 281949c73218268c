"""The factories of the simulated city: where they are, what they make, how many people and robots at the baseline."""

from dataclasses import dataclass

import numpy as np

from simulators import shape
from simulators.arrays import Flags, Floats, Ints, shares
from simulators.reference import Place, Seeds

OUTSIDE = -1


@dataclass(frozen=True)
class City:
    """Factories by place in every array.

    Attributes:
        seeds: what the city is built on.
        seed: of all that is drawn.
        scale: 1.0 is about 10,000 factories.
        park: place in `seeds.parks`, or OUTSIDE.
        district: place in `seeds.districts`.
        industry: classes of GB/T 4754-2017.
        sends_headcount: the others never do.
        sends_robots: the others send neither lifecycle nor inventory.
        persons: headcount at 2023-12-31.
        stock: robots that count, at 2023-12-31.
        appetite: how fast it takes robots up, against others of its area.
    """

    seeds: Seeds
    seed: int
    scale: float
    park: Ints
    district: Ints
    industry: tuple[str, ...]
    above_scale: Flags
    key: Flags
    sends_headcount: Flags
    sends_robots: Flags
    persons: Ints
    stock: Ints
    appetite: Floats

    def __len__(self) -> int:
        return len(self.persons)

    @property
    def ids(self) -> list[str]:
        """The ids of all factories."""
        return [f"F{place + 1:05d}" for place in range(len(self))]

    @property
    def counting(self) -> Flags:
        """Whose robots and persons are in a density."""
        return self.sends_headcount & self.sends_robots


def build_city(seeds: Seeds, *, seed: int, scale: float) -> City:
    """Draw the city; the same for the same arguments."""
    count = max(20, round(shape.FACTORIES * scale))
    rng = np.random.default_rng([seed, 1])
    park, district = _places(seeds, count, rng)
    industry = _industries(seeds, park, rng)
    above = rng.random(count) >= shape.BELOW_SCALE
    key = above & np.array([seeds.is_key(code) for code in industry])
    sizes = _sizes(industry, scale, rng)
    persons, sends = _persons(sizes, above=above, key=key, scale=scale, rng=rng)
    sends_robots = (rng.random(count) >= shape.NO_ROBOT_REPORT) | (persons > shape.MAX_SILENT_PERSONS)
    demand = persons * _density(industry) * rng.lognormal(0, 0.7, count)
    demand *= rng.random(count) < 0.25 + 0.65 * (persons > 60) + 0.1 * (persons > 300)
    demand *= sends_robots
    stock = _stock(demand, persons, above=above, key=key, counting=sends & sends_robots)
    appetite = persons * _density(industry) ** 0.6 * rng.lognormal(0, 0.6, count) * sends_robots * (demand > 0)
    return City(seeds, seed, scale, park, district, industry, above, key, sends, sends_robots, persons, stock, appetite)


def _places(seeds: Seeds, count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    weights = np.array([shape.PARK_WEIGHTS.get(park.id, 1.0) for park in seeds.parks])
    outside = np.array([shape.OUTSIDE_WEIGHTS[district] for district in seeds.districts])
    in_park = rng.random(count) < shape.IN_PARKS
    park = np.where(in_park, rng.choice(len(weights), count, p=weights / weights.sum()), OUTSIDE)
    own = np.array([seeds.districts.index(each.district) for each in seeds.parks])
    elsewhere = rng.choice(len(outside), count, p=outside / outside.sum())
    return park, np.where(in_park, own[park], elsewhere)


def _industries(seeds: Seeds, park: Ints, rng: np.random.Generator) -> tuple[str, ...]:
    codes = np.array(list(shape.INDUSTRIES))
    usual = np.array([each.weight for each in shape.INDUSTRIES.values()])
    mixes = np.array([*(usual * _boost(each, codes) for each in seeds.parks), usual])
    steps = np.cumsum(mixes / mixes.sum(axis=1, keepdims=True), axis=1)
    chosen = (rng.random(len(park))[:, None] > steps[park]).sum(axis=1)
    return tuple(codes[np.minimum(chosen, len(codes) - 1)].tolist())


def _boost(park: Place, codes: np.ndarray[tuple[int, ...], np.dtype[np.str_]]) -> Floats:
    known = {code for word, classes in shape.KNOWN_FOR.items() if word in park.known_for for code in classes}
    return np.where(np.isin(codes, sorted(known)), shape.KNOWN_FOR_BOOST, 1.0)


def _sizes(industry: tuple[str, ...], scale: float, rng: np.random.Generator) -> Floats:
    typical = np.array([shape.INDUSTRIES[code].size for code in industry])
    largest = 80.0 * min(1.0, max(scale, 0.01) ** 0.5)  # of a small city no plant is most of it
    return np.clip(typical * rng.lognormal(-0.6, 1.1, len(industry)), 0.1, largest)


def _density(industry: tuple[str, ...]) -> Floats:
    return np.array([shape.INDUSTRIES[code].density for code in industry])


def _persons(sizes: Floats, *, above: Flags, key: Flags, scale: float, rng: np.random.Generator) -> tuple[Ints, Flags]:
    """Headcounts, and who sends them; the sums over senders above scale are the city's persons."""
    silent = rng.random(len(sizes)) < shape.NO_HEADCOUNT
    small = sizes * 200 < shape.MAX_SILENT_PERSONS
    sends = ~(silent & small)
    persons = np.maximum(8, rng.integers(8, 40, len(sizes)))
    for group, total in ((key, shape.PERSONS_KEY), (above & ~key, shape.PERSONS_OTHER)):
        factor = total * scale / max(1.0, sizes[group & sends].sum())
        persons[group] = np.maximum(12, np.round(sizes[group] * factor)).astype(np.int64)
        _settle(persons, group & sends, round(total * scale))
    return persons, sends


def _settle(persons: Ints, chosen: Flags, total: int) -> None:
    """Let the largest take what rounding left over."""
    places = np.flatnonzero(chosen)
    order = places[np.argsort(-persons[places], kind="stable")][: max(1, len(places) // 10)]
    persons[order] += shares(persons[order].astype(np.float64), abs(total - int(persons[places].sum()))) * np.sign(
        total - int(persons[places].sum())
    )


def _stock(demand: Floats, persons: Ints, *, above: Flags, key: Flags, counting: Flags) -> Ints:
    """Robots, so that counting factories have the published densities."""
    in_key, other = key & counting, above & ~key & counting
    robots_key = round(shape.DENSITY_KEY * int(persons[in_key].sum()) / 10_000)
    robots_all = round(shape.DENSITY_ALL * int(persons[in_key | other].sum()) / 10_000)
    stock = np.floor(demand / 10_000).astype(np.int64)
    for group, total in ((in_key, robots_key), (other, robots_all - robots_key)):
        stock[group] = shares(demand[group], total)
    return stock
