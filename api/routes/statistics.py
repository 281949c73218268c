"""/v1/statistics: numbers that authorities published, in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.answer import Answer
from api.answers.form import answered, stored_items
from api.answers.plan import StatisticKept, Statistics
from api.bodies import parse_items
from api.errors import ApiError
from api.filters import check_figure
from api.guard import CallerDep
from api.paging import LIST_LIMIT, KnownParameters, Limit, OffsetCursor, offset_next, offset_of
from api.paper_bodies import StatisticBody, check_statistics
from api.papers import Row
from api.routes.figures import visible_scope
from api.routes.posting import Body, Result, openapi_body, posted, store_papers
from api.service import Service, ServiceDep
from api.statistics import known_statistics, statistic_row
from api.tags import Tagged
from density.days import to_date
from store.schema import STATISTIC

router = APIRouter(prefix="/v1/statistics", tags=["plan"], dependencies=[KnownParameters])


@router.post("", responses=stored_items(StatisticKept), openapi_extra=openapi_body(StatisticBody))
def post_statistics(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Enter a statistic or up to 1,000: 201 stored, 200 the same again. Of a list with a fault nothing is stored.

    Of one figure, scope and period the one published last counts; one published on the same day is replaced.
    """
    items, single = parse_items(body)
    bodies = check_statistics(items, service.reference, single=single)
    request.state.subjects = [f"{each.figure} {each.scope} {each.period}" for each in bodies]
    rows = [_row(service, each, place=None if single else place) for place, each in enumerate(bodies)]
    fresh = store_papers(request, service, STATISTIC, rows)
    return posted([_result(row, new=new) for row, new in zip(rows, fresh, strict=True)], single=single)


def _known(service: Service) -> dict[str, frozenset[str]]:
    return known_statistics(plan for _, plan in service.plans.book().entries)


def _row(service: Service, body: StatisticBody, *, place: int | None) -> Row:
    try:
        return statistic_row(body, _known(service), service.reference, service.ledger.registry(), service.today())
    except ApiError as error:
        if place is None:
            raise
        raise ApiError(error.status, error.code, error.message, path=f"{place}.{error.path}") from error


def _result(row: Row, *, new: bool) -> Result:
    return {"status": 201 if new else 200, "statistic": _shown(row)}


def _shown(row: Row) -> dict[str, object]:
    shown = {name: row[name] for name in ("figure", "scope", "period", "value", "unit", "source")}
    return {**shown, "published": to_date(row["published_day"])}


@router.get("", dependencies=[Tagged], responses=answered(Statistics))
def get_statistics(
    service: ServiceDep,
    caller: CallerDep,
    figure: Annotated[str | None, Query(max_length=64)] = None,
    scope: Annotated[str | None, Query(max_length=80)] = None,
    limit: Limit = LIST_LIMIT,
    cursor: OffsetCursor = None,
) -> Answer:
    """Statistics, the one published last first; `superseded` where a later one is of the same figure and period."""
    stored = service.ledger.papers().of(STATISTIC).values()
    if figure is not None:
        posted_before = {row["figure"] for row in stored}  # for a plan that is gone
        check_figure(figure, {*_known(service), *posted_before})
    if scope is not None:
        visible_scope(service, scope, caller)
    rows = [row for row in stored if figure in {None, row["figure"]} and scope in {None, row["scope"]}]
    ordered = sorted(rows, key=lambda row: (-row["published_day"], row["figure"], row["scope"], row["period"]))
    newest = _newest(rows)
    start = offset_of(cursor)
    page = ordered[start : start + limit]
    shown = [{**_shown(row), "superseded": newest[_kept(row)] != row["published_day"]} for row in page]
    return Answer({"statistics": shown, "next": offset_next(start, limit, len(ordered))})


def _kept(row: Row) -> tuple[str, str, str]:
    return row["figure"], row["scope"], row["period"]


def _newest(rows: list[Row]) -> dict[tuple[str, str, str], int]:
    newest: dict[tuple[str, str, str], int] = {}
    for row in rows:
        newest[_kept(row)] = max(newest.get(_kept(row), row["published_day"]), row["published_day"])
    return newest
