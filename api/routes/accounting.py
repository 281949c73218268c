"""GET /v1/accounting: what arrived, what was stored, what was refused."""

from datetime import date
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Query

from api.accounts import COUNTS, totals
from api.answer import Answer
from api.guard import Authorization, check_admin
from api.paging import From, KnownParameters, To, check_days
from api.service import ServiceDep
from density.days import to_date, to_day

router = APIRouter(prefix="/v1/accounting", tags=["accounting"], dependencies=[KnownParameters])


@router.get("")
def get_accounting(
    service: ServiceDep,
    factory: Annotated[str | None, Query(max_length=64)] = None,
    kind: Annotated[str | None, Query(max_length=64)] = None,
    first: From = None,
    last: To = None,
    authorization: Authorization = None,
) -> Answer:
    """Items by day of arrival; arrived = stored + refused, always. `days` is added where anything is asked for."""
    check_days(first, last)
    if factory is not None:
        check_admin(service.options, authorization)
    sums = service.accounts.sums() if factory is None else service.accounts.of_factory(factory)
    chosen = sums.filter(_within(kind, first, last))
    answer: dict[str, object] = {"totals": totals(chosen)}
    if any(each is not None for each in (factory, kind, first, last)):
        answer["days"] = [
            {**row, "day": to_date(row["day"])} for row in chosen.select("day", "kind", *COUNTS).to_dicts()
        ]
    return Answer(answer)


def _within(kind: str | None, first: date | None, last: date | None) -> pl.Expr:
    chosen = pl.lit(value=True)
    if kind is not None:
        chosen &= pl.col("kind") == kind
    if first is not None:
        chosen &= pl.col("day") >= to_day(first)
    if last is not None:
        chosen &= pl.col("day") <= to_day(last)
    return chosen
