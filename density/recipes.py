"""What each figure is made of: its numerator, its denominator, and the reports that it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from density.ratios import PER

Form = Literal["count", "decimal", "fine", "share"]

HEADCOUNT, ROBOTS = "no_headcount", "no_robot_report"

_OF_FACTORIES = frozenset({"persons", "persons_counted", "factories"})


@dataclass(frozen=True)
class Recipe:
    """How a figure is made.

    Attributes:
        numerator: the sum above the line; of a count the count itself.
        denominator: the sum below the line, none for a count.
        times: what the quotient is multiplied by.
        form: how people read it.
        yearly: whether the denominator is the mean of the last 12 month-ends.
        annual: whether it is known on 31 December alone.
        moved_by: the sum of single factories whose changes are told; none where no factory has a part of its own.
        reports: the kinds of reports that it stands on; none where it is counted from signals.
        needs: why a factory of the series is left out.
    """

    numerator: str
    denominator: str | None = None
    times: float = 1.0
    form: Form = "count"
    yearly: bool = False
    annual: bool = False
    moved_by: str | None = None
    reports: tuple[str, ...] = ("registration",)
    needs: tuple[str, ...] = ()

    @property
    def weighed(self) -> bool:
        """Whether numerator and denominator are both sums over factories, so that each has a part in its change."""
        return self.moved_by == self.numerator and self.denominator in _OF_FACTORIES

    @property
    def is_density(self) -> bool:
        """Whether a change of it splits in the three effects."""
        return self.times == PER and self.weighed


_REGISTER, _PEOPLE, _EVENTS = "registration", "workforce", "lifecycle"
_BOTH = (_REGISTER, _EVENTS, "inventory", _PEOPLE)


def _count(name: str, *reports: str, needs: tuple[str, ...] = ()) -> dict[str, Recipe]:
    return {name: Recipe(name, moved_by=name, reports=(_REGISTER, *reports), needs=needs)}


def _density(numerator: str, *, yearly: bool = False, annual: bool = False) -> Recipe:
    return Recipe(
        numerator, "persons_counted", PER, "decimal", yearly=yearly, annual=annual, moved_by=numerator, reports=_BOTH,
        needs=(HEADCOUNT, ROBOTS),
    )  # fmt: skip


def _share(numerator: str, denominator: str, moved_by: str, *reports: str, needs: tuple[str, ...] = ()) -> Recipe:
    return Recipe(
        numerator, denominator, form="share", moved_by=moved_by, reports=(_REGISTER, *reports), needs=needs,
    )  # fmt: skip


def _norm(numerator: str, denominator: str, times: float = 1.0) -> Recipe:
    return Recipe(numerator, denominator, times, "decimal", moved_by="persons_counted", reports=_BOTH)


RECIPES: Mapping[str, Recipe] = {
    **_count("stock", _EVENTS),
    **_count("gross_new", _EVENTS),
    **_count("stock_counted", _EVENTS, "inventory", _PEOPLE, needs=(HEADCOUNT, ROBOTS)),
    **_count("stock_ifr", _EVENTS),
    **_count("installed_pending", _EVENTS),
    **_count("undated", _EVENTS),
    **_count("persons", _PEOPLE, needs=(HEADCOUNT,)),
    **_count("persons_counted", _PEOPLE, _EVENTS, "inventory", needs=(HEADCOUNT, ROBOTS)),
    **_count("end_of_period_persons", _PEOPLE, needs=(HEADCOUNT,)),
    **_count("factories"),
    **_count("inventories", "inventory"),
    **_count("inventory_gap", "inventory", _EVENTS),
    **_count("smart_factories", "designation"),
    **_count("smart_claimed", "assessment", "designation"),
    **_count("chain_leaders", "designation"),
    **_count("service_providers", "designation"),
    **_count("innovation_centres", "designation"),
    "in_transit": Recipe("in_transit", reports=(_EVENTS,)),
    **{name: Recipe(name, reports=()) for name in ("connected_stock", "operating_stock", "undeclared", "unseen")},
    "density": _density("stock_counted"),
    "density_12m": _density("stock_counted", yearly=True),
    "density_annual": _density("stock_counted", yearly=True, annual=True),
    "density_ifr": _density("ifr_counted"),
    "response_headcount_factories": _share(
        "headcount_factories", "factories", "headcount_factories", _PEOPLE, needs=(HEADCOUNT,)
    ),
    "response_headcount_persons": _share(
        "persons", "known_persons", "headcount_factories", _PEOPLE, needs=(HEADCOUNT,)
    ),
    "response_robots_factories": _share(
        "robots_factories", "factories", "robots_factories", _EVENTS, "inventory", needs=(ROBOTS,)
    ),
    "response_robots_persons": _share(
        "robots_persons", "known_persons", "robots_factories", _EVENTS, "inventory", _PEOPLE, needs=(ROBOTS,)
    ),
    "end_of_period_share": _share("end_of_period_persons", "persons", "end_of_period_persons", _PEOPLE),
    "frame_coverage": _share("persons_counted", "frame_persons", "persons_counted", _PEOPLE, _EVENTS, "statistic"),
    "expected_density": _norm("expected_density", "persons_counted"),
    "mix_index": _norm("density", "expected_density", 100.0),
}
