"""/v1/refused: what was not taken in and why, and its replay once the cause is gone."""

import secrets
from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from api.answer import Answer, shanghai_time
from api.answers.accounting import OneReplay, RefusedRows, Replays
from api.answers.form import answered
from api.bodies import Day as IsoDay
from api.errors import ApiError
from api.guard import CallerDep
from api.paging import LIST_LIMIT, KnownParameters, Limit, TimeCursor, time_next, time_place
from api.refusals import Choice, Settled, refusals
from api.replaying import REPLAY_BODY, replay_asked, told_replay
from api.routes.posting import Body
from api.service import ServiceDep
from density.days import to_day
from ingest.wire.refusals import Code
from store.schema import REPLAY, STATE

router = APIRouter(prefix="/v1/refused", tags=["accounting"], dependencies=[KnownParameters])

_SHOWN = (
    "writer", "reason", "topic", "factory", "kind", "detail", "path", "payload", "sha256", "length", "whole", "items",
    "restored",
)  # fmt: skip

FactoryName = Annotated[str | None, Query(max_length=64, description="as in the topic")]
Reason = Annotated[Code | None, Query(description="why it was refused")]
Day = Annotated[IsoDay | None, Query(description="of arrival, Asia/Shanghai")]
IsSettled = Annotated[Settled, Query(description="whether a replay has settled it; `no` is what is refused still")]


def choice_of(factory: FactoryName = None, reason: Reason = None, day: Day = None, settled: IsSettled = "no") -> Choice:
    """Which rows a query asks for."""
    return Choice(factory, reason, None if day is None else to_day(day), settled)


Chosen = Annotated[Choice, Depends(choice_of)]


@router.get("", responses=answered(RefusedRows))
def get_refused(
    service: ServiceDep, caller: CallerDep, choice: Chosen, limit: Limit = LIST_LIMIT, cursor: TimeCursor = None
) -> Answer:
    """Refused messages and elements, the newest first; payloads are base64 and cut at 64 KiB."""
    service.reach(caller).demand_factory(choice.factory)
    through, skip = time_place(cursor)
    found = refusals(service.store, choice, through=through)
    rows = list(islice(found, skip, skip + limit + 1))
    page, more = rows[:limit], len(rows) > limit
    return Answer({"refused": [_shown(row) for row in page], "next": time_next(page, through, skip) if more else None})


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {"arrived": shanghai_time(row["arrived_us"]), "settled": shanghai_time(row["settled_us"])}
    return {**times, **{name: row[name] for name in _SHOWN}}


@router.post("/replay", status_code=202, responses=answered(OneReplay, 202), openapi_extra=REPLAY_BODY)
def post_replay(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Ask for a replay, by factory, by reason, by both or of everything: 202, and `replay` says how it goes.

    Each row is judged again as of its arrival by the register of now. What is good is stored and no longer counted as
    refused; what is not stays with its reason.
    """
    asked, now_ns = replay_asked(body), service.clock_ns()
    replay = {"replay": secrets.token_hex(8), "factory": asked.factory, "reason": asked.reason}
    row = {"time": now_ns, **replay, "state": "asked", "asked_us": now_ns // 1_000}
    service.store.write(STATE, {REPLAY: REPLAY.frame([row])})
    request.state.subjects = [asked.factory or "every factory", asked.reason or "every reason"]
    return Answer({"replay": told_replay({**dict.fromkeys(REPLAY.columns), **row})}, status_code=202)


@router.get("/replays", responses=answered(Replays))
def get_replays(service: ServiceDep, limit: Limit = LIST_LIMIT, cursor: TimeCursor = None) -> Answer:
    """Replays that were asked for, and those that registrations caused, the newest first."""
    through, skip = time_place(cursor)
    frame = service.store.read(STATE, REPLAY, through=through, newest=limit + skip + 1)
    rows = sorted(frame.iter_rows(named=True), key=lambda row: (row["time"], row["replay"]), reverse=True)[skip:]
    page, more = rows[:limit], len(rows) > limit
    following = time_next(page, through, skip) if more else None
    return Answer({"replays": [told_replay(row) for row in page], "next": following})


@router.get("/replays/{replay}", responses=answered(OneReplay))
def get_replay(service: ServiceDep, replay: Annotated[str, Path(max_length=200)]) -> Answer:
    """How one replay goes: `asked`, `running` or `done`."""
    found = service.store.read(STATE, REPLAY, where={"replay": replay})
    if found.is_empty():
        raise ApiError(404, "unknown_replay", f"There is no replay {replay!r}.", path="replay")
    return Answer({"replay": told_replay(found.row(0, named=True))})
