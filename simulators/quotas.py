"""The demo's assigned quotas: 20,000 robots split by the simulated persons at the baseline.

`python -m simulators.quotas` writes seeds/plans/shanghai-2027-demo-quotas.yaml again.
"""

import sys
from collections.abc import Mapping

import numpy as np

from simulators.arrays import Floats, Ints, shares
from simulators.city import OUTSIDE, City, build_city
from simulators.reference import SEEDS, read_seeds
from simulators.run import DEFAULT_SEED

ROBOTS = 20_000
OUTSIDE_PARKS = "outside-parks"
FILE = SEEDS / "plans" / "shanghai-2027-demo-quotas.yaml"

_HEAD = """\
# SIMULATED quotas (下达指标) for the demo: no body has assigned them. Two allocations of the target SH-13:
# to parks with 园区外, and to districts. Each sums to 20,000.
# Source: simulators/quotas.py, in proportion to the simulated city's persons at 2023-12-31 (largest remainder);
# inferred.

body: 模拟下达单位（演示用） · simulated body, for the demo
document: 模拟下达文件（演示用） · simulated document, for the demo
number: 模拟〔2024〕1号
day: 2024-01-01
source: simulated, inferred
simulated: true
plan: shanghai-2027
quotas:
  SH-13:
"""


def quotas(city: City) -> Mapping[str, int]:
    """Robots by scope: parks with what lies outside them, then districts."""
    seeds = city.seeds
    sends = city.sends_headcount
    persons = np.where(sends, city.persons, 0).astype(np.float64)
    places: Ints = np.where(city.park == OUTSIDE, len(seeds.parks), city.park)
    parks = shares(_by(places, persons, len(seeds.parks) + 1), ROBOTS).tolist()
    districts = shares(_by(city.district, persons, len(seeds.districts)), ROBOTS).tolist()
    names = [*(f"park:{park.id}" for park in seeds.parks), OUTSIDE_PARKS]
    of_districts = zip((f"district:{district}" for district in seeds.districts), districts, strict=True)
    return {**dict(zip(names, parks, strict=True)), **dict(of_districts)}


def _by(places: Ints, persons: Floats, count: int) -> Floats:
    return np.bincount(places, persons, count).astype(np.float64)


def quotas_file() -> str:
    """The file's text."""
    city = build_city(read_seeds(), seed=DEFAULT_SEED, scale=1.0)
    return _HEAD + "".join(f'    "{scope}": {robots}\n' for scope, robots in quotas(city).items())


if __name__ == "__main__":
    FILE.write_text(quotas_file(), encoding="utf-8")
    sys.stdout.write(f"Written: {FILE}\n")
