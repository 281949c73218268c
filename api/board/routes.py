"""/ is the board; /board/part is what the page replaces when the figures moved on."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from starlette.responses import HTMLResponse, Response

from api.board.language import Language, choose_language
from api.service import ServiceDep

router = APIRouter(include_in_schema=False)

Asked = Annotated[Literal["zh", "en"] | None, Query()]
Accepted = Annotated[str | None, Header(alias="accept-language")]
Known = Annotated[str | None, Header(alias="if-none-match")]


@router.get("/")
def get_board(service: ServiceDep, lang: Asked = None, accepted: Accepted = None) -> HTMLResponse:
    """The whole page."""
    language = choose_language(lang, accepted)
    part = service.board.part(language)
    return HTMLResponse(service.board.page(language, part), headers=_headers(language))


@router.get("/board/part")
def get_part(service: ServiceDep, lang: Asked = None, accepted: Accepted = None, known: Known = None) -> Response:
    """The part that changes; 304 while it has not."""
    language = choose_language(lang, accepted)
    part = service.board.part(language)
    tag = f'"{language}-{part.version}"'
    headers = {**_headers(language), "ETag": tag, "X-Version": part.version}
    if known == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(part.html, headers=headers)


def _headers(language: Language) -> dict[str, str]:
    return {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
