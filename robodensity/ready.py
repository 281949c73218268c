"""Asking a process whether it is ready; light, since health checks start it again and again."""

import httpx

from robodensity.errors import Refusal


def ask_ready(url: str) -> None:
    """Ask a /readyz.

    Raises:
        Refusal: it does not answer 200.
    """
    try:
        answer = httpx.get(url, timeout=5)
    except httpx.HTTPError as error:
        raise Refusal(f"{url} does not answer ({error}): is the process running?") from error
    if answer.status_code != httpx.codes.OK:
        raise Refusal(f"{url} says it is not ready: {answer.text}")
