"""/v1/alerts: what calls for somebody, and what officials say to it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request

from api.access.caller import Caller
from api.alerts import ACK, EXPLAIN, MUTE, alert_id, alert_json
from api.answer import Answer
from api.answers.alerts import Alerts, OneAlert
from api.answers.form import answered, stored
from api.errors import ApiError
from api.guard import CallerDep
from api.note_bodies import AckBody, ExplainBody, MuteBody, NoteBody, check_note
from api.paging import KnownParameters, TimePages, check_days, time_next, time_place
from api.routes.figures import visible_scope
from api.routes.posting import Body, openapi_object
from api.service import Service, ServiceDep
from api.tags import Tagged
from density.days import start_ns, to_day
from store.schema import ALERT, ALERT_NOTE, FIGURES

router = APIRouter(prefix="/v1/alerts", tags=["alerts"], dependencies=[KnownParameters])

State = Annotated[Literal["standing", "cleared", "withdrawn"] | None, Query()]
Rule = Annotated[Literal["lagging", "chance_fell"] | None, Query()]
AlertId = Annotated[str, Path(max_length=200, description="lagging.park:P01.SH-13.2026-03-02")]


@router.get("", dependencies=[Tagged], responses=answered(Alerts))
def get_alerts(
    service: ServiceDep,
    caller: CallerDep,
    asked: TimePages,
    state: State = None,
    rule: Rule = None,
    scope: Annotated[str | None, Query(max_length=80)] = None,
) -> Answer:
    """Alerts of what the key opens, the one that began last first; `from` and `to` bound the day that names it.

    `standing` until the days say that it is over; `withdrawn` when late reports say that it never was.
    """
    check_days(asked.first, asked.last)
    reach = service.reach(caller)

    def theirs(row: dict[str, Any]) -> bool:
        return reach.holds(row["scope"])

    if scope is not None:
        visible_scope(service, scope, caller)
    where = {name: value for name, value in (("state", state), ("rule", rule), ("scope", scope)) if value is not None}
    through, skip = time_place(asked.cursor)
    last = None if asked.last is None else start_ns(to_day(asked.last))
    frame = service.store.read(
        FIGURES,
        ALERT,
        after=None if asked.first is None else start_ns(to_day(asked.first)) - 1,
        through=min((each for each in (through, last) if each is not None), default=None),
        where=where,
    )
    rows = sorted(
        filter(theirs, frame.iter_rows(named=True)), key=lambda row: (row["time"], alert_id(row)), reverse=True
    )[skip:]
    page, more = rows[: asked.limit], len(rows) > asked.limit
    return Answer({"alerts": _shown(service, page), "next": time_next(page, through, skip) if more else None})


def _shown(service: Service, rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    notes, today = service.ledger.notes(), service.today()
    return [alert_json(row, notes.of(alert_id(row)), today=today) for row in rows]


@router.post("/{alert}/ack", responses=stored(OneAlert), openapi_extra=openapi_object(AckBody))
def post_ack(request: Request, service: ServiceDep, caller: CallerDep, alert: AlertId, body: Body) -> Answer:
    """Say that somebody looks after an alert: 201 stored, 200 the same again."""
    return _noted(request, service, caller, alert, ACK, check_note(AckBody, body, service.reference))


@router.post("/{alert}/mute", responses=stored(OneAlert), openapi_extra=openapi_object(MuteBody))
def post_mute(request: Request, service: ServiceDep, caller: CallerDep, alert: AlertId, body: Body) -> Answer:
    """Keep an alert quiet until a day, with the reason: 201 stored, 200 the same again. It is shown all the same."""
    told = check_note(MuteBody, body, service.reference)
    if told.until <= service.today():
        sentence = f"until ({told.until}) is not after today ({service.today()}); a mute ends on a day to come."
        raise ApiError(422, "bad_until", sentence, path="until")
    return _noted(request, service, caller, alert, MUTE, told, until_day=to_day(told.until))


@router.post("/{alert}/explain", responses=stored(OneAlert), openapi_extra=openapi_object(ExplainBody))
def post_explain(request: Request, service: ServiceDep, caller: CallerDep, alert: AlertId, body: Body) -> Answer:
    """Say why it is so, for whoever reads the alert: 201 stored, 200 the same again."""
    return _noted(request, service, caller, alert, EXPLAIN, check_note(ExplainBody, body, service.reference))


def _noted(
    request: Request, service: Service, caller: Caller, alert: str, action: str, told: NoteBody, *, until_day: int = 0
) -> Answer:
    """Write what is said to an alert that exists, unless it was the last that was said."""
    row = _find(service, alert)
    service.reach(caller).demand(row["scope"])
    note = {"alert": alert, "action": action, "who": request.state.who, "why": told.why, "until_day": until_day}
    request.state.subjects = [alert]
    with service.ledger.writing():
        fresh = not service.ledger.notes().repeats(note)
        if fresh:
            service.ledger.write(ALERT_NOTE, [note])
    request.state.outcome = f"{int(fresh)} of 1 stored"
    (shown,) = _shown(service, [row])
    return Answer({"alert": shown}, status_code=201 if fresh else 200)


def _find(service: Service, alert: str) -> dict[str, Any]:
    rows = service.store.read(FIGURES, ALERT).iter_rows(named=True)
    row = next((row for row in rows if alert_id(row) == alert), None)
    if row is None:
        raise ApiError(404, "unknown_alert", f"There is no alert {alert!r}; GET /v1/alerts lists them.", path="alert")
    return row
