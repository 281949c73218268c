"""POST /v1/robots: what officials decide about machines: one or two, a robot or none."""

from fastapi import APIRouter, Request

from api.answer import Answer
from api.answers.form import stored_items
from api.answers.register import ReviewKept, SettlementKept
from api.bodies import parse_items
from api.paging import KnownParameters
from api.paper_bodies import ReviewBody, SettlementBody, check_reviews, check_settlements
from api.papers import Row
from api.routes.posting import Body, Result, openapi_body, posted, store_papers
from api.service import Service, ServiceDep
from density.identity import Nameplates, normalised
from store.schema import REVIEW, SETTLEMENT

router = APIRouter(prefix="/v1/robots", tags=["register"], dependencies=[KnownParameters])


@router.post("/same", responses=stored_items(SettlementKept), openapi_extra=openapi_body(SettlementBody))
def post_same(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Settle that two nameplates are one machine: `other_model` reads as `model` on every day. 201, 200 repeated."""
    return _settle(request, service, body, same=True)


@router.post("/distinct", responses=stored_items(SettlementKept), openapi_extra=openapi_body(SettlementBody))
def post_distinct(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Settle that two nameplates are two machines; it takes back that they were one. 201, 200 repeated."""
    return _settle(request, service, body, same=False)


def _settle(request: Request, service: Service, body: bytes, *, same: bool) -> Answer:
    items, single = parse_items(body)
    bodies = check_settlements(items, service.reference, single=single)
    request.state.subjects = [f"{each.manufacturer} {each.serial}" for each in bodies]
    rows = [_settlement(each, service, same=same) for each in bodies]
    turned = [{**row, "model": row["other_model"], "other_model": row["model"], "same": False} for row in rows]
    fresh = store_papers(request, service, SETTLEMENT, rows, beside=turned)
    results = [_settled(each, same=same, new=new) for each, new in zip(bodies, fresh, strict=True)]
    return posted(results, single=single)


def _settlement(body: SettlementBody, service: Service, *, same: bool) -> Row:
    """The row as identities are read, so that a plate typed otherwise falls into the same slot."""
    return {
        "manufacturer": Nameplates(service.reference.manufacturers).maker(body.manufacturer),
        "serial": normalised(body.serial),
        "model": normalised(body.model),
        "other_model": normalised(body.other_model),
        "record": body.record,
        "same": same,
    }


def _settled(body: SettlementBody, *, same: bool, new: bool) -> Result:
    return {"status": 201 if new else 200, "settlement": {**body.model_dump(), "same": same}}


@router.post("/review", responses=stored_items(ReviewKept), openapi_extra=openapi_body(ReviewBody))
def post_review(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Say whether machines of a model that are reported as `other` count as industrial robots. 201, 200 repeated."""
    items, single = parse_items(body)
    bodies = check_reviews(items, service.reference, single=single)
    request.state.subjects = [f"{each.manufacturer} {each.model}" for each in bodies]
    maker = Nameplates(service.reference.manufacturers).maker
    rows = [
        {**each.model_dump(), "manufacturer": maker(each.manufacturer), "model": normalised(each.model)}
        for each in bodies
    ]
    fresh = store_papers(request, service, REVIEW, rows)
    results: list[Result] = [
        {"status": 201 if new else 200, "review": each.model_dump()} for each, new in zip(bodies, fresh, strict=True)
    ]
    return posted(results, single=single)
