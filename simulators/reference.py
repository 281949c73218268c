"""The data in seeds/ that the simulated city is built on, as it stands in the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True)
class Place:
    """A park.

    Attributes:
        known_for: in Chinese, separated by 、.
    """

    id: str
    district: str
    known_for: str


@dataclass(frozen=True)
class KeyIndustries:
    """The prefixes of one key industry."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]

    def holds(self, industry: str) -> bool:
        """Whether a class belongs to it."""
        return industry.startswith(self.include) and not (self.exclude and industry.startswith(self.exclude))


@dataclass(frozen=True)
class Seeds:
    """Parks, districts, key industries and the spellings of makers by their English name."""

    parks: tuple[Place, ...]
    districts: tuple[str, ...]
    key: tuple[KeyIndustries, ...]
    spellings: Mapping[str, tuple[str, ...]]

    def is_key(self, industry: str) -> bool:
        """Whether a class is in the default set of key industries."""
        return any(each.holds(industry) for each in self.key)


def read_seeds(folder: Path = SEEDS) -> Seeds:
    """Read what the city needs."""
    parks, districts = _read(folder, "parks")["parks"], _read(folder, "districts")["districts"]
    key_sets, makers = _read(folder, "key_sets"), _read(folder, "manufacturers")["manufacturers"]
    chosen = next(each for each in key_sets["key_sets"] if each["id"] == key_sets["default"])
    return Seeds(
        parks=tuple(Place(park["id"], park["district"], park["known_for"]["zh"]) for park in parks),
        districts=tuple(district["id"] for district in districts),
        key=tuple(KeyIndustries(tuple(row["include"]), tuple(row.get("exclude", ()))) for row in chosen["industries"]),
        spellings={row["name"]["en"]: (*row["aliases"], *row.get("subsidiaries", ())) for row in makers},
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), loader)  # noqa: S506 - safe
    return content
