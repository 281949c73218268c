"""GET /v1/restatements: which published figures changed afterwards, and by which report."""

import json
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query

from api.answer import Answer, shanghai_time
from api.answers.figures import Restatements
from api.answers.form import answered
from api.bodies import Day
from api.filters import check_figure
from api.guard import CallerDep
from api.paging import DayPage, KnownParameters, TimePages, check_days, time_next, time_place
from api.routes.figures import visible_scope
from api.service import ServiceDep
from api.tags import Tagged
from density.days import start_ns, to_date, to_day
from density.recipes import RECIPES
from store.schema import FIGURES, RESTATEMENT

router = APIRouter(prefix="/v1/restatements", tags=["figures"], dependencies=[KnownParameters, Tagged])

Since = Annotated[Day | None, Query(description="restated on or after this day, Asia/Shanghai")]


@router.get("", responses=answered(Restatements))
def get_restatements(
    service: ServiceDep,
    caller: CallerDep,
    asked: TimePages,
    scope: Annotated[str | None, Query(max_length=80)] = None,
    figure: Annotated[str | None, Query(max_length=64)] = None,
    since: Since = None,
) -> Answer:
    """Changes of published figures of what the key opens, the newest first; `from` and `to` bound the restated day."""
    check_days(asked.first, asked.last)
    if scope is not None:
        visible_scope(service, scope, caller)
    if figure is not None:
        check_figure(figure, RECIPES)
    where = {name: value for name, value in (("scope", scope), ("figure", figure)) if value is not None}
    through, skip = time_place(asked.cursor)
    after = None if since is None else start_ns(to_day(since)) - 1
    whole = not (asked.first or asked.last) and service.reach(caller).everything
    newest = None if not whole else asked.limit + skip + 1
    frame = service.store.read(FIGURES, RESTATEMENT, after=after, through=through, where=where, newest=newest)
    reach = service.reach(caller)
    found = [row for row in frame.filter(_within(asked)).iter_rows(named=True) if reach.holds(row["scope"])]
    rows = sorted(found, key=_order, reverse=True)[skip:]
    page, more = rows[: asked.limit], len(rows) > asked.limit
    following = time_next(page, through, skip) if more else None
    return Answer({"restatements": [_shown(row) for row in page], "next": following})


def _within(asked: DayPage) -> pl.Expr:
    chosen = pl.lit(value=True)
    if asked.first is not None:
        chosen &= pl.col("day") >= to_day(asked.first)
    if asked.last is not None:
        chosen &= pl.col("day") <= to_day(asked.last)
    return chosen


def _order(row: dict[str, Any]) -> tuple[int, str, str, str]:
    return row["time"], row["scope"], row["series"], row["figure"]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    caused = None
    if row["stamp"] is not None:
        stamped = {"stamp": str(row["stamp"]), "arrived": shanghai_time(row["stamp"] // 1_000)}
        caused = {"writer": row["writer"], "slot": json.loads(row["slot"]) if row["slot"] else None, **stamped}
    return {
        "restated": shanghai_time(row["time"] // 1_000),
        **{name: row[name] for name in ("scope", "series", "figure")},
        "day": to_date(row["day"]),
        **{name: row[name] for name in ("old", "new", "why")},
        "report": caused,
    }
