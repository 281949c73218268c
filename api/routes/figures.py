"""GET /v1/figures: the figures of one scope, by day and as they stand."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.answer import Answer
from api.figures import factory_row, point, scope_points
from api.guard import Authorization, check_admin
from api.paging import MAX_LIMIT, Cursor, From, KnownParameters, Limit, To, bad_cursor, check_days
from api.scopes import SERIES, Scope, find_scope
from api.service import Service, ServiceDep
from density.days import to_date, to_day

router = APIRouter(prefix="/v1/figures", tags=["figures"], dependencies=[KnownParameters])

ScopeName = Annotated[str, Query(max_length=80, description="city, district:310115, park:P01, industry:36, factory:F1")]
SeriesName = Annotated[Literal["total", "all", "key"], Query(description="total; all: 规上; key: 重点产业")]


def _visible(service: Service, name: str, authorization: str | None) -> Scope:
    if name.startswith("factory:"):
        check_admin(service.options, authorization)
    return find_scope(name, service.reference, service.ledger.registry())


@router.get("")
def get_figures(
    service: ServiceDep,
    scope: ScopeName,
    series: SeriesName = "key",
    first: From = None,
    last: To = None,
    limit: Limit = MAX_LIMIT,
    cursor: Cursor = None,
    authorization: Authorization = None,
) -> Answer:
    """Exactly one point a day from the first day to today, oldest first; `next` goes back as `cursor`."""
    found = _visible(service, scope, authorization)
    check_days(first, last)
    begin = max(first or service.options.first_day, service.options.first_day)
    end = min(last or service.today(), service.today())
    start, stop = to_day(_after(cursor, begin)), to_day(end)
    page = min(stop, start + limit - 1)
    registry = service.ledger.registry()
    points = (
        scope_points(service.shelf, found, registry, series=series, first=start, last=page) if start <= page else []
    )
    following = None if page >= stop or not points else to_date(page + 1)
    return Answer({"scope": scope, "series": series, "points": points, "next": following})


def _after(cursor: str | None, begin: date) -> date:
    if cursor is None:
        return begin
    try:
        return max(begin, date.fromisoformat(cursor))
    except ValueError as error:
        raise bad_cursor(cursor) from error


@router.get("/latest")
def get_latest(service: ServiceDep, scope: ScopeName = "city", authorization: Authorization = None) -> Answer:
    """The newest figures of a scope in every series, and its smart factories by scheme and grade."""
    return Answer(latest(service, _visible(service, scope, authorization)))


def latest(service: Service, scope: Scope) -> dict[str, object]:
    """The newest figures of a scope; before the first fold they are null."""
    folded = service.shelf.folded()
    figures = {series: point(None, folded=False) for series in SERIES}
    grades: list[dict[str, object]] = []
    if folded.day is not None:
        figures = {series: _point_of(service, scope, series, folded.day) for series in SERIES}
        grades = _grades(service, scope, folded.day)
    return {
        "scope": scope.name,
        "day": None if folded.day is None else to_date(folded.day),
        "data_until": folded.data_until,
        "simulated": service.options.simulated,
        **figures,
        "smart_factories": {"counted": figures["total"]["smart_factories"], "by": grades},
        "definition_version": folded.definition_version,
    }


def _point_of(service: Service, scope: Scope, series: str, day: int) -> dict[str, object]:
    if scope.kind != "factory":
        return point(service.shelf.daily(scope.name, series, day, day).get(day), folded=True)
    carried = service.shelf.factory_daily(scope.id, service.ledger.registry(), day, day)
    return point(factory_row(carried.get(day), series), folded=True)


def _grades(service: Service, scope: Scope, day: int) -> list[dict[str, object]]:
    if scope.kind != "factory":
        return service.shelf.grades(scope.name, day)
    return [
        {"scheme": each.scheme, "grade": each.grade, "count": 1}
        for each in service.ledger.registry().designations.values()
        if each.kind == "smart_factory" and each.subject_factory == scope.id and each.holds(day)
    ]
