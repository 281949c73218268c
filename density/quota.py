"""What a scope owes to a target: an assigned quota, or else a share for reference."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from density.actual import Actual
from density.arrays import Ratios
from density.judged import Judged
from density.plan import DESIGNATIONS, FIGURE, OUTSIDE, Quotas, Target


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


def goals(target: Target, quotas: Quotas | None, judged: Judged, actual: Actual) -> list[Goal]:
    """The goal of every scope that is judged, in their order.

    What a count lacks at the baseline is split over parks and 园区外, and separately over districts, by persons
    then, and each scope's share comes on top of its own baseline; a ratio is never split: a scope's goal is its own
    baseline × target ÷ the city's baseline. What statistics measure has no shares.

    Args:
        target: what is owed.
        quotas: the assigned ones; a target that they name is judged by them alone.
        judged: the scopes, the city first.
        actual: the target's measurement in them.
    """
    scopes = judged.scopes
    assigned = quotas.values.get(target.id) if quotas else None
    if assigned is not None:
        given = [assigned.get(name, np.nan) for name in scopes.names]
    elif target.kind == "ratio" and target.measured_by == FIGURE:
        given = _ratio_goals(target, actual.baseline)
    else:
        given = _shares(target, judged, actual)
    basis = "reference" if assigned is None else "assigned"
    return [
        _of_city(target) if kind == "city" else Goal(value, "none" if np.isnan(value) else basis)
        for kind, value in zip(scopes.kinds, given, strict=True)
    ]


def _of_city(target: Target) -> Goal:
    return Goal(np.nan, "none") if target.value is None else Goal(target.value, "plan")


def _ratio_goals(target: Target, baselines: Ratios) -> list[float]:
    city = baselines[0]
    return [float(own * (target.value or 0.0) / city) if city > 0 else float("nan") for own in baselines]


def _shares(target: Target, judged: Judged, actual: Actual) -> list[float]:
    """Shares for reference of what the factories' reports and the registers count."""
    shares = np.full(len(judged.places), np.nan)
    lacking = (target.value or 0.0) - float(actual.baseline[0])
    if target.kind != "count" or target.measured_by not in {FIGURE, DESIGNATIONS} or np.isnan(lacking):
        return list(shares)
    persons = judged.values("persons", target.series)[:, actual.column]
    for kind in ("district", "park"):
        places = judged.scopes.of_kind(kind)
        weights = {judged.scopes.names[place]: float(persons[place]) for place in places}
        weights[OUTSIDE] = float(persons[0]) - sum(weights.values())
        split = largest_remainder(weights, max(0, int(lacking)))
        for place in places:
            if persons[place]:
                shares[place] = actual.baseline[place] + split[judged.scopes.names[place]]
    return list(shares)
