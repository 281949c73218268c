"""The running system, asked through its API by a command."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from robodensity.errors import Refusal

TIMEOUT_S = 60.0


class NoSystem(Refusal):
    """Nothing answers."""


class System:
    """An API of this platform.

    Args:
        url: where it answers.
        key: of its administrator.
    """

    def __init__(self, url: str, key: str | None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, **params: str | int | None) -> dict[str, Any]:
        """An answer.

        Raises:
            NoSystem: nothing answers.
            Refusal: it refuses; says why.
        """
        with self._asked("GET", path, params) as answer:
            return self._read(answer)

    def post(self, path: str, body: bytes, **params: str | int | None) -> dict[str, Any]:
        """What comes of something posted.

        Raises:
            NoSystem: nothing answers.
            Refusal: it refuses; says why.
        """
        with self._asked("POST", path, params, body) as answer:
            return self._read(answer)

    def delete(self, path: str) -> dict[str, Any]:
        """What comes of something deleted.

        Raises:
            NoSystem: nothing answers.
            Refusal: it refuses; says why.
        """
        with self._asked("DELETE", path, {}) as answer:
            return self._read(answer)

    def download(self, path: str, **params: str | int | None) -> Iterator[bytes]:
        """A file, block by block.

        Raises:
            NoSystem: nothing answers, or it breaks off.
            Refusal: it refuses; says why.
        """
        with self._asked("GET", path, params) as answer:
            if answer.is_error:
                self._read(answer)
            yield from answer.iter_bytes()

    @contextmanager
    def _asked(
        self, method: str, path: str, params: Mapping[str, str | int | None], body: bytes | None = None
    ) -> Iterator[httpx.Response]:
        given = {name: value for name, value in params.items() if value is not None}
        try:
            with httpx.stream(
                method, f"{self._url.rstrip('/')}{path}", params=given, content=body, headers=self._headers,
                timeout=TIMEOUT_S, trust_env=False,
            ) as answer:  # fmt: skip
                yield answer
        except httpx.HTTPError as error:
            sentence = f"No API answers at {self._url} ({type(error).__name__})"
            raise NoSystem(f"{sentence}: start `robodensity up`, or set ROBODENSITY_API_URL.") from error

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        answer.read()
        try:
            body: dict[str, Any] = answer.json()
        except ValueError as error:
            sentence = f"What answers at {self._url} is not this platform's API ({answer.status_code})"
            raise Refusal(f"{sentence}: set ROBODENSITY_API_URL.") from error
        if answer.is_error:
            raise Refusal(str(body.get("error", {}).get("message", body)))
        return body
