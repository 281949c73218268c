"""InfluxQL statements, and their CSV answers as frames.

InfluxDB answers 200 with what it had when a statement fails or times out. So each data statement is followed by
`SHOW DATABASES` in the same request, whose block at the end of the answer proves that the data before it is whole.
"""

from collections.abc import Mapping

import polars as pl

from store.schema import Measurement

END_STATEMENT = "SHOW DATABASES"
_END_HEAD = b"name,tags,name\n"
_STATEMENT_ROWS = b"databases,"


def quoted(name: str) -> str:
    """An identifier, whatever it holds."""
    return '"' + _escaped(name).replace('"', '\\"') + '"'


def literal(text: str) -> str:
    """A text value, whatever it holds."""
    return "'" + _escaped(text).replace("'", "\\'") + "'"


def sayable(text: str) -> bool:
    """Whether a literal can hold this text: the server's scanner reads a return as a newline and NUL as the end."""
    return "\r" not in text and "\x00" not in text


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def select(
    database: str,
    measurement: Measurement,
    *,
    after: int | None = None,
    through: int | None = None,
    where: Mapping[str, str] | None = None,
    newest: int | None = None,
) -> str:
    """The statement that reads points as `store.base.Store.read` says; the newest come first."""
    conditions = [f"{quoted(name)} = {literal(value)}" for name, value in (where or {}).items()]
    conditions += [f"time > {after:d}"] if after is not None else []
    conditions += [f"time <= {through:d}"] if through is not None else []
    names = ", ".join(quoted(name) for name in measurement.columns)
    filtered = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    limited = "" if newest is None else f" ORDER BY time DESC LIMIT {newest:d}"
    # No identifier reaches this unquoted and no value unescaped.
    return f"SELECT {names} FROM {quoted(database)}..{quoted(measurement.name)}{filtered}{limited}"  # noqa: S608


def finished(answer: bytes) -> bytes | None:
    """The data of an answer that ends with its mark; None for one that broke off."""
    start = answer.rfind(_END_HEAD + _STATEMENT_ROWS)
    data = answer[: max(start, 0)]
    # A stored text may look like the mark; inside a text the number of quotes before it is odd.
    whole = start >= 0 and answer.endswith(b"\n") and data.count(b'"') % 2 == 0
    return data if whole else None


def names(answer: bytes) -> set[str] | None:
    """The databases that an answer to the end statement alone lists; None for one that broke off."""
    head, *rows = answer.decode().splitlines() or [""]
    return {row.rpartition(",")[2].strip('"') for row in rows} if f"{head}\n".encode() == _END_HEAD else None


def frame(measurement: Measurement, data: bytes) -> pl.DataFrame:
    """The rows of a statement's data with the types of the schema.

    Raises:
        polars.exceptions.PolarsError: the data is not of this schema.
    """
    if not data:
        return measurement.frame()
    head = {"_name": pl.String(), "_tags": pl.String()}
    body = data.partition(b"\n")[2].removesuffix(b"\n")
    rows = pl.read_csv(body, has_header=False, schema={**head, **measurement.columns}, raise_if_empty=False)
    return rows.drop("_name", "_tags").with_columns(pl.col(tag).fill_null("") for tag in measurement.tags)
