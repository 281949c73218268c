"""GET /v1/targets: every target of the plan and how the city stands."""

from collections.abc import Mapping

from fastapi import APIRouter

from api.answer import Answer
from api.answers.form import answered
from api.answers.plan import Targets
from api.guard import CallerDep
from api.paging import KnownParameters
from api.points import Row, forecast_of, standing_of
from api.series import KeySetName, find_key_set, target_id
from api.service import ServiceDep
from api.tags import Tagged
from density.plan import Target

router = APIRouter(prefix="/v1/targets", tags=["plan"], dependencies=[KnownParameters, Tagged])


@router.get("", responses=answered(Targets))
def get_targets(service: ServiceDep, caller: CallerDep, key_set: KeySetName = None) -> Answer:
    """The targets in the order of their document; progress counts from the baseline, lead is percentage points.

    With a key each has its `forecast`, which is no promise and not public.
    """
    chosen = find_key_set(key_set, service.definition)
    folded, plan = service.shelf.folded(), service.plan_in_force()
    standings = {} if folded.day is None else service.shelf_of(caller).standings("city", folded.day)
    foreseen = {} if folded.day is None or not caller.named else service.shelf.forecasts("city", folded.day)
    targets = []
    for target in plan.targets:
        judged = target_id(target.id, target.series, chosen, service.definition)
        forecast = {"forecast": forecast_of(foreseen.get(judged))} if caller.named else {}
        targets.append({**_target(target, standings.get(judged)), **forecast})
    return Answer(
        {
            "plan": {"id": plan.id, "name": vars(plan.name), "source": plan.source},
            "data_until": folded.data_until,
            "simulated": service.options.simulated,
            "key_set": chosen.id,
            "targets": targets,
        }
    )


def _target(target: Target, row: Row | None) -> Mapping[str, object]:
    return {
        "id": target.id,
        "name": vars(target.name),
        "headline": target.headline,
        "sentence": target.sentence,
        "source": target.source,
        "measured_by": target.measured_by,
        "figure": target.figure or None,
        "less": target.less or None,
        "series": target.series,
        "comparison": target.comparison,
        "unit": vars(target.unit),
        "value": target.value,
        "each": None if target.each is None else {"value": target.each.value, "unit": vars(target.each.unit)},
        "baseline_day": target.baseline_day,
        "deadline": target.deadline,
        "milestones": [vars(milestone) for milestone in target.milestones],
        "published": None
        if target.published_baseline is None
        else {"value": target.published_baseline, "source": target.published_source},
        "inferred": list(target.inferred),
        **standing_of(row),
    }
