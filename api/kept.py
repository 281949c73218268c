"""Public answers kept as bytes for as long as what they were made of stays: hundreds of readers cost one reading."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.gate import Gate
from api.tags import matches
from api.versions import Versions
from store.errors import StoreUnavailable

MAX_BYTES = 64 * 1024 * 1024  # of all answers
MAX_ANSWER_BYTES = 4 * 1024 * 1024

# By the rights of the reader, path and query.
Key = tuple[str, str, bytes]


@dataclass
class _Answer:
    """An answer and the version that it was made of."""

    version: str
    tag: str
    start: Message
    body: bytearray = field(default_factory=bytearray)


class Kept:
    """Gives kept answers to readers of equal rights, and keeps those that carry a tag."""

    def __init__(self, app: ASGIApp, *, versions: Versions, gate: Gate) -> None:
        self._app, self._versions, self._gate = app, versions, gate
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()
        self._bytes = 0
        self._asking: asyncio.Task[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not _is_read(scope):
            await self._app(scope, receive, send)
            return
        named = _header(scope, b"authorization")
        caller = self._gate.known(None if named is None else named.decode("latin-1"))
        key = (caller.rights if caller is not None else "", scope["path"], scope["query_string"])
        answer = self._answers.get(key) if caller is not None else None
        if answer is not None and answer.version == await self._version():
            self._answers.move_to_end(key)
            await _give(answer, scope, send)
            return
        await self._app(scope, receive, self._keeping(scope, send))

    async def _version(self) -> str | None:
        """The version of now, asked for once for all who wait; none while the store is away."""
        known = self._versions.known()
        if known is not None:
            return known
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(run_in_threadpool(self._versions.tag))
        try:
            return await asyncio.shield(self._asking)
        except StoreUnavailable:
            return None

    def _keeping(self, scope: Scope, send: Send) -> Send:
        state = scope.setdefault("state", {})
        answer: _Answer | None = None

        async def forward(message: Message) -> None:
            nonlocal answer
            if message["type"] == "http.response.start" and message["status"] == 200 and "version" in state:
                answer = _Answer(state["version"], state["tag"], message)
            elif message["type"] == "http.response.body" and answer is not None:
                answer.body += message.get("body", b"")
                if len(answer.body) > MAX_ANSWER_BYTES:
                    answer = None
                elif not message.get("more_body", False):
                    self._keep((state["rights"], scope["path"], scope["query_string"]), answer)
            await send(message)

        return forward

    def _keep(self, key: Key, answer: _Answer) -> None:
        before = self._answers.pop(key, None)
        self._bytes += len(answer.body) - (len(before.body) if before else 0)
        self._answers[key] = answer
        while self._bytes > MAX_BYTES:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest.body)


def _is_read(scope: Scope) -> bool:
    """Whether it reads the API; what a session's cookie opens is not told from here."""
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"].startswith("/v1/")
        and _header(scope, b"cookie") is None
    )


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == wanted), None)


async def _give(answer: _Answer, scope: Scope, send: Send) -> None:
    known = _header(scope, b"if-none-match")
    if known is not None and matches(answer.tag, known.decode("latin-1")):
        headers = [(b"etag", answer.tag.encode()), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send(answer.start)
    await send({"type": "http.response.body", "body": bytes(answer.body)})
