"""News of the figures for all who listen: one follower asks the store, whoever is slow misses what is out of date."""

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from api.errors import ApiError
from api.figures import Folded
from api.versions import Versions
from store.errors import StoreUnavailable

PERIOD_S = 0.5
HEARTBEAT_S = 15.0
MOST = 1_000
RETRY_S = 3


class Feed:
    """Tells every listener each newer version of the figures, and nothing that a newer one has overtaken.

    All of it runs on one event loop, but for `close`.

    Args:
        versions: what is followed.
        period_s: between two looks.
        heartbeat_s: a listener hears at least that something lives.
        most: so many listeners at a time.
    """

    def __init__(
        self, versions: Versions, *, period_s: float = PERIOD_S, heartbeat_s: float = HEARTBEAT_S, most: int = MOST
    ) -> None:
        self._versions, self._period_s, self._heartbeat_s, self._most = versions, period_s, heartbeat_s, most
        self._listeners: set[asyncio.Event] = set()
        self._follower: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: Folded | None = None
        self._closed = False

    def demand_room(self) -> None:
        """Refuse one listener too many.

        Raises:
            ApiError: 503 `too_many_listeners`.
        """
        if len(self._listeners) >= self._most:
            sentence = f"{self._most} readers follow the figures already; ask GET /v1/figures/latest instead."
            raise ApiError(503, "too_many_listeners", sentence, headers={"Retry-After": "60"})

    async def listen(self, known: str | None) -> AsyncIterator[Folded | None]:
        """Each version newer than a known one, the present one first; none is a heartbeat. Ends when it is closed."""
        woken = asyncio.Event()
        self._listeners.add(woken)
        self._follow()
        woken.set()
        try:
            while not self._closed:
                try:
                    await asyncio.wait_for(woken.wait(), self._heartbeat_s)
                except TimeoutError:
                    yield None
                    continue
                woken.clear()
                if self._news is not None and self._news.version != known:
                    known = self._news.version
                    yield self._news
        finally:
            self._listeners.discard(woken)

    def close(self) -> None:
        """End every stream, from any thread."""
        self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _follow(self) -> None:
        if self._follower is None or self._follower.done():
            self._loop = asyncio.get_running_loop()
            self._follower = asyncio.create_task(self._look(), name="figures-follower")

    async def _look(self) -> None:
        while self._listeners and not self._closed:
            try:
                news: Folded | None = await run_in_threadpool(self._versions.folded)
            except StoreUnavailable:
                news = self._news  # streams go on when it answers again
            if news is not None and news.day is not None and (self._news is None or news.version != self._news.version):
                self._news = news
                self._wake()
            await asyncio.sleep(self._period_s)

    def _wake(self) -> None:
        for each in self._listeners:
            each.set()
