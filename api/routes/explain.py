"""GET /v1/figures/explain: why a figure is what it is."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.answer import Answer
from api.answers.explanation import Explained
from api.answers.form import answered
from api.bodies import Day
from api.errors import ApiError
from api.explained import explained, left_out_page, report_page, restatement
from api.filters import check_figure
from api.guard import CallerDep
from api.paging import LIST_LIMIT, KnownParameters, Limit, bad_cursor
from api.routes.figures import ScopeName
from api.scopes import find_scope
from api.series import KeySetName, SeriesName, find_key_set, series_of
from api.service import Service, ServiceDep
from density.days import to_date, to_day
from density.explanation import Question
from density.recipes import RECIPES

router = APIRouter(prefix="/v1/figures", tags=["figures"], dependencies=[KnownParameters])

_CURSOR = re.compile(r"([0-9]{1,19})\.([A-Za-z0-9_-]{1,64})")

ReportCursor = Annotated[
    str | None,
    Query(
        max_length=200,
        description="`next` of the page before",
        json_schema_extra={"pattern": r"^[0-8]?[0-9]{1,18}\.[A-Za-z0-9_-]{1,64}$"},
    ),
]


@dataclass(frozen=True)
class Pages:
    """Where the page of reports, and that of left-out factories, begin, and how long they are."""

    limit: Limit = LIST_LIMIT
    cursor: ReportCursor = None
    left_out_cursor: Annotated[str | None, Query(max_length=64, description="`left_out.next`")] = None


@router.get("/explain", responses=answered(Explained))
def get_explanation(
    service: ServiceDep,
    caller: CallerDep,
    page: Annotated[Pages, Depends()],
    figure: Annotated[str, Query(max_length=64, description="stock, gross_new, density_12m, …")],
    scope: ScopeName = "city",
    day: Annotated[Day | None, Query(description="Asia/Shanghai; the last day of the figures unless given")] = None,
    series: SeriesName = "key",
    key_set: KeySetName = None,
) -> Answer:
    """Three sentences on what changed since the end of the last month, then what the figure is made of.

    The reports that it stands on are paged by `cursor`, the factories that it leaves out by `left_out_cursor`.
    """
    registry, folded = service.ledger.registry(), service.shelf.folded()
    found = find_scope(scope, service.reference, registry)
    service.reach(caller).demand(scope)
    check_figure(figure, RECIPES)
    stored = series_of(series, find_key_set(key_set, service.definition), service.definition)
    question = Question(figure, scope, stored, _day(service, day, folded.day))
    after = _after(page.cursor)
    told = service.explaining.explain(question, found, registry, to_day(service.options.first_day))
    return Answer(
        {
            **explained(told, service.reference, registry, simulated=service.options.simulated),
            "data_until": folded.data_until,
            "definition_version": folded.definition_version,
            "simulated": service.options.simulated,
            "left_out": left_out_page(told.left_out, limit=page.limit, cursor=page.left_out_cursor),
            "restatements": [restatement(row) for row in service.explaining.restatements(question, told.base_day)],
            **report_page(service.explaining.reports(told), limit=page.limit, after=after),
        }
    )


def _day(service: Service, day: date | None, reached: int | None) -> int:
    if reached is None:
        raise ApiError(422, "no_figures", "There are no figures yet; ask again after the first fold.", path="day")
    first = service.options.first_day
    if day is not None and not first <= day <= to_date(reached):
        sentence = f"There are no figures of {day}; they go from {first} to {to_date(reached)}."
        raise ApiError(422, "day_without_figures", sentence, path="day")
    return reached if day is None else to_day(day)


def _after(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None or int(found[1]) >= 2**63:
        raise bad_cursor(cursor)
    return int(found[1]), found[2]
