"""GET /v1/figures: the figures of one scope, by day and as they stand."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.access.caller import Caller
from api.answer import Answer, shanghai_time
from api.answers.figures import DailyFigures, LatestFigures
from api.answers.form import answered
from api.as_of import comparisons_of, grades_of, rows_of
from api.bodies import Day
from api.errors import ApiError
from api.evidence import AsOf
from api.figures import Folded, Rows, Shelf, day_points
from api.guard import CallerDep
from api.paging import DayPages, KnownParameters, check_days, day_place
from api.points import Row, comparison_of, point
from api.scopes import Scope, find_scope
from api.series import KeySetName, SeriesName, factory_in, find_key_set, series_of
from api.service import Service, ServiceDep
from api.tags import Tagged
from density.days import to_date, to_day
from density.definition import SERIES, VERSION
from density.register import KeySet

router = APIRouter(prefix="/v1/figures", tags=["figures"], dependencies=[KnownParameters, Tagged])

ScopeName = Annotated[
    str,
    Query(
        max_length=80,
        description="city, district:310115, park:P01, zone:lingang, industry:36, factory:F1 or park:P01/industry:36",
    ),
]
AsOfDay = Annotated[
    Day | None, Query(description="the figures that were known at the end of this day; computed on demand")
]


def visible_scope(service: Service, name: str, caller: Caller) -> Scope:
    """The scope of a name, if whoever asks may see it.

    Raises:
        ApiError: 404 `unknown_scope`, or 401 and 403 for what needs a key.
    """
    if name.startswith("factory:"):
        service.reach(caller).demand(name)
    return find_scope(name, service.reference, service.ledger.registry())


def _as_of(service: Service, caller: Caller, scope: str, day: date | None) -> AsOf | None:
    """What was known on a day; two states of one figure tell the report that lies between, so it needs a key."""
    if day is None:
        return None
    service.reach(caller).demand(scope)
    if day > service.today():
        sentence = f"as_of ({day}) lies in the future; give a day up to {service.today()}."
        raise ApiError(422, "bad_as_of", sentence, path="as_of")
    return service.evidence.figures(to_day(day), service.definition)


@router.get("", responses=answered(DailyFigures))
def get_figures(
    service: ServiceDep,
    caller: CallerDep,
    scope: ScopeName,
    asked: DayPages,
    series: SeriesName = "key",
    key_set: KeySetName = None,
    as_of: AsOfDay = None,
) -> Answer:
    """Exactly one point a day from the first day to today or `as_of`, oldest first; `next` goes back as `cursor`."""
    found = visible_scope(service, scope, caller)
    chosen = find_key_set(key_set, service.definition)
    check_days(asked.first, asked.last)
    begin = max(asked.first or service.options.first_day, service.options.first_day)
    end = min(each for each in (asked.last, as_of, service.today()) if each is not None)
    start, stop = to_day(max(day_place(asked.cursor) or begin, begin)), to_day(end)
    page = min(stop, start + asked.limit - 1)
    told = _as_of(service, caller, scope, as_of)
    shelf = service.shelf_of(caller)
    reached = service.shelf.folded().day if told is None else told.figures.last_day
    rows = (
        _rows(service, shelf, found, told, series=series, key_set=chosen, first=start, last=page)
        if start <= page
        else {}
    )
    points = day_points(rows, first=start, last=page, reached=reached)
    following = None if page >= stop or not points else to_date(page + 1)
    return Answer(
        {"scope": scope, "series": series, "key_set": chosen.id, "as_of": as_of, "points": points, "next": following}
    )


def _rows(
    service: Service,
    shelf: Shelf,
    scope: Scope,
    told: AsOf | None,
    *,
    series: str,
    key_set: KeySet,
    first: int,
    last: int,
) -> Rows:
    """The rows of a scope by day: stored ones, or as of a day."""
    registry, stored = service.ledger.registry(), series_of(series, key_set, service.definition)
    holds = factory_in(stored, key_set, scope.id, registry)
    if told is None:
        return shelf.rows(scope, registry, series=stored, holds=holds, first=first, last=last)
    return rows_of(told.figures, scope, series=stored, holds=holds, first=first, last=last)


@router.get("/latest", responses=answered(LatestFigures))
def get_latest(
    service: ServiceDep,
    caller: CallerDep,
    scope: ScopeName = "city",
    key_set: KeySetName = None,
    as_of: AsOfDay = None,
) -> Answer:
    """The newest figures of a scope in every series with their comparisons, and its smart factories by grade."""
    found = visible_scope(service, scope, caller)
    chosen = find_key_set(key_set, service.definition)
    told = _as_of(service, caller, scope, as_of)
    return Answer({**latest(service, service.shelf_of(caller), found, key_set=chosen, told=told), "as_of": as_of})


def latest(
    service: Service, shelf: Shelf, scope: Scope, *, key_set: KeySet | None = None, told: AsOf | None = None
) -> dict[str, object]:
    """The newest figures of a scope; before the first fold they are null."""
    chosen = key_set or service.definition.key_set
    folded = service.shelf.folded() if told is None else _folded(told)
    figures: dict[str, dict[str, object]] = {
        series: {**point(None, folded=False), "comparison": comparison_of([], series)} for series in SERIES
    }
    grades: list[Row] = []
    day = None if folded.day is None else shelf.day_of(scope.name, folded.day)
    if day is not None:
        figures = _newest(service, shelf, scope, day, key_set=chosen, told=told)
        grades = _grades(service, shelf, scope, day, told)
    return {
        "scope": scope.name,
        "day": None if day is None else to_date(day),
        "data_until": folded.data_until,
        "simulated": service.options.simulated,
        "key_set": chosen.id,
        **figures,
        "smart_factories": {"counted": figures["total"]["smart_factories"], "by": grades},
        "definition_version": folded.definition_version,
    }


def _folded(told: AsOf) -> Folded:
    return Folded(told.figures.last_day, shanghai_time(told.data_until_ns // 1_000), VERSION)


def _newest(
    service: Service, shelf: Shelf, scope: Scope, day: int, *, key_set: KeySet, told: AsOf | None
) -> dict[str, dict[str, object]]:
    compared = shelf.comparisons(scope.name, day) if told is None else comparisons_of(told.figures, scope.name)
    figures = {}
    for series in SERIES:
        row = _rows(service, shelf, scope, told, series=series, key_set=key_set, first=day, last=day).get(day)
        stored = series_of(series, key_set, service.definition)
        figures[series] = {**point(row, folded=True), "comparison": comparison_of(compared, stored)}
    return figures


def _grades(service: Service, shelf: Shelf, scope: Scope, day: int, told: AsOf | None) -> list[Row]:
    if scope.kind == "factory":
        return [
            {"scheme": each.scheme, "grade": each.grade, "count": 1}
            for each in service.ledger.registry().designations.values()
            if each.kind == "smart_factory" and each.subject_factory == scope.id and each.holds(day)
        ]
    return shelf.grades(scope.name, day) if told is None else grades_of(told.figures, scope.name)
