"""What a plan must be beside its form: codes that exist, days in order, units that fit, quotas that sum."""

from collections.abc import Mapping
from itertools import pairwise

from density.plan import (
    DESIGNATIONS,
    DOCUMENT,
    FIGURE,
    OUTSIDE,
    STATISTIC,
    Each,
    Milestone,
    Plan,
    Quotas,
    Target,
)
from density.plan_form import NameForm, PlanForm, QuotasForm, TargetForm
from density.register import Name, Reference

COUNTS = frozenset({"gross_new", "stock", "smart_factories"})
REGISTERED = frozenset({"smart_factories", "chain_leaders", "service_providers", "innovation_centres"})
RATIOS = frozenset({"density", "density_12m", "density_annual"})
GROWTH = frozenset({"growth_per_year", "growth_since_baseline"})


class PlanFaultError(ValueError):
    """Something in a plan does not fit.

    Attributes:
        path: where it stands in the form.
        sentence: what is wrong and what to do.
    """

    def __init__(self, path: tuple[str | int, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.path, self.sentence = path, sentence


def checked_plan(form: PlanForm, reference: Reference) -> Plan:
    """The plan of a form.

    Raises:
        PlanFaultError: something in it does not fit.
    """
    seen: set[str] = set()
    for place, row in enumerate(form.targets):
        if row.id in seen:
            raise PlanFaultError(("targets", place, "id"), f"names the target {row.id} twice; remove one")
        seen.add(row.id)
        for at, sentence in _faults(row, reference):
            raise PlanFaultError(("targets", place, *at), sentence)
    targets = tuple(_target(row) for row in form.targets)
    quotas = None
    if form.quotas is not None:
        try:
            quotas = checked_quotas(form.quotas, targets, form.id, reference)
        except PlanFaultError as fault:
            raise PlanFaultError(("quotas", *fault.path), fault.sentence) from None
    return Plan(form.id, _name(form.name), form.source, targets, quotas)


def checked_quotas(form: QuotasForm, targets: tuple[Target, ...], plan: str, reference: Reference) -> Quotas:
    """The quotas of a form.

    Raises:
        PlanFaultError: an unknown target or scope, or shares that do not sum to the target.
    """
    counts = {each.id: each for each in targets if each.kind == "count" and each.measured_by in {FIGURE, DESIGNATIONS}}
    for target, values in form.quotas.items():
        if target not in counts:
            raise PlanFaultError(
                ("quotas", target), f"splits {target}, which is no count of the plan {plan}; remove it"
            )
        _check_allocation(counts[target], values, reference)
    return Quotas(form.document, form.simulated, form.quotas, body=form.body, number=form.number, day=form.day)


def _check_allocation(target: Target, values: Mapping[str, float], reference: Reference) -> None:
    """Parks with what lies outside them, and districts, are two allocations; each sums to the target."""
    parks = {*(f"park:{park}" for park in reference.parks), OUTSIDE}
    districts = {f"district:{district}" for district in reference.districts}
    for scope in values:
        path = ("quotas", target.id, scope)
        if scope not in parks | districts:
            raise PlanFaultError(path, f"gives a quota of {target.id} to {scope}, an unknown scope; correct it")
        kind = "district" if scope in districts else "park"
        if kind not in target.scopes:
            raise PlanFaultError(path, f"gives a quota of {target.id} to {scope}; add {kind} to the target's scopes")
    for name, scopes in (("parks", parks), ("districts", districts)):
        quotas = [quota for scope, quota in values.items() if scope in scopes]
        if quotas and sum(quotas) != target.value:
            raise PlanFaultError(
                ("quotas", target.id),
                f"gives the {name} {sum(quotas):g} of {target.id}, not {target.value:g}; correct the shares",
            )


Faults = list[tuple[tuple[str | int, ...], str]]


def _faults(row: TargetForm, reference: Reference) -> Faults:
    """What is wrong with one target, the first fault first."""
    if row.measured_by == DOCUMENT:
        return _undated(row)
    if row.figure is None:
        return [(("measured_by",), f"measures {row.id} by a {row.measured_by} and names none; add figure")]
    if row.value is None or row.deadline is None:
        return [(("id",), f"gives {row.id} no value or no deadline; only a target measured by a document needs none")]
    of_source = _statistic_faults(row) if row.measured_by == STATISTIC else _figure_faults(row, reference)
    return of_source + _undated(row) + _milestone_faults(row)


def _figure_faults(row: TargetForm, reference: Reference) -> Faults:
    known = REGISTERED if row.measured_by == DESIGNATIONS else COUNTS | RATIOS
    faults: Faults = []
    if row.figure not in known:
        choice = ", ".join(sorted(known))
        return [(("figure",), f"measures {row.id} by {row.figure}, which is no figure for it; choose one of {choice}")]
    term = reference.terms.get(row.figure)
    if term is not None and row.unit.zh != term.unit.zh:
        faults.append(
            (("unit",), f"gives {row.id} in {row.unit.zh}, but {row.figure} is in {term.unit.zh}; correct it")
        )
    kind = "ratio" if row.figure in RATIOS else "count"
    if row.kind != kind:
        faults.append((("kind",), f"calls {row.id} a {row.kind}, but {row.figure} is a {kind}; correct it"))
    if row.baseline_day is None:
        faults.append((("id",), f"gives {row.id} no baseline_day, without which nothing is new; add it"))
    if row.comparison != "at_least" or not row.value:
        faults.append((("comparison",), f"compares {row.id} other than at_least a value above 0; correct it"))
    return faults


def _statistic_faults(row: TargetForm) -> Faults:
    faults: Faults = []
    if row.comparison in GROWTH and (not row.unit.zh.startswith("%") or row.statistic_unit is None):
        faults.append(
            (("unit",), f"gives the growth {row.id} in {row.unit.zh}; it is in %, and statistic_unit says of what")
        )
    if row.comparison in GROWTH and row.baseline_day is None:
        faults.append((("comparison",), f"lets {row.id} grow from no day; add baseline_day"))
    if (row.comparison == "faster_than") != (row.less is not None):
        faults.append((("comparison",), f"compares {row.id} with another statistic or not; give faster_than with less"))
    return faults


def _undated(row: TargetForm) -> Faults:
    faults: Faults = []
    if row.baseline_day is not None and row.deadline is not None and row.deadline <= row.baseline_day:
        faults.append((("deadline",), f"ends {row.id} on {row.deadline}, not after its baseline; correct it"))
    if row.headline and row.measured_by not in {FIGURE, DESIGNATIONS}:
        faults.append((("headline",), f"makes {row.id} a headline, but no figure of ours measures it; remove it"))
    if len(set(row.scopes)) != len(row.scopes) or "city" not in row.scopes:
        faults.append((("scopes",), f"follows {row.id} in {', '.join(row.scopes)}; name city and each kind once"))
    return faults


def _milestone_faults(row: TargetForm) -> Faults:
    """Milestones lie between baseline and deadline, each later than the one before, and never go back."""
    if not row.milestones:
        return []
    if row.baseline_day is None or row.comparison not in {"at_least", "growth_since_baseline"}:
        return [(("milestones",), f"gives {row.id} milestones, but its plan is no line; remove them")]
    days = [row.baseline_day, *(each.day for each in row.milestones), row.deadline or row.baseline_day]
    values = [row.baseline_value or 0.0, *(each.value for each in row.milestones), row.value or 0.0]
    for place, (before, after) in enumerate(pairwise(zip(days, values, strict=True))):
        if after[0] <= before[0] or after[1] < before[1]:
            at = min(place, len(row.milestones) - 1)
            return [
                (
                    ("milestones", at),
                    f"puts a milestone of {row.id} out of order ({row.milestones[at].day}); correct it",
                )
            ]
    return []


def _target(row: TargetForm) -> Target:
    return Target(
        id=row.id, name=_name(row.name), sentence=row.sentence, figure=row.figure or "", series=row.series,
        kind=row.kind, unit=_name(row.unit), value=row.value, baseline_day=row.baseline_day, deadline=row.deadline,
        published_baseline=row.published_baseline, published_source=row.published_source, inferred=row.inferred,
        comparison=row.comparison, measured_by=row.measured_by, scopes=row.scopes,
        milestones=tuple(Milestone(each.day, each.value) for each in row.milestones),
        baseline_value=row.baseline_value, each=Each(row.each.value, _name(row.each.unit)) if row.each else None,
        less=row.less or "", statistic_unit=_name(row.statistic_unit) if row.statistic_unit else None,
        source=row.source, headline=row.headline,
    )  # fmt: skip


def _name(row: NameForm) -> Name:
    return Name(row.zh, row.en)
