"""What a scope owes to a target: an assigned quota, or else a share for reference."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from density.cube import Ratios
from density.definition import SERIES
from density.fold import Figures
from density.plan import OUTSIDE, Quotas, Target


@dataclass(frozen=True)
class Goal:
    """Where a scope should be at the deadline, and on whose word.

    Attributes:
        value: in the target's unit; NaN where the scope has no quota.
        basis: plan (the city), assigned, reference or none.
    """

    value: float
    basis: str


def largest_remainder(weights: Mapping[str, float], total: int) -> dict[str, int]:
    """Split a whole number in proportion to weights; remainders go to the largest fractions, ties by name."""
    sum_of_weights = sum(weights.values())
    if not sum_of_weights:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / sum_of_weights for name, weight in weights.items()}
    shares = {name: int(share) for name, share in exact.items()}
    by_fraction = sorted(weights, key=lambda name: (shares[name] - exact[name], name))
    for name in by_fraction[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def goals(target: Target, quotas: Quotas | None, figures: Figures, actual: Ratios, baseline: int) -> list[Goal]:
    """The goal of every scope of the city's figures, in their order.

    A count is split over parks and 园区外, and separately over districts, by persons at the baseline; a ratio is
    never split: a scope's goal is its own baseline × target ÷ the city's baseline.

    Args:
        target: what is owed.
        quotas: the assigned ones; a target that they name is judged by them alone.
        figures: the city's figures.
        actual: the target's figure, array [scope, day].
        baseline: column of the baseline day.
    """
    names, kinds = figures.scopes.names, figures.scopes.kinds
    city = Goal(target.value, "plan")
    assigned = quotas.values.get(target.id) if quotas else None
    if assigned is not None:
        by_name = {name: Goal(value, "assigned") for name, value in assigned.items()}
        return [
            city if kind == "city" else by_name.get(name, Goal(np.nan, "none"))
            for name, kind in zip(names, kinds, strict=True)
        ]
    values = _ratio_goals(target, actual[:, baseline]) if target.kind == "ratio" else _shares(target, figures, baseline)
    return [
        city if kind == "city" else Goal(value, "none" if np.isnan(value) else "reference")
        for kind, value in zip(kinds, values, strict=True)
    ]


def _ratio_goals(target: Target, baselines: Ratios) -> list[float]:
    return [float(own * target.value / baselines[0]) for own in baselines]


def _shares(target: Target, figures: Figures, baseline: int) -> list[float]:
    """Shares for reference; only a target that begins at zero in every scope can be split without knowing more."""
    persons = figures.counts["persons"][:, SERIES.index(target.series), baseline]
    shares = np.full(len(figures.scopes.names), np.nan)
    if target.figure != "gross_new":
        return list(shares)
    for kind in ("district", "park"):
        places = figures.scopes.of_kind(kind)
        weights = {figures.scopes.names[place]: float(persons[place]) for place in places}
        weights[OUTSIDE] = float(persons[0]) - sum(weights.values())
        split = largest_remainder(weights, int(target.value))
        for place in places:
            if persons[place]:
                shares[place] = split[figures.scopes.names[place]]
    return list(shares)
