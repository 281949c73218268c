"""The one error shape: `{"error": {"code", "message", "path"}}`; a list of faults adds `details`.

ApiError          anything that the caller did or must know
StoreUnavailable  503 with Retry-After: nothing was lost, ask again
"""

import http
import traceback
from collections.abc import Callable, Mapping, Sequence

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.answer import Answer
from store.errors import StoreUnavailable

RETRY_AFTER_S = 5

_CODES = {404: "not_found", 405: "method_not_allowed"}


class ApiError(Exception):
    """A refusal with its status, code, sentence and the place in the request that it concerns."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        path: str | None = None,
        details: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.path = status, code, message, path
        self.details, self.headers = details, headers


def unauthorized(code: str, sentence: str, *, presented: bool) -> ApiError:
    """The refusal of whoever presented no key or token, or a wrong one (RFC 6750)."""
    challenge = 'Bearer error="invalid_token"' if presented else "Bearer"
    return ApiError(401, code, sentence, headers={"WWW-Authenticate": challenge})


def key_missing(sentence: str = "This needs a key or token in the header Authorization: Bearer <key>.") -> ApiError:
    """The refusal of whoever presented nothing."""
    return unauthorized("key_missing", sentence, presented=False)


def error_body(error: ApiError) -> dict[str, object]:
    """The one shape."""
    body: dict[str, object] = {"code": error.code, "message": error.message, "path": error.path}
    if len(error.details) > 1:
        body["details"] = list(error.details)
    return {"error": body}


def invalid(faults: Sequence[Mapping[str, object]]) -> ApiError:
    """The refusal of a request by what pydantic found: the first fault, and all of them where there are more."""
    details = [
        {
            "path": ".".join(str(step) for step in _place(fault)),
            "message": str(fault["msg"]).removeprefix("Value error, "),
        }
        for fault in faults
    ]
    first = details[0]
    more = f" ({len(details)} faults in all; nothing was stored.)" if len(details) > 1 else ""
    sentence = f"{first['path'] or 'The request'}: {first['message']}.{more}"
    return ApiError(422, "invalid_field", sentence, path=first["path"] or None, details=details)


def _place(fault: Mapping[str, object]) -> list[object]:
    place = list(fault["loc"]) if isinstance(fault["loc"], tuple | list) else []
    return place[1:] if place and place[0] in {"query", "path", "body"} else place


AsPage = Callable[[Request, ApiError], Response | None]
"""A failure as a page; none for whoever asked for no page."""


def install(app: FastAPI, as_page: AsPage) -> None:
    """Answer every failure in the one shape, or as a page where a person reads it and `as_page` makes one."""
    for kind, told in _TOLD.items():

        def answered(request: Request, error: Exception, told: _Told = told) -> Response:
            failure = told(request, error)
            return as_page(request, failure) or answer_error(failure)

        app.add_exception_handler(kind, answered)


def answer_error(error: ApiError) -> Answer:
    """An error as a response."""
    return Answer(error_body(error), status_code=error.status, headers=error.headers)


def _of_api(_: Request, error: Exception) -> ApiError:
    assert isinstance(error, ApiError)  # noqa: S101 - registered for this class
    return error


def _of_http(request: Request, error: Exception) -> ApiError:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    code = _CODES.get(error.status_code, "http_error")
    reason = http.HTTPStatus(error.status_code).phrase.lower()
    sentence = f"{request.method} {request.url.path}: {reason}. The routes are listed at /docs."
    return ApiError(error.status_code, code, sentence, headers=error.headers)


def _of_request(_: Request, error: Exception) -> ApiError:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    return invalid(error.errors())


def _of_store(_: Request, error: Exception) -> ApiError:
    sentence = f"The store does not answer: {error} Ask again in {RETRY_AFTER_S} s."
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return ApiError(503, "store_unavailable", sentence, headers=headers)


_Told = Callable[[Request, Exception], ApiError]
_TOLD: Mapping[type[Exception], _Told] = {
    ApiError: _of_api, HTTPException: _of_http, RequestValidationError: _of_request, StoreUnavailable: _of_store,
}  # fmt: skip


def answer_bug(request: Request, error: Exception, as_page: AsPage) -> Response:
    """The answer to a failure that nobody foresaw; what it was goes to the log and to nobody else."""
    _log("a request failed", request, error)
    sentence = f"{request.method} {request.url.path} failed inside the platform; its log says why."
    failure = ApiError(500, "internal_error", sentence)
    try:
        return as_page(request, failure) or answer_error(failure)
    except Exception as another:  # noqa: BLE001 - what failed may be what pages are made of
        _log("the page of a failure failed", request, another)
        return answer_error(failure)


def _log(what: str, request: Request, error: Exception) -> None:
    trace = "".join(traceback.format_exception(error))
    structlog.get_logger("api").error(what, path=request.url.path, trace=trace)
