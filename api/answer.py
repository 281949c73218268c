"""JSON out: UTF-8, numbers unrounded, NaN never."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from pydantic_core import to_json
from starlette.responses import Response

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Answer(Response):
    """A JSON response, written by pydantic-core."""

    media_type = "application/json"

    def __init__(self, content: object, *, status_code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(content, status_code, {"Cache-Control": "no-cache", **(headers or {})})

    def render(self, content: object) -> bytes:
        """The content as JSON."""
        return to_json(content, inf_nan_mode="null")


def shanghai_time(instant_us: int | None) -> datetime | None:
    """An instant [µs since 1970 UTC] as Shanghai wall time with its offset."""
    if instant_us is None:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant_us)).astimezone(SHANGHAI)
