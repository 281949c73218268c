"""A stand-in for a failing server, before the real one: it answers with faults where it is told to, else passes on."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from services import free_port

Fault = int | Literal["silence", "lost answer", "cut"]


@dataclass
class FaultProxy:
    """HTTP/1.1 before a server of loopback, one request a connection.

    Attributes:
        upstream: the port of the real server.
        fault: what happens to requests from now on: a status is answered without asking the server; `silence` is no
            answer at all; `cut` closes at once; `lost answer` passes the request on and closes without telling; None
            passes everything on.
        path: only requests whose path begins so have the fault.
        done: how often each fault was answered.
    """

    upstream: int
    fault: Fault | None = None
    path: str = "/api/v2/write"
    port: int = field(default_factory=free_port)
    done: Counter[Fault] = field(default_factory=Counter)

    def start(self) -> None:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(5)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        started.set()
        self._loop.run_forever()
        self._server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            request = head + await reader.readexactly(length)
            await self._answer(request, head.split(b" ", 2)[1].decode(), writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: bytes, path: str, writer: asyncio.StreamWriter) -> None:
        fault = self.fault if path.startswith(self.path) else None
        if fault is not None:
            self.done[fault] += 1
        if isinstance(fault, int):
            writer.write(b"HTTP/1.1 %d Fault\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}" % fault)
        elif fault == "silence":
            await asyncio.sleep(3600)
        elif fault != "cut":
            answer = await self._passed_on(request)
            if fault is None:
                writer.write(answer)
        await writer.drain()

    async def _passed_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        head, _, body = request.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        writer.write(b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer
