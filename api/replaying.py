"""A replay of what is refused: as it is asked for, and as it is told."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from api.answer import shanghai_time
from api.bodies import FactoryId, PostedBody
from api.errors import invalid
from ingest.wire.refusals import Code

REPLAY_BODY: Final = {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReplayBody"}}}}
}

_COUNTS = ("rows", "settled", "cut", "stored", "refused")
_CUT = "{} of these rows cannot be judged again: of their payload only the beginning was kept, or it is Sparkplug's."


class ReplayBody(PostedBody):
    """What is to be replayed; without factory and reason everything that is refused."""

    factory: FactoryId | None = None
    reason: Code | None = None


def replay_asked(body: bytes) -> ReplayBody:
    """What is asked for; an empty body asks for everything.

    Raises:
        ApiError: 422 `invalid_field`.
    """
    try:
        return ReplayBody.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise invalid([dict(fault) for fault in error.errors()]) from error


def told_replay(row: Mapping[str, Any]) -> dict[str, object]:
    """A point of `replay` as the API answers it."""
    return {
        **{name: row[name] for name in ("replay", "factory", "reason", "state")},
        **{name: row[name] or 0 for name in _COUNTS},
        "asked": shanghai_time(row["asked_us"]),
        "finished": shanghai_time(row["finished_us"]),
        "note": _CUT.format(row["cut"]) if row["cut"] else None,
    }
