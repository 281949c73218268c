"""/v1/plans: the plan as it is from a day on, in; every plan that was in force, out."""

import json
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError

from api.answer import Answer
from api.answers.form import answered, stored
from api.answers.plan import PlanKept, Plans
from api.bodies import parse_items
from api.errors import ApiError, invalid
from api.paging import KnownParameters
from api.papers import Row
from api.routes.posting import Body, openapi_object, posted, store_papers
from api.service import Service, ServiceDep
from api.tags import Tagged
from density.days import to_date, to_day
from density.plan import Plan
from density.plan_check import PlanFaultError, checked_plan
from density.plan_form import PlanVersionForm
from store.schema import PLAN_VERSION

MAX_BYTES = 60_000  # InfluxDB refuses a text of 64 KiB

router = APIRouter(prefix="/v1/plans", tags=["plan"], dependencies=[KnownParameters])


@router.post("", responses=stored(PlanKept), openapi_extra=openapi_object(PlanVersionForm))
def post_plans(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Enter the whole plan as it is from a day on: 201 stored, 200 the same again.

    Its form is that of a file in seeds/plans/ with `from` beside; `quotas` stand in it. Days from `from` on are judged
    by it, until the first day of a later one. Of two with the same first day the one that was posted last counts.
    """
    items, single = parse_items(body)
    if not single:
        raise ApiError(422, "not_single", "One plan is posted at a time, as an object; post them one after another.")
    form = _form(items[0])
    _check(form, service)
    request.state.subjects = [f"{form.id} from {form.from_}"]
    row = _row(form)
    fresh = store_papers(request, service, PLAN_VERSION, [row])
    version = {"id": form.id, "name": form.name.model_dump(), "from": form.from_, "targets": len(form.targets)}
    return posted([{"status": 201 if fresh[0] else 200, "plan": version}], single=True)


@router.get("", dependencies=[Tagged], responses=answered(Plans))
def get_plans(service: ServiceDep) -> Answer:
    """Every plan with the first day that it judges, the newest last; null is since ever."""
    book = service.plans.book()
    plans = [_shown(day, plan, first=place == 0) for place, (day, plan) in enumerate(book.entries)]
    return Answer({"plans": plans, "faults": list(book.faults)})


def _shown(day: int, plan: Plan, *, first: bool) -> dict[str, object]:
    return {
        "id": plan.id,
        "name": vars(plan.name),
        "source": plan.source,
        "from": None if first else to_date(day),
        "targets": [target.id for target in plan.targets],
        "quotas": None if plan.quotas is None else _quotas(plan),
    }


def _quotas(plan: Plan) -> dict[str, object]:
    quotas = plan.quotas
    named = ("body", "document", "number", "day", "simulated")
    return {**{name: getattr(quotas, name) for name in named}, "targets": list(quotas.values) if quotas else []}


def _form(item: Any) -> PlanVersionForm:  # noqa: ANN401 - any JSON
    try:
        return PlanVersionForm.model_validate_json(json.dumps(item))
    except ValidationError as error:
        raise invalid(
            [
                {"loc": fault["loc"], "msg": fault["msg"].removeprefix("Value error, ")}
                for fault in error.errors(include_url=False, include_input=False, include_context=False)
            ]
        ) from error


def _check(form: PlanVersionForm, service: Service) -> None:
    """Refuse what the form alone can not: with the path and the sentence that a file would be refused with."""
    try:
        plan = checked_plan(form, service.reference)
    except PlanFaultError as fault:
        path = ".".join(str(step) for step in fault.path)
        raise ApiError(422, "invalid_field", f"{path}: the plan {fault.sentence}.", path=path) from fault
    new_after = service.definition.baseline_day
    for place, target in enumerate(plan.targets):
        if target.figure == "gross_new" and target.baseline_day != new_after:
            path = f"targets.{place}.baseline_day"
            sentence = f"gross_new counts robots that are new after {new_after}, not after {target.baseline_day}"
            advice = "another day is a setting of the rollup"
            raise ApiError(422, "invalid_field", f"{path}: {sentence}; {advice}.", path=path)


def _row(form: PlanVersionForm) -> Row:
    document = form.model_dump_json(exclude={"from_"}, exclude_none=True)
    if len(document.encode()) > MAX_BYTES:
        raise ApiError(
            413, "too_large", f"The plan takes more than {MAX_BYTES:,} bytes; shorten its sentences and notes."
        )
    return {"plan": form.id, "document": document, "from_day": to_day(form.from_)}
