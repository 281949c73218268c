"""GET /v1/targets: every target of the plan and how the city stands."""

from fastapi import APIRouter

from api.answer import Answer
from api.figures import standing_of
from api.paging import KnownParameters
from api.service import Service, ServiceDep
from density.plan import Target

router = APIRouter(prefix="/v1/targets", tags=["plan"], dependencies=[KnownParameters])


@router.get("")
def get_targets(service: ServiceDep) -> Answer:
    """The targets in the order of their document; progress counts from the baseline, lead is percentage points."""
    folded = service.shelf.folded()
    return Answer(
        {
            "plan": {"id": service.plan.id, "name": vars(service.plan.name), "source": service.plan.source},
            "data_until": folded.data_until,
            "simulated": service.options.simulated,
            "targets": [_target(service, each, folded.day) for each in service.plan.targets],
        }
    )


def _target(service: Service, target: Target, day: int | None) -> dict[str, object]:
    rows = {} if day is None else service.shelf.plan_of_day(day, target=target.id, kind="city")
    return {
        "id": target.id,
        "name": vars(target.name),
        "sentence": target.sentence,
        "figure": target.figure,
        "series": target.series,
        "unit": vars(target.unit),
        "value": target.value,
        "baseline_day": target.baseline_day,
        "deadline": target.deadline,
        "published": None
        if target.published_baseline is None
        else {"value": target.published_baseline, "source": target.published_source},
        "inferred": list(target.inferred),
        **standing_of(rows.get("city")),
    }
