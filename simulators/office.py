"""The city's officials at the public HTTP API."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from simulators.cursor import SimulateError
from simulators.telling import say

MOST_ITEMS = 1_000
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 10.0


class Office:
    """Posts lists and reads the accounting; waits for an API that is not there until told to stop."""

    def __init__(self, url: str, admin_key: str, stop: threading.Event) -> None:
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {admin_key}"}, timeout=60)
        self._url, self._stop = url, stop
        self._away = False

    def post(self, path: str, bodies: Sequence[Mapping[str, Any]]) -> bool:
        """Post a list of at most MOST_ITEMS; False when told to stop before it was answered.

        Raises:
            SimulateError: the API refuses it.
        """
        return self._ask("POST", path, bodies) is not None

    def arrived(self) -> int | None:
        """How many items have ever arrived over MQTT; None when told to stop before it was answered."""
        answer = self._ask("GET", "/v1/accounting", None)
        return None if answer is None else int(answer["totals"]["arrived"])

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def _ask(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - any JSON
        wait_s = _FIRST_WAIT_S
        while not self._stop.is_set():
            try:
                answer = self._client.request(method, path, json=body)
            except httpx.TransportError as error:
                self._note_away(str(error) or type(error).__name__)
            else:
                if answer.is_success:
                    self._note_back()
                    return answer.json()
                if answer.is_client_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    raise SimulateError(f"{self._url}{path} refuses the simulated data: {answer.text[:500]}")
                self._note_away(f"it answers {answer.status_code}")
            self._stop.wait(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        return None

    def _note_away(self, why: str) -> None:
        if not self._away:
            say(f"the API at {self._url} does not take requests ({why}); trying again until it does.")
        self._away = True

    def _note_back(self) -> None:
        if self._away:
            say(f"the API at {self._url} answers again.")
        self._away = False
