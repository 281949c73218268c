"""GET /v1/parks: every park, its figures and where it stands toward its quota."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from api.access.caller import Caller
from api.answer import Answer
from api.answers.form import answered
from api.answers.plan import OnePark, Parks
from api.errors import ApiError
from api.guard import CallerDep
from api.paging import KnownParameters
from api.parks import ParkLine, park_lines
from api.series import KeySetName, find_key_set, series_of
from api.service import Service, ServiceDep
from api.tags import Tagged
from density.days import to_day

router = APIRouter(prefix="/v1/parks", tags=["plan"], dependencies=[KnownParameters, Tagged])

Status = Literal[
    "met", "missed", "no_quota", "no_data", "too_early", "lagging", "at_risk", "on_track", "at_reference",
    "below_reference",
]  # fmt: skip


@router.get("", responses=answered(Parks))
def get_parks(
    service: ServiceDep, caller: CallerDep, status: Annotated[Status | None, Query()] = None, key_set: KeySetName = None
) -> Answer:
    """Every park, the one furthest behind first; `ranked` says whether it is large enough to be compared."""
    lines = park_lines_of(service, caller, key_set)
    shown = [line for line in lines if status is None or line["status"] == status]
    return Answer({**_frame(service, key_set), "parks": shown})


@router.get("/{park}", responses=answered(OnePark))
def get_park(
    service: ServiceDep, caller: CallerDep, park: Annotated[str, Path(max_length=64)], key_set: KeySetName = None
) -> Answer:
    """One park."""
    for line in park_lines_of(service, caller, key_set):
        if line["park"] == park:
            return Answer({**_frame(service, key_set), **line})
    raise ApiError(404, "unknown_park", f"There is no park {park!r}; GET /v1/parks lists them all.", path="park")


def park_lines_of(service: Service, caller: Caller, key_set: str | None) -> list[ParkLine]:
    """Every park as it stands today in a key set."""
    firms = service.ledger.registry().firms(to_day(service.today()))
    key = series_of("key", find_key_set(key_set, service.definition), service.definition)
    return park_lines(
        service.shelf_of(caller),
        service.reference,
        service.plan_in_force(),
        folded=service.shelf.folded(),
        firms=firms,
        key=key,
    )


def _frame(service: Service, key_set: str | None) -> dict[str, object]:
    return {
        "data_until": service.shelf.folded().data_until,
        "simulated": service.options.simulated,
        "key_set": find_key_set(key_set, service.definition).id,
    }
