"""The shape of the simulated city in a table of text."""

from collections.abc import Iterable

import numpy as np

from simulators.arrays import Flags
from simulators.city import City


def described(city: City) -> str:
    """Factories, persons, robots and density at 2023-12-31: of the city, by district and by division."""
    lines = [
        f"模拟城市 SIMULATED CITY · seed {city.seed} · scale {city.scale:g} · at 2023-12-31",
        f"{len(city):,} factories, {int((city.park >= 0).sum()):,} of them in {len(city.seeds.parks)} parks",
        _head("scope"),
        _row("above scale 规上", city, city.above_scale),
        _row("key industries 重点产业", city, city.key),
        *_table("district", city, zip(city.seeds.districts, range(len(city.seeds.districts)), strict=True)),
        _head("division"),
    ]
    divisions = np.array([code[:2] for code in city.industry])
    lines += [_row(division, city, city.above_scale & (divisions == division)) for division in np.unique(divisions)]
    return "\n".join(lines)


def _table(name: str, city: City, rows: Iterable[tuple[str, int]]) -> list[str]:
    return [_head(name), *(_row(label, city, city.above_scale & (city.district == place)) for label, place in rows)]


def _head(name: str) -> str:
    return f"\n{name:<26}{'factories':>10}{'persons':>12}{'robots':>9}{'per 10,000':>12}"


def _row(label: str, city: City, chosen: Flags) -> str:
    counting = chosen & city.counting
    persons, robots = int(city.persons[counting].sum()), int(city.stock[counting].sum())
    density = f"{10_000 * robots / persons:.1f}" if persons else "–"
    sums = f"{int(city.persons[chosen].sum()):>12,}{int(city.stock[chosen].sum()):>9,}"
    return f"{label:<26}{int(chosen.sum()):>10,}{sums}{density:>12}"
