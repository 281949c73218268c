"""Uvicorn in a thread, on a socket that is already bound."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp


class Server:
    """An HTTP server that starts in a thread and stops when told."""

    def __init__(self, app: ASGIApp, bound: socket.socket) -> None:
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._bound = bound

    def run(self, stop: threading.Event) -> None:
        """Serve until stopped."""
        threading.Thread(target=self._await, args=(stop,), name="http-stop", daemon=True).start()
        self._server.run(sockets=[self._bound])

    def _await(self, stop: threading.Event) -> None:
        stop.wait()
        self._server.should_exit = True
