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
    split = {kind: checked(kind, frame) for kind, frame in frames.items() if frame.height}
    rejected = {kind.name: [bad] for kind, (_, bad) in split.items() if bad.height}
    rows = pl.concat(
        [_lines(kind, good) for kind, (good, _) in split.items() if good.height] or [pl.DataFrame(schema=_LINES)]
    )
    for request in _requests(rows):
        for name, row in _refused(post, database, request):
            good = next(good for kind, (good, _) in split.items() if kind.name == name)
            rejected.setdefault(name, []).append(good.slice(row, 1))
    if rejected:
        raise rejection({name: pl.concat(parts, how="diagonal") for name, parts in rejected.items()})


_LINES = {"line": pl.String(), "measurement": pl.String(), "row": pl.Int64()}


def _lines(kind: Measurement, rows: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({"line": lines(kind, rows)}).with_columns(
        measurement=pl.lit(kind.name), row=pl.int_range(pl.len(), dtype=pl.Int64)
    )


def _requests(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Lines in order, in parts of which none is too large for a server."""
    for start in range(0, rows.height, LINES_PER_REQUEST):
        part = rows.slice(start, LINES_PER_REQUEST)
        requests = (part["line"].str.len_bytes().cum_sum() // BYTES_PER_REQUEST).alias("request")
        yield from part.with_columns(requests).partition_by("request", maintain_order=True, include_key=False)


def _refused(post: Post, database: str, rows: pl.DataFrame) -> list[tuple[str, int]]:
    """Send lines; answers those that the server refuses for ever, found by halving what it refuses."""
    try:
        post(database, "\n".join(rows["line"]).encode())
    except ApiException as error:
        full = any(limit in str(error.body) for limit in _FULL)
        if full or error.status not in {_TOO_LARGE, *_NEVER_STORED}:
            raise StoreUnavailable(_sentence(database, error)) from error
    except (HTTPError, OSError) as error:
        raise StoreUnavailable(
            f"InfluxDB does not answer a write to {database}: {error}. Check its address and that it runs."
        ) from error
    else:
        return []
    if rows.height == 1:
        return rows.select("measurement", "row").rows()
    half = rows.height // 2
    return _refused(post, database, rows.head(half)) + _refused(post, database, rows.tail(rows.height - half))


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
