import threading
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from robodensity.server import Server
from robodensity.up.ports import claim

Serve = Callable[[FastAPI], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    stop, threads, sockets = threading.Event(), [], []

    def start(app: FastAPI) -> str:
        sockets.append(claim("127.0.0.1", None, 0, purpose="a test")[0])
        threads.append(threading.Thread(target=Server(app, sockets[-1]).run, args=(stop,)))
        threads[-1].start()
        return f"http://127.0.0.1:{sockets[-1].getsockname()[1]}"

    yield start
    stop.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads), "the server does not stop when told"
    for each in sockets:
        each.close()
