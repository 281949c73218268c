"""Which statistics the platform knows, and whether a posted one fits."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from api.errors import ApiError
from api.paper_bodies import StatisticBody
from api.papers import Row
from api.periods import period_days
from api.registry import Registry
from api.scopes import find_scope
from density.days import to_day
from density.norms import FRAME, YEARLY
from density.plan import STATISTIC, Plan
from density.register import Reference

UNITS = {FRAME: "人", YEARLY: "台/万人"}  # of what no target need be measured by
REPORTED_FOR = frozenset({"city", "district", "park", "zone", "industry"})


def known_statistics(plans: Iterable[Plan]) -> dict[str, frozenset[str]]:
    """The units of each statistic that a target of a plan is measured by, of the frame and published density."""
    units: dict[str, set[str]] = {figure: {unit} for figure, unit in UNITS.items()}
    for target in (target for plan in plans for target in plan.targets if target.measured_by == STATISTIC):
        unit = target.statistic_unit or target.unit
        for figure in filter(None, (target.figure, target.less)):
            units.setdefault(figure, set()).update((unit.zh, unit.en))
    return {figure: frozenset(names) for figure, names in units.items()}


def statistic_row(
    body: StatisticBody, known: Mapping[str, frozenset[str]], reference: Reference, registry: Registry, today: date
) -> Row:
    """A statistic as the ledger keeps it.

    Raises:
        ApiError: 422: the figure, scope or unit is unknown, or the days cannot be.
    """
    _check_figure(body, known)
    _check_scope(body, reference, registry)
    first, last = period_days(body.period)
    if body.published > today:
        raise _fault("published", f"{body.published} lies in the future; a statistic is entered once it is published")
    if first > min(today, body.published):
        raise _fault("period", f"{body.period} had not begun when it was published; correct period or published")
    return {
        "figure": body.figure, "scope": body.scope, "period": body.period, "unit": body.unit, "source": body.source,
        "period_end_day": to_day(last), "published_day": to_day(body.published), "value": body.value,
    }  # fmt: skip


def _check_figure(body: StatisticBody, known: Mapping[str, frozenset[str]]) -> None:
    if body.figure not in known:
        near = get_close_matches(body.figure, sorted(known), n=1)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
        raise _fault("figure", f"no target of the plan is measured by {body.figure!r}; {advice}", code="unknown_figure")
    units = known[body.figure]
    if body.unit not in units:
        raise _fault("unit", f"{body.figure} is reported in {' or '.join(sorted(units))}, not in {body.unit!r}")
    if body.figure == FRAME and body.value <= 0:
        raise _fault("value", f"{FRAME} is a number of persons above 0")


def _check_scope(body: StatisticBody, reference: Reference, registry: Registry) -> None:
    try:
        scope = find_scope(body.scope, reference, registry)
    except ApiError as error:
        raise ApiError(422, "unknown_scope", error.message, path="scope") from error
    if scope.kind not in REPORTED_FOR:
        raise _fault("scope", f"no statistic is followed for {body.scope}; name the city or an area or industry")


def _fault(path: str, sentence: str, *, code: str = "invalid_field") -> ApiError:
    return ApiError(422, code, f"{path}: {sentence}{'' if sentence.endswith('?') else '.'}", path=path)
