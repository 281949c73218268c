"""The reference data that figures are counted by: areas, industries, key sets, manufacturers and terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Name:
    """A name in both languages; officials see the Chinese one first."""

    zh: str
    en: str


@dataclass(frozen=True)
class District:
    """A district by its adcode of GB/T 2260; `tile` is its column and row where districts are drawn as tiles."""

    id: str
    name: Name
    tile: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Park:
    """A park; the body that runs it may not be its district's, and its factories name their own district."""

    id: str
    name: Name
    district: str
    administering_body: str


@dataclass(frozen=True)
class Zone:
    """A zone of whole parks; zones overlap districts and each other and are never summed."""

    id: str
    name: Name
    parks: tuple[str, ...]


@dataclass(frozen=True)
class KeyIndustry:
    """One key industry as prefixes of GB/T 4754-2017 codes."""

    name: Name
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()

    def holds(self, industry: str) -> bool:
        """Whether a 4-digit class belongs to this key industry."""
        return industry.startswith(self.include) and not (self.exclude and industry.startswith(self.exclude))


@dataclass(frozen=True)
class KeySet:
    """A versioned set of key industries; a class in any of them is key.

    Attributes:
        from_day: its source took it up; it is applied to all days, so that the days of its series can be compared.
    """

    id: str
    name: Name
    industries: tuple[KeyIndustry, ...]
    from_day: date = date.min

    def holds(self, industry: str) -> bool:
        """Whether a 4-digit class is key."""
        return any(each.holds(industry) for each in self.industries)


@dataclass(frozen=True)
class Term:
    """What a figure is called, its unit, and its definition (口径)."""

    name: Name
    unit: Name
    definition: Name


@dataclass(frozen=True)
class Crosswalk:
    """Which designations count toward the plan's 示范性智能工厂; not official.

    Attributes:
        counts_from: by scheme and grade the day from which the grade counts; what is missing never does.
    """

    counts_from: Mapping[tuple[str, str], date]

    @property
    def counts(self) -> frozenset[tuple[str, str]]:
        """Scheme and grade of all that count on some day."""
        return frozenset(self.counts_from)


@dataclass(frozen=True)
class Holiday:
    """A public holiday: the days of rest around it and the weekend days that are worked for it.

    Attributes:
        announced: whether the State Council has announced these days; else they are inferred.
    """

    id: str
    name: Name
    first_day: date
    last_day: date
    working_days: tuple[date, ...]
    announced: bool


@dataclass(frozen=True)
class Reference:
    """All reference data of one city.

    Attributes:
        industries: names by code of 2 to 4 digits; every division 13–43 is in it.
        manufacturers: the standing name by normalised alias.
    """

    districts: Mapping[str, District]
    parks: Mapping[str, Park]
    industries: Mapping[str, Name]
    key_sets: Mapping[str, KeySet]
    manufacturers: Mapping[str, str]
    terms: Mapping[str, Term]
    crosswalk: Crosswalk
    zones: Mapping[str, Zone] = field(default_factory=dict)
    holidays: tuple[Holiday, ...] = ()
