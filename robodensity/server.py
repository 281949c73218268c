"""Uvicorn in a thread, on a socket that is already bound."""

import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp


class Server:
    """An HTTP server that starts in a thread and stops when told.

    Args:
        app: what it serves.
        bound: where.
        closing: ends what the application would stream for ever; called before it stops.
    """

    def __init__(self, app: ASGIApp, bound: socket.socket, *, closing: Callable[[], None] | None = None) -> None:
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._bound = bound
        self._closing = closing

    def run(self, stop: threading.Event) -> None:
        """Serve until stopped."""
        threading.Thread(target=self._await, args=(stop,), name="http-stop", daemon=True).start()
        self._server.run(sockets=[self._bound])

    def _await(self, stop: threading.Event) -> None:
        stop.wait()
        if self._closing is not None:
            self._closing()
        self._server.should_exit = True
