"""POST /v1/check/{kind}: what would come of a message, before it is sent."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.answer import Answer
from api.answers.accounting import Checked
from api.answers.form import answered
from api.checking import Anybody, KnownFactories, checked
from api.guard import CallerDep
from api.paging import KnownParameters
from api.routes.posting import Body
from api.service import ServiceDep
from ingest.wire.topics import FACTORY, Kind

router = APIRouter(prefix="/v1/check", tags=["accounting"], dependencies=[KnownParameters])

_ANY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
_WITHOUT = "not asked: it is with ?factory= and a key that opens it; unknown_factory and entity_headcount are told then"


@router.post("/{kind}", responses=answered(Checked), openapi_extra=_ANY)
def post_check(
    service: ServiceDep,
    caller: CallerDep,
    kind: Annotated[Kind, Path()],
    body: Body,
    factory: Annotated[str | None, Query(pattern=f"^{FACTORY}$", description="who would send it")] = None,
) -> Answer:
    """Judge a message as ingest would and store nothing; the register is asked with a key that opens the factory."""
    asked = factory is not None and service.reach(caller).holds_factory(factory)
    found = checked(
        kind,
        body,
        factory=factory or "F",
        known=KnownFactories(service.ledger.registry()) if asked else Anybody(),
        now_ns=service.clock_ns(),
        telemetry_days=service.options.telemetry_days,
    )
    return Answer({**found, "factory": factory, "register": "asked" if asked else _WITHOUT})
