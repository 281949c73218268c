"""What holds for every answer: HEAD, security headers, and a bound on what is read of a body."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, AsPage, answer_bug

MAX_BODY_BYTES = 4 * 1024 * 1024

# data: is for the pictures in swagger-ui's own stylesheet.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Edge:
    """Answers HEAD as GET without its body, adds the security headers, and answers for what failed inside."""

    def __init__(self, app: ASGIApp, *, as_page: AsPage) -> None:
        self._app, self._as_page = app, as_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head, started = scope["method"] == "HEAD", False
        scope.setdefault("state", {})["head"] = head

        async def forward(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                tag = scope.get("state", {}).get("tag")
                if tag is not None and message["status"] == 200:
                    headers["ETag"], headers["Vary"] = tag, "Authorization, Cookie"
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app({**scope, "method": "GET"} if head else scope, receive, forward)
        except Exception as error:
            if started:
                raise
            answer = await run_in_threadpool(answer_bug, Request(scope), error, self._as_page)
            await answer(scope, receive, forward)


async def read_body(request: Request) -> bytes:
    """The body of a request, read no further than the bound.

    Raises:
        ApiError: 413 beyond the bound.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            sentence = f"The body is larger than {MAX_BODY_BYTES} bytes; send shorter lists."
            raise ApiError(413, "too_large", sentence, headers={"Connection": "close"})
    return bytes(body)
