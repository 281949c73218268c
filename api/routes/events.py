"""GET /v1/events: server-sent events when the figures move on."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from api.feed import RETRY_S
from api.figures import Folded
from api.guard import CallerDep
from api.paging import KnownParameters
from api.routes.figures import ScopeName, visible_scope
from api.service import ServiceDep
from density.days import to_date

router = APIRouter(prefix="/v1/events", tags=["figures"], dependencies=[KnownParameters])

MEDIA_TYPE = "text/event-stream"

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "A stream of events.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


@router.get("", responses=_STREAM, response_class=Response)
def get_events(
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    scope: ScopeName = "city",
    limit: Annotated[int | None, Query(ge=1, le=1_000, description="end after so many events")] = None,
    last_event_id: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """An event `figures` now and whenever the figures have moved on, with their version as id.

    It says that there are newer figures of the scope and where; GET them with their ETag. Of several versions that
    follow fast the newest alone is told. A reader that comes back with Last-Event-ID hears nothing that it knows.
    """
    found = visible_scope(service, scope, caller)
    service.feed.demand_room()
    if request.state.head:
        return Response(headers=_HEADERS, media_type=MEDIA_TYPE)

    def told(news: Folded) -> bytes:
        content = {
            "scope": found.name,
            "version": news.version,
            "day": None if news.day is None else to_date(news.day),
            "data_until": news.data_until,
            "simulated": service.options.simulated,
            "latest": f"/v1/figures/latest?scope={found.name}",
        }
        return f"id: {news.version}\nevent: figures\ndata: ".encode() + to_json(content) + b"\n\n"

    stream = _stream(service.feed.listen(last_event_id), told, limit)
    return StreamingResponse(stream, headers=_HEADERS, media_type=MEDIA_TYPE)


async def _stream(
    heard: AsyncIterator[Folded | None], told: Callable[[Folded], bytes], limit: int | None
) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_S * 1_000}\n\n".encode()
    count = 0
    async for news in heard:
        yield b": alive\n\n" if news is None else told(news)
        count += news is not None
        if count == limit:
            return
