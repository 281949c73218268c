"""GET /v1/export/refused.{csv,jsonl}: all that is refused, with payloads decoded."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from api.paging import KnownParameters
from api.refusals import Choice, refusals
from api.refused_text import csv_lines, json_lines
from api.routes.refused import Chosen
from api.service import ServiceDep

router = APIRouter(prefix="/v1/export", tags=["export"], dependencies=[KnownParameters])

_WRITERS = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "jsonl": ("application/jsonl; charset=utf-8", json_lines),
}


def _described(form: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "The file.", "content": {_WRITERS[form][0].partition(";")[0]: {}}}}


@router.get("/refused.csv", responses=_described("csv"), response_class=Response)
def get_refused_csv(service: ServiceDep, choice: Chosen) -> Response:
    """What is refused as CSV, the newest first; payloads are text, or base64 where they are none."""
    return _file(service, "csv", choice)


@router.get("/refused.jsonl", responses=_described("jsonl"), response_class=Response)
def get_refused_json_lines(service: ServiceDep, choice: Chosen) -> Response:
    """What is refused as one JSON object a line, the newest first; a payload that is JSON stands in it as such."""
    return _file(service, "jsonl", choice)


def _file(service: ServiceDep, form: str, choice: Choice) -> Response:
    """A file that breaks off before its end is cut, and never looks finished."""
    media_type, write = _WRITERS[form]
    headers = {"Content-Disposition": f'attachment; filename="refused.{form}"', "Cache-Control": "no-store"}
    return StreamingResponse(write(refusals(service.store, choice)), headers=headers, media_type=media_type)
