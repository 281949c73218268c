"""The pages; /board/part is what a page replaces when the figures moved on."""

import gzip
from typing import Annotated, Literal

from fastapi import APIRouter, Cookie, Depends, Header, Query, Request
from starlette.responses import HTMLResponse, Response

from api.access.caller import Caller
from api.board.address import Address, Kind, read_address, read_path
from api.board.board import GONE
from api.board.part import Part
from api.board.reader import reader_of
from api.board.view import COOKIE, YEAR_S, View, choose_view
from api.errors import ApiError
from api.guard import CallerDep
from api.service import Service, ServiceDep

router = APIRouter(include_in_schema=False)

Accepted = Annotated[str | None, Header(alias="accept-language")]
Known = Annotated[str | None, Header(alias="if-none-match")]
HTTP_OK = 200
SWITCHES = {"lang", "theme", "type"}


def _view(
    lang: Annotated[Literal["zh", "en"] | None, Query()] = None,
    theme: Annotated[Literal["auto", "light", "dark"] | None, Query()] = None,
    type_: Annotated[Literal["normal", "large"] | None, Query(alias="type")] = None,
    wall: Annotated[bool, Query()] = False,  # noqa: FBT002 - a switch of the address
    kept: Annotated[str | None, Cookie(alias=COOKIE)] = None,
    accepted: Accepted = None,
) -> View:
    return choose_view(lang=lang, theme=theme, type_=type_, wall=wall, cookie=kept, accepted=accepted)


Seen = Annotated[View, Depends(_view)]


@router.get("/")
@router.get("/quality")
@router.get("/about")
@router.get("/district/{area}")
@router.get("/zone/{area}")
@router.get("/park/{area}")
@router.get("/factory/{area}")
def get_page(request: Request, service: ServiceDep, caller: CallerDep, view: Seen) -> Response:
    """A whole page; the city at /."""
    address = read_path(request.url.path)
    status, part = _part(service, address, view, caller)
    return _html(request, service.board.page(address, view, part, named=caller.named), status, view)


@router.get("/board/part")
def get_part(
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    view: Seen,
    page: Annotated[str, Query(max_length=80)] = "city",
    known: Known = None,
) -> Response:
    """The part of a page that changes; 304 while it has not."""
    address = read_address(page)
    if address is None:
        raise ApiError(404, "unknown_page", f"There is no page {page!r}; the city's is city.", path="page")
    status, part = _part(service, address, view, caller)
    headers = {"ETag": f'"{view.language}-{caller.rights}-{part.version}"', "X-Version": part.version}
    headers["X-Fresh"] = "1" if status != HTTP_OK or service.board.is_fresh(address, part) else "0"
    if known == headers["ETag"]:
        return Response(status_code=304, headers=headers | _headers(view))
    answer = _html(request, part.html, status, view)
    answer.headers.update(headers)
    return answer


def form_page(
    request: Request,
    service: Service,
    view: View,
    caller: Caller,
    part: Part,
    *,
    kind: Kind = "sign-in",
    status: int = HTTP_OK,
) -> Response:
    """A form as a whole page; it is nobody's to keep."""
    html = service.board.page(Address(kind), view, part, named=caller.named)
    answer = _html(request, html, status, view)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _part(service: Service, address: Address, view: View, caller: Caller) -> tuple[int, Part]:
    """The part with its status: 403 for a factory that is not this reader's to see, 404 for what is not there."""
    board = service.board
    if address.kind == "factory" and not service.reach(caller).holds_factory(address.id):
        return 403, board.refusal(view.language, "not_public")
    part = board.part(address, view.language, reader_of(caller))
    return (404, board.refusal(view.language, "unknown_page")) if part.version == GONE else (HTTP_OK, part)


def _html(request: Request, html: str, status: int, view: View) -> Response:
    """HTML, packed where the browser takes it so: a page of charts is a tenth of its size then."""
    headers, body = _headers(view), html.encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"], body = "gzip", gzip.compress(body, 5, mtime=0)
    answer = HTMLResponse(body, status, headers)
    if request.query_params.keys() & SWITCHES:
        answer.set_cookie(COOKIE, view.cookie, max_age=YEAR_S, httponly=True, samesite="lax")
    return answer


def _headers(view: View) -> dict[str, str]:
    return {
        "Content-Language": view.language,
        "Vary": "Accept-Language, Accept-Encoding, Cookie, Authorization",
        "Cache-Control": "private, no-cache",
    }
