"""GET /v1/refused: what was not taken in, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.answer import Answer, shanghai_time
from api.guard import AdminOnly
from api.paging import Cursor, KnownParameters, Limit, bad_cursor
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
    through, skip = _place(cursor)
    frame = service.store.read(REFUSED, REFUSAL, through=through, where=where, newest=limit + skip + 1)
    rows = sorted(frame.iter_rows(named=True), key=_order, reverse=True)[skip:]
    page, more = rows[:limit], len(rows) > limit
    return Answer({"refused": [_shown(row) for row in page], "next": _next(page, through, skip) if more else None})


def _order(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["time"], row["writer"], row["reason"]


def _place(cursor: str | None) -> tuple[int | None, int]:
    """A cursor is the time of the last row shown and how many rows of that time were."""
    if cursor is None:
        return None, 0
    time, dot, skip = cursor.partition(".")
    if not (dot and time.isascii() and time.isdecimal() and skip.isascii() and skip.isdecimal()):
        raise bad_cursor(cursor)
    if len(time) > 19 or int(time) >= 2**63 or len(skip) > 4:
        raise bad_cursor(cursor)
    return int(time), int(skip)


def _next(page: list[dict[str, Any]], through: int | None, skip: int) -> str:
    last = page[-1]["time"]
    shown = sum(row["time"] == last for row in page)
    return f"{last}.{shown + (skip if last == through else 0)}"


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {"arrived": shanghai_time(row["arrived_us"]), **{name: row[name] for name in _SHOWN}}
