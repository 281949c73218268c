"""Writes to InfluxDB: chunks of lines, and what each answer of the server means for them."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from store.errors import StoreUnavailable
from store.line_protocol import lines
from store.points import checked, rejection
from store.schema import Measurement

LINES_PER_REQUEST = 10_000
BYTES_PER_REQUEST = 8_000_000  # servers take 25 MB as shipped
_TOO_LARGE = 413
_NEVER_STORED = {400, 422}
# A 400 that says so is about the server, which is full, and not about the rows.
_FULL = ("max-series-per-database", "max-values-per-tag")


Post = Callable[[str, bytes], None]  # sends lines to a database; raises what influxdb-client raises


def write(post: Post, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
    """Write every row that can be stored, in as few requests as possible.

    Raises:
        StoreUnavailable: wait and write the same again.
        PointsRejected: these rows can never be stored; all others are.
    """
    good: dict[Measurement, pl.DataFrame] = {}
    rejected: dict[str, list[pl.DataFrame]] = {}
    for kind, frame in frames.items():
        good[kind], bad = checked(kind, frame)
        if bad.height:
            rejected[kind.name] = [bad]
    for kind, row in _refused_rows(post, database, good):
        rejected.setdefault(kind.name, []).append(good[kind].slice(row, 1))
    if rejected:
        raise rejection({name: pl.concat(parts, how="diagonal") for name, parts in rejected.items()})


def _refused_rows(
    post: Post, database: str, frames: Mapping[Measurement, pl.DataFrame]
) -> Iterator[tuple[Measurement, int]]:
    """Send frames; answers the rows that the server refuses for ever, by their numbers in their frames."""
    written = {kind: lines(kind, rows) for kind, rows in frames.items() if rows.height}
    text = pl.concat(written.values()) if written else pl.Series(dtype=pl.String)
    for start in range(0, text.len(), LINES_PER_REQUEST):
        for number in _refused(post, database, text.slice(start, LINES_PER_REQUEST)):
            yield _place(written, start + number)


def _place(written: Mapping[Measurement, pl.Series], number: int) -> tuple[Measurement, int]:
    for kind, text in written.items():
        if number < text.len():
            return kind, number
        number -= text.len()
    raise IndexError(number)


def _refused(post: Post, database: str, text: pl.Series) -> list[int]:
    """Send lines; answers the numbers of those that the server refuses for ever, found by halving what it refuses."""
    body = "\n".join(text).encode()
    if text.len() == 1 or len(body) <= BYTES_PER_REQUEST:
        if _is_taken(post, database, body):
            return []
        if text.len() == 1:
            return [0]
    half = text.len() // 2
    first, second = _refused(post, database, text.head(half)), _refused(post, database, text.slice(half))
    return [*first, *(half + number for number in second)]


def _is_taken(post: Post, database: str, body: bytes) -> bool:
    """Send one request; whether the server stores it, false where it never will."""
    try:
        post(database, body)
    except ApiException as error:
        full = any(limit in str(error.body) for limit in _FULL)
        if full or error.status not in {_TOO_LARGE, *_NEVER_STORED}:
            raise StoreUnavailable(_sentence(database, error)) from error
        return False
    except (HTTPError, OSError) as error:
        raise StoreUnavailable(
            f"InfluxDB does not answer a write to {database}: {error}. Check its address and that it runs."
        ) from error
    return True


def _sentence(database: str, error: ApiException) -> str:
    advice = {
        401: "Check the token.",
        403: "Give the token the right to write there.",
        404: "It is created again by the next write.",
        429: "Wait, or raise the server's limit.",
    }
    return f"InfluxDB answers {error.status} to a write to {database}. " + advice.get(
        error.status, "Check the server's log."
    )
