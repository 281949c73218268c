"""Lets in who may call a route, as the table of roles says; it stands before every route of the application."""

from typing import Annotated

from fastapi import Cookie, Depends, Header, Request

from api.access.caller import Caller
from api.access.table import ROUTES
from api.errors import ApiError, key_missing
from api.service import ServiceDep

SESSION = "robodensity-session"

Authorization = Annotated[str | None, Header(include_in_schema=False)]
Session = Annotated[str | None, Cookie(alias=SESSION, include_in_schema=False)]


def admit(
    request: Request, service: ServiceDep, authorization: Authorization = None, session: Session = None
) -> Caller:
    """Whoever asks, if their role may; noted for the audit log and for whoever keeps answers.

    Raises:
        ApiError: 401 without a key or with a wrong one, 403 where the role may not.
    """
    roles = ROUTES.get((request.method, request.scope["route"].path), frozenset())
    caller = service.gate.caller(authorization, session, request.client.host if request.client else "unknown")
    request.state.who, request.state.rights = caller.who, caller.rights
    if caller.role not in roles:
        raise _refusal(caller)
    if authorization is None and caller.named and request.method != "GET":
        demand_own_page(request)
    return caller


def demand_own_page(request: Request) -> None:
    """Refuse what another site's page makes a browser send.

    Raises:
        ApiError: 403 `other_site`.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = site == "same-origin" if site is not None else origin == f"{request.url.scheme}://{request.url.netloc}"
    if not own:
        raise ApiError(403, "other_site", "A session takes changes from this platform's own pages alone; send a key.")


def _refusal(caller: Caller) -> ApiError:
    if not caller.named:
        return key_missing()
    sentence = f"The role {caller.role!r} may not do this; ask the administrator for a key that may."
    return ApiError(403, "role_too_low", sentence)


Admitted = Depends(admit)
CallerDep = Annotated[Caller, Admitted]
