"""/sign-in, /sign-out: a browser's session on the board, opened by a key."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.access.caller import ANONYMOUS
from api.board.routes import Seen, form_page
from api.board.view import View
from api.errors import ApiError
from api.guard import SESSION, CallerDep, Session, demand_own_page
from api.service import Service, ServiceDep
from store.errors import StoreUnavailable

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@router.get("/sign-in")
def get_sign_in(request: Request, service: ServiceDep, caller: CallerDep, view: Seen) -> Response:
    """The form, or who is signed in."""
    return form_page(request, service, view, caller, service.board.sign_in(view.language, caller))


@router.post("/sign-in")
async def post_sign_in(
    request: Request, service: ServiceDep, view: Seen, key: Annotated[str, Form(max_length=16_384)] = ""
) -> Response:
    """Open a session for whoever presents a key, and go to the city's page."""
    demand_own_page(request)
    address = request.client.host if request.client else "unknown"
    try:
        caller, session, seconds = await run_in_threadpool(service.gate.sign_in, key, address)
    except ApiError as error:
        return _refused(request, service, view, error.code, error.status)
    except StoreUnavailable:
        return _refused(request, service, view, "store_unavailable", 503)
    request.state.who = caller.who
    answer = RedirectResponse("/", status_code=SEE_OTHER)
    answer.set_cookie(
        SESSION, session, max_age=seconds, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return answer


def _refused(request: Request, service: Service, view: View, code: str, status: int) -> Response:
    part = service.board.sign_in(view.language, ANONYMOUS, refusal=code)
    return form_page(request, service, view, ANONYMOUS, part, status=status)


@router.post("/sign-out")
def post_sign_out(request: Request, service: ServiceDep, session: Session = None) -> Response:
    """End the session and go to the city's page."""
    demand_own_page(request)
    service.gate.sign_out(session or "")
    answer = RedirectResponse("/", status_code=SEE_OTHER)
    answer.delete_cookie(SESSION, httponly=True, samesite="strict")
    return answer
