"""Pages: a limit, a cursor, and no parameter that is silently ignored."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request

from api.errors import ApiError

MAX_LIMIT = 2_000

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="how many at most")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
From = Annotated[date | None, Query(alias="from", description="first day, Asia/Shanghai, inclusive")]
To = Annotated[date | None, Query(alias="to", description="last day, Asia/Shanghai, inclusive")]


def only_known_parameters(request: Request) -> None:
    """Refuse a query parameter that the route does not know.

    Raises:
        ApiError: 422 `unknown_parameter`.
    """
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    for name in request.query_params:
        if name not in known:
            sentence = f"There is no parameter {name!r} here; there are {', '.join(sorted(known)) or 'none'}."
            raise ApiError(422, "unknown_parameter", sentence, path=name)


KnownParameters = Depends(only_known_parameters)


def bad_cursor(cursor: str) -> ApiError:
    """The refusal of a cursor that no page gave out."""
    return ApiError(422, "bad_cursor", f"{cursor!r} is no cursor: send `next` of the page before.", path="cursor")


def check_days(first: date | None, last: date | None) -> None:
    """Refuse a span that ends before it begins.

    Raises:
        ApiError: 422 `bad_span`.
    """
    if first is not None and last is not None and last < first:
        raise ApiError(422, "bad_span", f"to ({last}) lies before from ({first}).", path="to")
