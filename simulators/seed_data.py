"""The seeds as plain data: the parks and their districts, and which industries are key."""

from dataclasses import dataclass
from pathlib import Path

import yaml

SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True)
class SeedData:
    """What the simulated city takes from seeds/.

    Attributes:
        park_districts: adcode of each park.
        districts: Chinese name by adcode.
        key: of each key industry the prefixes that it includes and excludes.
    """

    park_districts: dict[str, str]
    districts: dict[str, str]
    key: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def is_key(self, industry: str) -> bool:
        """Whether a 4-digit class is key in the default set."""
        return any(industry.startswith(inside) and not industry.startswith(outside) for inside, outside in self.key)


def read_seed_data(seeds: Path = SEEDS) -> SeedData:
    """Read what the city needs; the platform checks the files."""
    parks, districts, sets = (_read(seeds / f"{name}.yaml") for name in ("parks", "districts", "key_sets"))
    default = next(each for each in sets["key_sets"] if each["id"] == sets["default"])
    return SeedData(
        {park["id"]: park["district"] for park in parks["parks"]},
        {district["id"]: district["name"]["zh"] for district in districts["districts"]},
        tuple((tuple(each["include"]), tuple(each.get("exclude", ()))) for each in default["industries"]),
    )


def _read(path: Path) -> dict[str, list[dict[str, str]]]:
    content: dict[str, list[dict[str, str]]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)  # noqa: S506 - the safe one in C
    return content
