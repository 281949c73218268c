"""The platform's answers to a factory, on its `verdict` topic."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from ingest.wire.refusals import Refusal
from ingest.wire.topics import Kind

MOST_VERDICTS: Final = 20
_SHANGHAI: Final = timezone(timedelta(hours=8))


def verdict_payloads(kind: Kind | None, refusals: Sequence[Refusal], *, at_ns: int, check: bool = False) -> list[bytes]:
    """One payload a refusal, at most 20, then one with the count; a check that is fine is answered `ok`."""
    answers = [(refusal.code, refusal.detail, refusal.path) for refusal in refusals[:MOST_VERDICTS]]
    if len(refusals) > MOST_VERDICTS:
        rest = len(refusals) - MOST_VERDICTS
        answers.append((refusals[MOST_VERDICTS].code, f"{rest} more items of this message are refused.", ""))
    if check and not refusals:
        answers.append(("ok", "The message would be stored.", ""))  # type: ignore[arg-type] # not a refusal's code
    at = datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).astimezone(_SHANGHAI).isoformat()
    head = {"at": at, "kind": kind or ""} | ({"check": True} if check else {})
    return [
        json.dumps(head | {"reason": reason, "detail": detail, "path": path}, ensure_ascii=False).encode()
        for reason, detail, path in answers
    ]
