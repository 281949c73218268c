"""How many requests an application answered, and how many of them with a failure of its own."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FAILURE = 500


class CountedAnswers:
    """An ASGI application around another.

    Attributes:
        answers: since the start.
        failures: of these with a status of 500 and above.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.answers = 0
        self.failures = 0
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note its status."""

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers += 1
                self.failures += message["status"] >= _FAILURE
            await send(message)

        await self._app(scope, receive, noting)
