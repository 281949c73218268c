"""What a figure means: the parameters of the definitions, versioned together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from density.register import Crosswalk, KeySet

VERSION = 2

SERIES = ("total", "all", "key")

ROBOTS = frozenset(
    {"articulated", "scara", "cartesian", "parallel", "cylindrical", "spherical", "wafer_handler", "panel_handler"}
)  # ISO 8373:2021 and IFR practice

MIN_PERSONS = 50  # below it a density is null
HEADCOUNT_DAYS = 400  # a headcount holds for so long after its period's end


@dataclass(frozen=True)
class Definition:
    """One consistent choice of everything that figures depend on beside the reports.

    Attributes:
        key_set: which industries are key.
        manufacturers: the standing name by normalised alias.
        crosswalk: which designations count as 示范性智能工厂.
        first_day: the first day of the figures; what was before is in the opening stock.
        baseline_day: a robot is new when its first day in stock lies strictly after this day.
        categories: what counts as an industrial robot.
        other_key_sets: further sets; each is a series of its own, `key:<id>`.
        prefer: which headcount of a period is taken where both are given.
        service_life_years: after so many years the IFR variant withdraws a robot.
        installed_counts: whether an installation alone enters a robot into stock.
    """

    key_set: KeySet
    manufacturers: Mapping[str, str]
    crosswalk: Crosswalk
    first_day: date = date(2023, 12, 31)
    baseline_day: date = date(2023, 12, 31)
    categories: frozenset[str] = field(default=ROBOTS)
    other_key_sets: tuple[KeySet, ...] = ()
    prefer: Literal["average", "end_of_period"] = "average"
    service_life_years: int = 12
    installed_counts: bool = False

    @property
    def key_sets(self) -> tuple[KeySet, ...]:
        """Every set of key industries that figures are kept for, the platform's own first."""
        return (self.key_set, *self.other_key_sets)

    @property
    def series(self) -> tuple[str, ...]:
        """Every series that figures are kept for."""
        return (*SERIES, *(f"key:{each.id}" for each in self.other_key_sets))
