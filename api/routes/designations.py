"""POST /v1/designations: what the city and the ministries recognised."""

from collections.abc import Sequence

from fastapi import APIRouter, Request

from api.answer import Answer
from api.answers.form import stored_items
from api.answers.register import DesignationKept
from api.bodies import DesignationBody, check_designations, parse_items
from api.designating import designation_of, fresh, is_unregistered, unregistered
from api.errors import ApiError
from api.paging import KnownParameters
from api.registry import Designation, Registry
from api.routes.posting import Body, Result, openapi_body, posted
from api.service import ServiceDep
from density.days import to_date
from store.schema import DESIGNATION

router = APIRouter(prefix="/v1/designations", tags=["register"], dependencies=[KnownParameters])


@router.post("", responses=stored_items(DesignationKept), openapi_extra=openapi_body(DesignationBody))
def post_designations(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Enter a designation or up to 1,000: 201 stored, 200 the same again.

    One of the same kind, scheme, subject, grade and first day replaces `to` and `record` of the one before.
    """
    items, single = parse_items(body)
    bodies = check_designations(items, service.reference, single=single)
    rows = [designation_of(each) for each in bodies]
    request.state.subjects = [row.subject_factory or row.subject_name for row in rows]
    with service.ledger.writing() as registry:
        _check_subjects(rows, registry, single=single)
        news = fresh(rows, registry)
        if any(news):
            stored = [dict(vars(row)) for row, new in zip(rows, news, strict=True) if new]
            service.ledger.write(DESIGNATION, stored)
    request.state.outcome = f"{sum(news)} of {len(rows)} stored"
    return posted([_result(row, new=new) for row, new in zip(rows, news, strict=True)], single=single)


def _check_subjects(rows: Sequence[Designation], registry: Registry, *, single: bool) -> None:
    for place, row in enumerate(rows):
        if is_unregistered(row, registry):
            path = "subject.factory" if single else f"{place}.subject.factory"
            raise ApiError(422, "unknown_factory", unregistered(row.subject_factory), path=path)


def _result(row: Designation, *, new: bool) -> Result:
    by_factory = {"factory": row.subject_factory}
    by_name = {"name": row.subject_name, "district": row.subject_district}
    designation = {
        "kind": row.kind,
        "scheme": row.scheme,
        "grade": row.grade,
        "subject": by_factory if row.subject_factory else by_name,
        "from": to_date(row.from_day),
        "to": None if row.to_day is None else to_date(row.to_day),
        "record": row.record,
    }
    return {"status": 201 if new else 200, "designation": designation}
