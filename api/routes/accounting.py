"""GET /v1/accounting: what arrived, what was stored, what was refused, what is missing and who is silent."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query

from api.access.caller import Caller
from api.accounts import COUNTS, totals
from api.answer import Answer
from api.answers.accounting import Accounting, DeliveredDays
from api.answers.figures import AreaAccount, Silence
from api.answers.form import answered
from api.deliveries import daily_accounts
from api.guard import CallerDep
from api.paging import (
    LIST_LIMIT,
    DayPage,
    DayPages,
    From,
    KnownParameters,
    Limit,
    OffsetCursor,
    To,
    check_days,
    day_place,
    offset_next,
    offset_of,
)
from api.points import shown_fields
from api.routes.figures import ScopeName
from api.scopes import find_scope
from api.series import SeriesName
from api.service import Service, ServiceDep
from density.days import day_of_ns, start_ns, to_date, to_day
from ingest.wire.topics import Kind
from store.schema import AREA_ACCOUNT, FIGURES, SILENCE, Measurement

router = APIRouter(prefix="/v1/accounting", tags=["accounting"], dependencies=[KnownParameters])

KindName = Annotated[Literal[Kind, "?"] | None, Query(description="of messages; `?` is of no known topic")]


@router.get("", responses=answered(Accounting))
def get_accounting(
    service: ServiceDep,
    caller: CallerDep,
    factory: Annotated[str | None, Query(max_length=64)] = None,
    kind: KindName = None,
    first: From = None,
    last: To = None,
    limit: Limit = LIST_LIMIT,
    cursor: OffsetCursor = None,
) -> Answer:
    """Items by day of arrival; arrived = stored + refused, always. `days` is added where anything is asked for.

    The totals are of all that is asked for; `days` are paged, the oldest first.
    """
    check_days(first, last)
    if factory is not None:
        service.reach(caller).demand_factory(factory)
    sums = service.accounts.sums() if factory is None else service.accounts.of_factory(factory)
    chosen = sums.filter(_within(kind, first, last))
    answer: dict[str, object] = {"totals": totals(chosen)}
    if any(each is not None for each in (factory, kind, first, last)):
        start, days = offset_of(cursor), chosen.select("day", "kind", *COUNTS)
        answer["days"] = _days(days.slice(start, limit))
        answer["next"] = offset_next(start, limit, days.height)
    return Answer(answer)


def _days(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**row, "day": to_date(row["day"])} for row in rows.to_dicts()]


def _within(kind: str | None, first: date | None, last: date | None) -> pl.Expr:
    chosen = pl.lit(value=True)
    if kind is not None:
        chosen &= pl.col("kind") == kind
    if first is not None:
        chosen &= pl.col("day") >= to_day(first)
    if last is not None:
        chosen &= pl.col("day") <= to_day(last)
    return chosen


@router.get("/days", responses=answered(DeliveredDays))
def get_accounting_days(
    service: ServiceDep,
    caller: CallerDep,
    factory: Annotated[str | None, Query(max_length=64, description="`?` is what the register does not know")] = None,
    kind: KindName = None,
    first: From = None,
    last: To = None,
    limit: Limit = LIST_LIMIT,
    cursor: OffsetCursor = None,
) -> Answer:
    """By day of arrival, factory and kind, the newest first; of the last seven days where no `from` is given.

    Items: arrived = stored + refused; of these redelivered, and repeated, which said what another report said.
    Messages: sent = numbered + missing, null where any message of the day carries no number. The skew is of status.
    """
    check_days(first, last)
    service.reach(caller).demand_factory(factory)
    end = to_day(service.today() if last is None else last)
    begin = end - 6 if first is None else to_day(first)
    rows = daily_accounts(service.store, first=begin, last=end, factory=factory, kind=kind)
    start = offset_of(cursor)
    return Answer({"days": _days(rows.slice(start, limit)), "next": offset_next(start, limit, rows.height)})


@router.get("/silence", responses=answered(Silence))
def get_silence(
    service: ServiceDep,
    caller: CallerDep,
    asked: DayPages,
    scope: Annotated[ScopeName, Query()] = "city",
    series: SeriesName = "total",
) -> Answer:
    """How many factories were heard at some time, and how many are quiet for longer than their rhythm, by day."""
    _check(service, caller, asked, scope)
    points, following = _by_day(service, asked, SILENCE, {"scope": scope, "series": series})
    return Answer({"scope": scope, "series": series, "points": points, "next": following})


@router.get("/areas", responses=answered(AreaAccount))
def get_area_account(
    service: ServiceDep,
    caller: CallerDep,
    asked: DayPages,
    scope: Annotated[ScopeName, Query(description="`city`, a district, a park or a zone; others have none")] = "city",
) -> Answer:
    """What came of all factories of an area, by day of arrival; a day on which nothing came to the city has no point.

    Items: arrived = stored + refused. The city has those of its districts, and what came of nobody in the register.
    Messages: numbered, missing by their numbers, and unnumbered.
    """
    _check(service, caller, asked, scope)
    points, following = _by_day(service, asked, AREA_ACCOUNT, {"scope": scope})
    return Answer({"scope": scope, "points": points, "next": following})


def _check(service: Service, caller: Caller, asked: DayPage, scope: str) -> None:
    check_days(asked.first, asked.last)
    find_scope(scope, service.reference, service.ledger.registry())
    service.reach(caller).demand(scope)


def _by_day(
    service: Service, asked: DayPage, kind: Measurement, where: Mapping[str, str]
) -> tuple[list[dict[str, Any]], date | None]:
    """A page of points, and the day of the next one."""
    begin = max((each for each in (asked.first, day_place(asked.cursor)) if each is not None), default=None)
    after = None if begin is None else start_ns(to_day(begin)) - 1
    through = None if asked.last is None else start_ns(to_day(asked.last))
    found = service.store.read(FIGURES, kind, after=after, through=through, where=where)
    points = [
        {"day": to_date(day_of_ns(row["time"])), **{name: row[name] for name in shown_fields(kind)}}
        for row in found.iter_rows(named=True)
    ]
    return points[: asked.limit], points[asked.limit]["day"] if len(points) > asked.limit else None
