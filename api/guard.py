"""Who may do what: the admin key, until there are roles."""

import hmac
from typing import Annotated

from fastapi import Depends, Header, Request

from api.errors import ApiError
from api.options import ApiOptions
from api.service import ServiceDep

Authorization = Annotated[str | None, Header(include_in_schema=False)]


def check_admin(options: ApiOptions, authorization: str | None) -> None:
    """Let the admin key pass.

    Raises:
        ApiError: 401 without a key, 403 with a wrong one or where this system has none.
    """
    if options.admin_key is None:
        sentence = "This system runs without an admin key, so nothing that needs one is answered; start it with one."
        raise ApiError(403, "no_admin_key", sentence)
    if authorization is None:
        sentence = "This needs the admin key in the header Authorization: Bearer <key>."
        raise ApiError(401, "admin_key_missing", sentence, headers={"WWW-Authenticate": "Bearer"})
    scheme, _, key = authorization.partition(" ")
    # Both are compared as bytes: a header may hold characters that compare_digest refuses in text.
    same = hmac.compare_digest(key.strip().encode("utf-8", "replace"), options.admin_key.encode())
    if scheme.lower() != "bearer" or not same:
        raise ApiError(403, "admin_key_wrong", "The key in the header Authorization is not this system's admin key.")


def is_admin(options: ApiOptions, authorization: str | None) -> bool:
    """Whether a reader of a public route may see what is not public; nobody without a key is.

    Raises:
        ApiError: 403 with a wrong key.
    """
    if authorization is None:
        return False
    check_admin(options, authorization)
    return True


def require_admin(request: Request, service: ServiceDep, authorization: Authorization = None) -> None:
    """Let the admin key pass and note for the audit log that it did."""
    check_admin(service.options, authorization)
    request.state.who = "admin"


AdminOnly = Depends(require_admin)
