"""A failure as a page, where a person would else read JSON."""

from fastapi import Request
from starlette.responses import Response

from api.access.caller import ANONYMOUS
from api.board.routes import form_page
from api.board.view import COOKIE, choose_view
from api.errors import ApiError

_MACHINES = ("/v1/", "/board/", "/static/")


def failure_page(request: Request, error: ApiError) -> Response | None:
    """The page that says why nothing came of a browser's request; none for whoever asked for no page."""
    path, accepted = request.url.path, request.headers.get("accept", "")
    if "text/html" not in accepted or path.startswith(_MACHINES):
        return None
    service = request.app.state.service
    view = choose_view(
        lang=request.query_params.get("lang"),
        theme=request.query_params.get("theme"),
        type_=request.query_params.get("type"),
        wall=False,
        cookie=request.cookies.get(COOKIE),
        accepted=request.headers.get("accept-language"),
    )
    part = service.board.failure(view.language, error)
    answer = form_page(request, service, view, ANONYMOUS, part, kind="failure", status=error.status)
    answer.headers.update(error.headers or {})
    return answer
