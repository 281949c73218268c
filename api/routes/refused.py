"""GET /v1/refused: what was not taken in, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.answer import Answer, shanghai_time
from api.guard import AdminOnly
from api.paging import Cursor, KnownParameters, Limit, time_next, time_place
from api.service import ServiceDep
from store.schema import REFUSAL, REFUSED

router = APIRouter(prefix="/v1/refused", tags=["accounting"], dependencies=[AdminOnly, KnownParameters])

_SHOWN = ("writer", "reason", "topic", "factory", "kind", "detail", "path", "payload", "sha256", "length", "whole")


@router.get("")
def get_refused(
    service: ServiceDep,
    factory: Annotated[str | None, Query(max_length=64)] = None,
    reason: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Answer:
    """Refused messages and elements, the newest first; payloads are base64 and cut at 64 KiB."""
    where = {name: value for name, value in (("factory", factory), ("reason", reason)) if value is not None}
    through, skip = time_place(cursor)
    frame = service.store.read(REFUSED, REFUSAL, through=through, where=where, newest=limit + skip + 1)
    rows = sorted(frame.iter_rows(named=True), key=_order, reverse=True)[skip:]
    page, more = rows[:limit], len(rows) > limit
    return Answer({"refused": [_shown(row) for row in page], "next": time_next(page, through, skip) if more else None})


def _order(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["time"], row["writer"], row["reason"]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {"arrived": shanghai_time(row["arrived_us"]), **{name: row[name] for name in _SHOWN}}
