import asyncio

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from robodensity.vitals.answers import CountedAnswers


async def _answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("", status_code=int(request.path_params["status"]))


async def _ask(app: CountedAnswers, *statuses: int) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        for status in statuses:
            assert (await client.get(f"/{status}")).status_code == status


def test_counted_answers_tells_failures_of_ours_from_mistakes_of_others() -> None:
    counted = CountedAnswers(Starlette(routes=[Route("/{status}", _answer)]))
    asyncio.run(_ask(counted, 200, 404, 500, 503))
    assert (counted.answers, counted.failures) == (4, 2)
