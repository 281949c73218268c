"""The store in one process: a DuckDB file, written by one thread at a time, read on cursors of their own."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import polars as pl

from density.cores import CORES
from store import embedded_sql as sql
from store.birth import claim
from store.errors import StoreUnavailable
from store.known import without_flags
from store.points import checked, merged, read_back, rejection
from store.retention import DAY_NS, retention_days
from store.schema import MEASUREMENTS, Measurement

FILE_NAME = "robodensity.duckdb"
NEVER = -(2**63)  # before every time

Table = tuple[str, str]  # database and measurement

# A commit that cannot be written is a TransactionException; with one writer there is no other reason for one.
_BROKEN = (
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.OutOfMemoryException,
    OSError,
)


class EmbeddedStore:
    """Points in `<path>/robodensity.duckdb`, durable on return of each write.

    The file is opened by the first call, and again by the call after one that failed.

    Args:
        path: the data folder; made when missing.
        memory_limit_mb: what DuckDB may hold in memory; more goes to a folder beside the file.
        telemetry_days: how long samples are kept.
    """

    def __init__(self, path: Path, *, memory_limit_mb: int = 400, telemetry_days: int = 7) -> None:
        self._file = path / FILE_NAME
        self._settings = {
            "memory_limit": f"{memory_limit_mb}MB",
            "threads": CORES,
            "temp_directory": str(path / "spill"),
            "checkpoint_threshold": "64MB",
            "preserve_insertion_order": False,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
        }
        self._retention = retention_days(telemetry_days)
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._newest: dict[Table, int] = {}

    def prepare(self, *, simulated: bool) -> None:
        """Create every table that is missing and write the store's identity."""
        with self._writing, self._transaction() as connection:
            stored = set(connection.execute(sql.TABLES).fetchall())
            missing = [each for each in MEASUREMENTS if (each.database, each.name) not in stored]
            if missing:
                connection.execute("; ".join(sql.create(each.database, each) for each in missing))
                self._newest |= {(each.database, each.name): NEVER for each in missing}
            for measurement in MEASUREMENTS:
                self._ensure(connection, measurement.database, measurement)
        claim(self, simulated=simulated)

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Merge all rows in one transaction."""
        split = {kind: checked(kind, frame) for kind, frame in frames.items() if frame.height}
        newest = {}
        with self._writing:
            with self._transaction() as connection:
                for kind, (good, _) in split.items():
                    if good.height:
                        newest[database, kind.name] = self._put(connection, database, kind, merged(kind, good))
            self._newest |= newest
        rejected = {kind.name: bad for kind, (_, bad) in split.items() if bad.height}
        if rejected:
            raise rejection(rejected)

    def _put(self, connection: duckdb.DuckDBPyConnection, database: str, kind: Measurement, rows: pl.DataFrame) -> int:
        """Write the rows of one measurement; answers the table's newest time."""
        newest = self._ensure(connection, database, kind)
        first: int
        last: int
        first, last = rows.select(pl.col("time").min().alias("first"), pl.col("time").max().alias("last")).row(0)
        connection.register(sql.ARRIVING, rows)
        try:
            if first > newest:
                connection.execute(sql.insert(database, kind, rows.columns))
            else:
                connection.execute(sql.merge(database, kind, rows.columns), [first, last])
        finally:
            connection.unregister(sql.ARRIVING)
        return max(newest, last)

    def _ensure(self, connection: duckdb.DuckDBPyConnection, database: str, kind: Measurement) -> int:
        """Make the table, or give an older one its new columns, once an opening; answers its newest time."""
        newest = self._newest.get((database, kind.name))
        if newest is not None:
            return newest
        connection.execute(sql.create(database, kind))
        name = sql.table(database, kind.name)
        stored = {row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()}
        for column, type_ in sql.columns(kind).items():
            if column not in stored:
                connection.execute(f"ALTER TABLE {name} ADD COLUMN {sql.quoted(column)} {type_}")
        row = connection.execute(sql.newest(database, kind)).fetchone()
        newest = NEVER if row is None or row[0] is None else int(row[0])
        self._newest[database, kind.name] = newest
        return newest

    def read(
        self,
        database: str,
        measurement: Measurement,
        *,
        after: int | None = None,
        through: int | None = None,
        where: Mapping[str, str] | None = None,
        newest: int | None = None,
    ) -> pl.DataFrame:
        """The points of a measurement, oldest first."""
        conditions: dict[str, str | int] = {f"{sql.quoted(name)} = ?": value for name, value in (where or {}).items()}
        conditions |= {"time > ?": after} if after is not None else {}
        conditions |= {"time <= ?": through} if through is not None else {}
        query = sql.select(database, measurement, list(conditions), newest)
        try:
            with self._cursor() as cursor:
                rows = cursor.execute(query, list(conditions.values())).pl()
        except duckdb.CatalogException:
            return measurement.frame()
        return without_flags(measurement, read_back(measurement, rows.cast(measurement.columns)))

    def expire(self, now_ns: int) -> None:
        """Delete what is older than its retention."""
        with self._writing, self._transaction() as connection:
            for kind in MEASUREMENTS:
                if kind.database in self._retention:
                    self._ensure(connection, kind.database, kind)
                    oldest = now_ns - self._retention[kind.database] * DAY_NS
                    connection.execute(sql.delete(kind.database, kind), [oldest])

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        with self._writing, self._opening:
            self._drop()

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                self._newest.clear()
                with suppress(duckdb.Error):
                    cursor.rollback()
                raise

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._opening:
                cursor = self._opened().cursor()
            with cursor:
                yield cursor
        except _BROKEN as error:
            with self._opening:
                self._drop()
            raise StoreUnavailable(_sentence(self._file, error)) from error

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(self._file, config=self._settings)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._newest.clear()
        if connection is not None:
            with suppress(duckdb.Error):
                connection.close()


def _sentence(file: Path, error: Exception) -> str:
    holder = re.search(r"Conflicting lock is held in (.*?) \(PID (\d+)\)", str(error))
    if holder:
        return f"{file} is in use by process {holder[2]} ({holder[1]}): stop that process, or name another data folder."
    reason = str(error).splitlines()[0].rstrip(".")
    return f"{file} cannot be read or written: {reason}. Check the folder's rights and the free space of its disk."
