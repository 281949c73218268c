"""Who posted what, when, and what came of it: JSON lines, appended and fsynced before the answer leaves."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answer import shanghai_time
from api.errors import ApiError, answer_error


class AuditLog:
    """An append-only file; without a path nothing is kept."""

    def __init__(self, path: Path | None, *, clock_ns: Callable[[], int]) -> None:
        self._path, self._clock_ns = path, clock_ns
        self._lock = threading.Lock()

    def append(self, entry: dict[str, object]) -> None:
        """Write one line with the time of now; on return it survives a crash.

        Raises:
            OSError: the file cannot be written.
        """
        if self._path is None:
            return
        line = to_json({"at": shanghai_time(self._clock_ns() // 1_000), **entry}) + b"\n"
        with self._lock, self._path.open("ab") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


_CHANGES = ("/v1/", "/upload")
_ONLY_ASKS = "/v1/check/"


class Audited:
    """Appends every POST and DELETE of /v1 and /upload to the audit log, whatever comes of it; but not a check."""

    def __init__(self, app: ASGIApp, *, log: AuditLog) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        changes = scope["type"] == "http" and scope["method"] in {"POST", "DELETE"} and path.startswith(_CHANGES)
        if not changes or path.startswith(_ONLY_ASKS):
            await self._app(scope, receive, send)
            return
        await self._audited(scope, receive, send)

    async def _audited(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        replaced = False

        async def forward(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                replaced = not await self._kept(scope, state, message["status"])
                if replaced:
                    await _not_kept()(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app(scope, receive, forward)

    async def _kept(self, scope: Scope, state: dict[str, object], status: int) -> bool:
        client = scope.get("client") or ("unknown",)
        entry = {
            "who": state.get("who", "nobody"),
            "from": client[0],
            "route": scope["path"],
            "what": state.get("subjects", []),
            "status": status,
            "outcome": state.get("outcome", "refused" if status >= 400 else "done"),
        }
        try:
            await run_in_threadpool(self._log.append, entry)
        except OSError:
            return False
        return True


def _not_kept() -> ASGIApp:
    sentence = "The request was carried out but could not be written to the audit log; check its folder and disk."
    return answer_error(ApiError(500, "audit_failed", sentence))
