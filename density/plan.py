"""A plan as data: its targets, each with its sentence, and the quotas that were handed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from density.register import Name


@dataclass(frozen=True)
class Target:
    """One quantified target of a plan.

    Attributes:
        id: e.g. `SH-13`.
        sentence: the words of the plan.
        figure: the figure that measures it; its baseline for pace is that figure measured on `baseline_day`.
        series: total, all or key.
        kind: `count` (a quota is a share of it) or `ratio` (never split).
        published_baseline: a published value, drawn as a mark only, never subtracted.
        inferred: what of this target the plan does not say itself.
    """

    id: str
    name: Name
    sentence: str
    figure: str
    series: str
    kind: str
    unit: Name
    value: float
    baseline_day: date
    deadline: date
    published_baseline: float | None = None
    published_source: str = ""
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quotas:
    """Quotas assigned to scopes (下达指标): by target id, then by scope, with the document that assigns them."""

    document: str
    simulated: bool
    values: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Plan:
    """A plan: targets in the order of their document."""

    id: str
    name: Name
    source: str
    targets: tuple[Target, ...]
    quotas: Quotas | None = field(default=None)
