"""Pages: a limit, a cursor, and no parameter that is silently ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant

from api.bodies import Day
from api.errors import ApiError

MAX_LIMIT = 2_000  # and what is given unless asked otherwise of points by day
LIST_LIMIT = 100  # of every other list

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="how many at most")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
OffsetCursor = Annotated[
    str | None,
    Query(max_length=200, description="`next` of the page before", json_schema_extra={"pattern": "^[0-9]{1,9}$"}),
]
TimeCursor = Annotated[
    str | None,
    Query(
        max_length=200,
        description="`next` of the page before",
        json_schema_extra={"pattern": r"^[0-8]?[0-9]{1,18}\.[0-9]{1,4}$"},
    ),
]
DayCursor = Annotated[
    str | None,
    Query(max_length=200, description="`next` of the page before", json_schema_extra={"format": "date"}),
]
From = Annotated[Day | None, Query(alias="from", description="first day, Asia/Shanghai, inclusive")]
To = Annotated[Day | None, Query(alias="to", description="last day, Asia/Shanghai, inclusive")]


@dataclass(frozen=True)
class DaySpan:
    """The days that are asked for."""

    first: From = None
    last: To = None


DaySpans = Annotated[DaySpan, Depends()]


@dataclass(frozen=True)
class DayPage:
    """A page of days: the span that is asked for, how many at most, and where the page before ended."""

    first: From = None
    last: To = None
    limit: Limit = MAX_LIMIT
    cursor: DayCursor = None


DayPages = Annotated[DayPage, Depends()]


@dataclass(frozen=True)
class TimePage(DayPage):
    """The same of a list that is told from the newest on."""

    limit: Limit = LIST_LIMIT
    cursor: TimeCursor = None


TimePages = Annotated[TimePage, Depends()]


def only_known_parameters(request: Request) -> None:
    """Refuse a query parameter that the route does not know.

    Raises:
        ApiError: 422 `unknown_parameter`.
    """
    known = _aliases(request.scope["route"].dependant)
    for name in request.query_params:
        if name not in known:
            sentence = f"There is no parameter {name!r} here; there are {', '.join(sorted(known)) or 'none'}."
            raise ApiError(422, "unknown_parameter", sentence, path=name)


def _aliases(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_aliases(each) for each in dependant.dependencies))


KnownParameters = Depends(only_known_parameters)


def bad_cursor(cursor: str) -> ApiError:
    """The refusal of a cursor that no page gave out."""
    return ApiError(422, "bad_cursor", f"{cursor!r} is no cursor: send `next` of the page before.", path="cursor")


def offset_of(cursor: str | None) -> int:
    """How many items the pages before have shown.

    Raises:
        ApiError: 422 `bad_cursor`.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 9):
        raise bad_cursor(cursor)
    return int(cursor)


def offset_next(start: int, shown: int, of: int) -> str | None:
    """The cursor after a page that begins at an offset; none where it is the last."""
    return str(start + shown) if start + shown < of else None


def day_place(cursor: str | None) -> date | None:
    """The first day of the page; none without a cursor.

    Raises:
        ApiError: 422 `bad_cursor`.
    """
    try:
        return None if cursor is None else date.fromisoformat(cursor)
    except ValueError as error:
        raise bad_cursor(str(cursor)) from error


def time_place(cursor: str | None) -> tuple[int | None, int]:
    """The time of the last row shown and how many rows of that time were; nothing without a cursor.

    Raises:
        ApiError: 422 `bad_cursor`.
    """
    if cursor is None:
        return None, 0
    time, dot, skip = cursor.partition(".")
    if not (dot and time.isascii() and time.isdecimal() and skip.isascii() and skip.isdecimal()):
        raise bad_cursor(cursor)
    if len(time) > 19 or int(time) >= 2**63 or len(skip) > 4:
        raise bad_cursor(cursor)
    return int(time), int(skip)


def time_next(page: Sequence[Mapping[str, Any]], through: int | None, skip: int) -> str:
    """The cursor after a page of rows that go back in time.

    Args:
        page: what is shown, not empty.
        through: the time of the cursor before.
        skip: how many rows of that time were shown already.
    """
    last = page[-1]["time"]
    shown = sum(row["time"] == last for row in page)
    return f"{last}.{shown + (skip if last == through else 0)}"


def check_days(first: date | None, last: date | None) -> None:
    """Refuse a span that ends before it begins.

    Raises:
        ApiError: 422 `bad_span`.
    """
    if first is not None and last is not None and last < first:
        raise ApiError(422, "bad_span", f"to ({last}) lies before from ({first}).", path="to")
