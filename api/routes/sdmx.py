"""GET /v1/sdmx/…: the published months as other statistics are exchanged."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from api.answer import SHANGHAI, Answer
from api.answers.form import Described
from api.guard import CallerDep
from api.paging import KnownParameters
from api.sdmx import data, structure
from api.service import Service, ServiceDep
from api.tags import Tagged
from density.days import to_day

router = APIRouter(prefix="/v1/sdmx", tags=["export"], dependencies=[KnownParameters, Tagged])

_CITY = ("上海市", "Shanghai")


def _described(media_type: str, schema: Mapping[str, str]) -> Described:
    content = {media_type.partition(";")[0]: {"schema": schema}}
    return {200: {"description": "The message.", "content": content}}


_CSV = _described(data.MEDIA_TYPE, {"type": "string"})
_STRUCTURE = _described(structure.MEDIA_TYPE, {"$ref": "#/components/schemas/StructureMessage"})


@router.get("/data", responses=_CSV, response_class=Response)
def get_sdmx_data(service: ServiceDep, caller: CallerDep) -> Response:
    """Density and what it is made of at the end of each published month, SDMX-CSV 2.0.

    A month is published on a day of the next one, the 10th unless set otherwise. Districts need a key that opens them.
    """
    through = data.published_through(service.store)
    told = service.shelf.folded()
    areas = _areas(service)
    reach = service.reach(caller)
    areas = {scope: code for scope, code in areas.items() if scope == "city" or reach.holds(scope)}
    terms = service.reference.terms
    marks = data.Marks(
        key_set=service.definition.key_set.id,
        simulated=service.options.simulated,
        notice=terms["monitoring"].name.zh,
        data_until="" if told.data_until is None else told.data_until.isoformat(),
    )
    first = to_day(service.options.first_day)
    rows = data.observations(
        service.shelf_of(caller), areas, first=first, through=first - 1 if through is None else through, marks=marks
    )
    return Response(data.sdmx_csv(rows), media_type=data.MEDIA_TYPE, headers={"Cache-Control": "no-cache"})


@router.get("/structure", responses=_STRUCTURE, response_class=Response)
def get_sdmx_structure(service: ServiceDep) -> Response:
    """What the data's columns and codes mean, SDMX-JSON 2.0."""
    districts = service.reference.districts
    codes = _areas(service)
    names: Mapping[str, tuple[str, str]] = {
        codes["city"]: _CITY,
        **{adcode: (each.name.zh, each.name.en) for adcode, each in districts.items()},
    }
    prepared = datetime.fromtimestamp(service.clock_ns() // 1_000_000_000, SHANGHAI)
    message = structure.structure_message(service.reference.terms, names, prepared=prepared)
    answer = Answer(message)
    answer.headers["Content-Type"] = structure.MEDIA_TYPE
    return answer


def _areas(service: Service) -> Mapping[str, str]:
    """The code of REF_AREA by scope; the city's is that of its districts with zeros for the district."""
    districts = list(service.reference.districts)
    return {"city": f"{districts[0][:2]}0000", **{f"district:{adcode}": adcode for adcode in districts}}
