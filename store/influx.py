"""The store in an InfluxDB 1.8+ or 2.x, or an openGemini."""

import threading
from collections.abc import Mapping

import httpx
import polars as pl
from influxdb_client import InfluxDBClient, WritePrecision
from influxdb_client.client.write_api import SYNCHRONOUS

from store import influx_writer, influxql
from store.birth import claim
from store.errors import StoreUnavailable
from store.influx_setup import Flavour, creator, shard_days
from store.known import without_flags
from store.points import read_back
from store.retention import retention_days
from store.schema import MEASUREMENTS, Measurement
from store.shards import Shards


class InfluxStore:
    """Points in a server of the InfluxDB family, durable as the server's own 2xx is.

    Args:
        url: of the server, with scheme and port.
        token: of InfluxDB 2; of the others `username:password`, or of what stands before them.
        org: of InfluxDB 2; others ignore it.
        username: of InfluxDB 1 and openGemini, instead of a token.
        password: likewise.
        flavour: how databases are created.
        telemetry_days: how long samples are kept.
        timeout_s: of one request.
        compress: gzip what is written and read; slower on one machine, faster over a narrow line.
    """

    def __init__(  # noqa: PLR0913 - one for each setting of a connection
        self,
        url: str,
        *,
        token: str | None = None,
        org: str = "",
        username: str | None = None,
        password: str | None = None,
        flavour: Flavour = "influx2",
        telemetry_days: int = 90,
        timeout_s: float = 30.0,
        compress: bool = False,
    ) -> None:
        token = token or f"{username}:{password}"
        if flavour != "influx2" and ":" in token:
            username, _, password = token.partition(":")
        self._url, self._org = url, org
        self._client = InfluxDBClient(
            url=url, token=token, org=org, timeout=int(timeout_s * 1000), enable_gzip=compress
        )
        self._write_api = self._client.write_api(write_options=SYNCHRONOUS)
        account = httpx.BasicAuth(username, password or "") if username else None
        headers = {"Accept-Encoding": "gzip" if compress else "identity"}
        headers |= {} if account else {"Authorization": f"Token {token}"}
        self._http = httpx.Client(base_url=url, auth=account, headers=headers, timeout=timeout_s, trust_env=False)
        self._retention = retention_days(telemetry_days)
        self._create = creator(flavour, self._client, org, self._http)
        self._shards = Shards(lambda database: shard_days(self._retention.get(database)))
        self._known: set[str] = set()
        self._creating = threading.Lock()

    def prepare(self, *, simulated: bool) -> None:
        """Create every database that is missing and write the store's identity."""
        for database in sorted({measurement.database for measurement in MEASUREMENTS}):
            self._make(database)
        claim(self, simulated=simulated)

    def ensure(self, database: str) -> None:
        """Create a database that is missing."""
        with self._creating:
            if database in self._known:
                return
            self._known |= self._databases()
            if database not in self._known:
                self._make(database)

    def _make(self, database: str) -> None:
        """Create a database, or give an older one its retention."""
        try:
            self._create(database, self._retention.get(database))
        except httpx.HTTPError as error:
            raise StoreUnavailable(self._silence(error)) from error
        self._known.add(database)

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Merge all rows, in requests of at most `influx_writer.LINES_PER_REQUEST` lines."""
        self.ensure(database)
        try:
            self._shards.warm(database, frames, self._send)
            self._send(database, frames)
        except StoreUnavailable:
            # It may be gone: the next write looks again, and creates it.
            self._known.discard(database)
            self._shards.forget(database)
            raise

    def _send(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        influx_writer.write(self._post, database, frames)

    def _post(self, database: str, body: bytes) -> None:
        self._write_api.write(bucket=database, org=self._org, record=body, write_precision=WritePrecision.NS)

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
        asked = {name: value for name, value in (where or {}).items() if influxql.sayable(value)}
        unsaid = {name: value for name, value in (where or {}).items() if name not in asked}
        limit = None if unsaid else newest
        statement = influxql.select(database, measurement, after=after, through=through, where=asked, newest=limit)
        rows = self._rows(database, measurement, statement).filter(**unsaid)
        rows = rows.sort("time", maintain_order=True).tail(rows.height if newest is None else newest)
        return without_flags(measurement, read_back(measurement, rows))

    def _rows(self, database: str, measurement: Measurement, statement: str) -> pl.DataFrame:
        data = influxql.finished(self._query(f"{statement}; {influxql.END_STATEMENT}"))
        if data is None:
            if database in self._databases():
                raise StoreUnavailable(
                    f"InfluxDB broke off its answer about {measurement.name} in {database}: "
                    "look for a query timeout in its settings, and for errors in its log."
                )
            return measurement.frame()
        try:
            return influxql.frame(measurement, data)
        except pl.exceptions.PolarsError as error:
            raise StoreUnavailable(
                f"InfluxDB's answer about {measurement.name} in {database} is not of its schema: {error}"
            ) from error

    def _databases(self) -> set[str]:
        names = influxql.names(self._query(influxql.END_STATEMENT))
        if names is None:
            raise StoreUnavailable(f"InfluxDB at {self._url} does not list its databases: look into its log.")
        return names

    def _query(self, statements: str) -> bytes:
        try:
            answer = self._http.post(
                "/query", data={"q": statements, "epoch": "ns"}, headers={"Accept": "application/csv"}
            )
        except httpx.HTTPError as error:
            raise StoreUnavailable(self._silence(error)) from error
        if answer.is_error:
            raise StoreUnavailable(
                f"InfluxDB at {self._url} answers {answer.status_code} to a query: {answer.text[:200].strip()}. "
                "Check the token, its rights, and the server's log."
            )
        return answer.content

    def _silence(self, error: Exception) -> str:
        return f"InfluxDB at {self._url} does not answer: {error}. Check the address and that it runs."

    def expire(self, now_ns: int) -> None:
        """Nothing: the server deletes by the retention that its databases were created with."""

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._client.close()
