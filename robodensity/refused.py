"""`robodensity refused`: what the running system did not take in, listed, exported and replayed."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from robodensity.system import System

_PAGE = 500
_POLL_S = 0.2


def listed(system: System, most: int, **chosen: str | None) -> Iterator[dict[str, Any]]:
    """Refused rows, the newest first.

    Args:
        system: that is asked.
        most: how many.
        chosen: factory, reason, day and settled, as far as they are given.

    Raises:
        Refusal: no system answers, or it refuses; says why.
    """
    cursor: str | None = None
    while most > 0:
        answer = system.get("/v1/refused", limit=min(most, _PAGE), cursor=cursor, **chosen)
        yield from answer["refused"]
        most, cursor = most - len(answer["refused"]), answer["next"]
        if cursor is None:
            return


def replayed(system: System, *, factory: str | None, reason: str | None, patience_s: float) -> dict[str, Any]:
    """What a replay came to; as far as it has come where it takes longer.

    Raises:
        Refusal: no system answers, or it refuses; says why.
    """
    asked = {name: value for name, value in (("factory", factory), ("reason", reason)) if value is not None}
    replay: dict[str, Any] = system.post("/v1/refused/replay", json.dumps(asked).encode())["replay"]
    until_s = time.monotonic() + patience_s
    while replay["state"] != "done" and time.monotonic() < until_s:
        time.sleep(_POLL_S)
        replay = system.get(f"/v1/refused/replays/{replay['replay']}")["replay"]
    return replay


def line(row: Mapping[str, Any]) -> str:
    """One row for people."""
    place = f" {row['path']}" if row["path"] else ""
    return f"{row['arrived']}  {row['reason']}  {row['topic']}{place}: {row['detail']}"


def outcome(replay: Mapping[str, Any]) -> str:
    """A replay for people."""
    if replay["state"] != "done":
        name, rows = replay["replay"], replay["rows"]
        return (
            f"The replay is {replay['state']}, {rows} rows so far: GET /v1/refused/replays/{name} tells how it goes on."
        )
    settled = f"{replay['stored']} items stored, {replay['refused']} refused for another reason"
    told = f"{replay['rows']} rows judged again, {replay['settled']} of them settled: {settled}."
    return f"{told} {replay['note']}" if replay["note"] else told
