import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import polars as pl
import pytest
from influx2_stand_in import Influx2StandIn
from services import InfluxServer

from store.errors import PointsRejected, StoreUnavailable
from store.influx import InfluxStore
from store.schema import INVENTORY, MARK, REFUSAL, REFUSED, REPORTS, ROBOT_STATUS, TELEMETRY, Measurement

pytestmark = pytest.mark.influx

NOW_NS = 1_790_000_000 * 10**9  # September 2026: within every retention


def opened(server: InfluxServer, **settings: object) -> InfluxStore:
    return server.store(**{"timeout_s": 20, **settings})


@contextmanager
def running(server: InfluxServer) -> Iterator[InfluxStore]:
    """A server of its own, and a store in it."""
    store = opened(server)
    try:
        server.start()
        yield store
    finally:
        store.close()
        server.stop()


@pytest.fixture
def store(influx_server: InfluxServer) -> Iterator[InfluxStore]:
    influx_server.empty()
    store = opened(influx_server)
    yield store
    store.close()


def query(server: InfluxServer, statements: str) -> dict[str, object]:
    headers = {"Authorization": f"Token {server.token}"}
    answer = httpx.post(f"{server.url}/query", data={"q": statements, "epoch": "ns"}, headers=headers)
    return answer.raise_for_status().json()


def inventory(count: int, **values: object) -> pl.DataFrame:
    rows = pl.DataFrame({"time": range(NOW_NS, NOW_NS + count)})
    defaults = {"writer": "w", "factory": "F1", "stock": 3}
    return rows.with_columns(pl.lit(value).alias(name) for name, value in {**defaults, **values}.items())


def test_write_refuses_only_the_rows_of_another_type(store: InfluxStore, influx_server: InfluxServer) -> None:
    # The field exists as text on this server, so that the two rows which carry it conflict.
    query(influx_server, f'CREATE DATABASE "{REPORTS}"')
    line = b'inventory,writer=x stock="three" 1790000000000000000'
    headers = {"Authorization": f"Token {influx_server.token}"}
    httpx.post(f"{influx_server.url}/api/v2/write?bucket={REPORTS}&precision=ns", content=line, headers=headers)
    rows = inventory(50).with_columns(
        stock=pl.when(pl.int_range(pl.len()).is_in([7, 41])).then(pl.lit(5)), as_of_day=pl.int_range(pl.len())
    )
    with pytest.raises(PointsRejected, match="2 of inventory") as refused:
        store.write(REPORTS, {MARK: MARK.frame([{"time": 0, "writer": "w", "through": 1}]), INVENTORY: rows})
    assert refused.value.rows["inventory"]["as_of_day"].to_list() == [7, 41]
    stored = query(influx_server, f"SELECT as_of_day FROM {REPORTS}..inventory")
    days = [row[1] for row in stored["results"][0]["series"][0]["values"]]
    assert days == [day for day in range(50) if day not in {7, 41}]
    assert store.read(REPORTS, MARK)["through"].to_list() == [1]


def test_write_refuses_what_the_server_would_delete_at_once(store: InfluxStore) -> None:
    store.prepare(simulated=True)
    rows = ROBOT_STATUS.frame(
        {"time": time, "factory": "F1", "robot": "R1", "state": "idle"} for time in (10**18, 3 * 10**18)
    )  # in 2001, older than 90 days, and in 2065
    with pytest.raises(PointsRejected) as refused:
        store.write(TELEMETRY, {ROBOT_STATUS: rows})
    assert refused.value.rows["robot_status"]["time"].to_list() == [10**18]
    assert store.read(TELEMETRY, ROBOT_STATUS)["time"].to_list() == [3 * 10**18]


def test_write_splits_what_is_too_large_for_the_server(tmp_path: Path) -> None:
    with running(InfluxServer(tmp_path, max_body_bytes=20_000)) as store:
        store.write(REPORTS, {INVENTORY: inventory(2_000)})
        assert store.read(REPORTS, INVENTORY).height == 2_000
        with pytest.raises(PointsRejected, match="1 of inventory"):
            store.write(REPORTS, {INVENTORY: inventory(1, ext="x" * 20_000)})


def test_write_of_the_largest_refusals_stays_below_the_server_s_limit(store: InfluxStore) -> None:
    payload = "A" * 88_000  # base64 of 64 KiB; 600 of them are 53 MB, and a server takes 25 MB
    rows = [{"time": NOW_NS + i, "writer": "w", "reason": "r", "payload": payload} for i in range(600)]
    store.write(REFUSED, {REFUSAL: REFUSAL.frame(rows)})
    found = store.read(REFUSED, REFUSAL, newest=2)
    assert found["payload"].to_list() == [payload, payload]


def test_prepare_gives_each_database_its_retention(store: InfluxStore, influx_server: InfluxServer) -> None:
    store.prepare(simulated=True)
    assert retention(influx_server, TELEMETRY) == ("2160h0m0s", "168h0m0s")  # 90 days in shards of 7
    assert retention(influx_server, REPORTS) == ("0s", "8736h0m0s")  # for ever in shards of 364
    other = opened(influx_server, telemetry_days=31)
    other.prepare(simulated=True)
    other.close()
    assert retention(influx_server, TELEMETRY)[0] == "744h0m0s"


def retention(server: InfluxServer, database: str) -> tuple[str, str]:
    found = query(server, f'SHOW RETENTION POLICIES ON "{database}"')["results"][0]["series"][0]
    assert len(found["values"]) == 1
    row = dict(zip(found["columns"], found["values"][0], strict=True))
    return row["duration"], row["shardGroupDuration"]


def test_write_after_the_database_was_dropped_makes_it_again(store: InfluxStore, influx_server: InfluxServer) -> None:
    store.write(REPORTS, {INVENTORY: inventory(1)})
    query(influx_server, f'DROP DATABASE "{REPORTS}"')
    try:
        store.write(REPORTS, {INVENTORY: inventory(2)})
    except StoreUnavailable:
        store.write(REPORTS, {INVENTORY: inventory(2)})
    assert store.read(REPORTS, INVENTORY).height == 2


def test_every_call_with_a_wrong_token_is_unavailable(influx_server: InfluxServer) -> None:
    store = opened(influx_server, token="other")
    for call in calls(store):
        with pytest.raises(StoreUnavailable, match="401"):
            call()
    store.close()


def calls(store: InfluxStore) -> list[Callable[[], object]]:
    return [
        lambda: store.prepare(simulated=True),
        lambda: store.read(REPORTS, INVENTORY),
        lambda: store.write(REPORTS, {INVENTORY: inventory(1)}),
    ]


def test_every_call_works_again_after_the_server_was_away(tmp_path: Path) -> None:
    server = InfluxServer(tmp_path)
    with running(server) as store:
        for call in calls(store):
            call()
        server.stop()
        for call in calls(store):
            with pytest.raises(StoreUnavailable, match="does not answer"):
                call()
        server.start()
        assert store.read(REPORTS, INVENTORY).height == 1
        for call in calls(store):
            call()


def test_read_that_the_server_times_out_is_unavailable(tmp_path: Path) -> None:
    server = InfluxServer(tmp_path)
    with running(server) as store:
        store.write(REPORTS, {INVENTORY: inventory(60_000)})
        assert store.read(REPORTS, INVENTORY).height == 60_000
        server.stop()
        server.query_timeout = "5ms"
        server.start()
        with pytest.raises(StoreUnavailable):
            store.read(REPORTS, INVENTORY)


class Proxy:
    """Stands between a store and its server, and answers what `change` makes of each answer to a read."""

    def __init__(self, server: InfluxServer, change: Callable[[bytes], tuple[int, bytes, int]]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name: self.headers[name] for name in ("Authorization", "Accept", "Content-Type")}
                answer = httpx.post(f"{server.url}{self.path}", content=body, headers=headers)
                selects = parse_qs(body.decode()).get("q", [""])[0].startswith("SELECT")
                content = answer.content
                status, content, length = change(content) if selects else (answer.status_code, content, len(content))
                self.send_response(status)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(content)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> str:
        self._thread.start()
        return self.url

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
@pytest.mark.parametrize("honest", [True, False], ids=["a shorter answer", "a broken connection"])
def test_read_of_part_of_an_answer_is_unavailable(
    store: InfluxStore, influx_server: InfluxServer, share: float, *, honest: bool
) -> None:
    store.write(REPORTS, {INVENTORY: inventory(100)})

    def cut(content: bytes) -> tuple[int, bytes, int]:
        part = content[: int(len(content) * share)]
        return 200, part, len(part) if honest else len(content)

    with Proxy(influx_server, cut) as url:
        broken = opened(influx_server, url=url)
        with pytest.raises(StoreUnavailable):
            broken.read(REPORTS, INVENTORY)
        broken.close()


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 503])
def test_read_of_an_error_is_unavailable(store: InfluxStore, influx_server: InfluxServer, status: int) -> None:
    with Proxy(influx_server, lambda _: (status, b"busy", 4)) as url:
        broken = opened(influx_server, url=url)
        with pytest.raises(StoreUnavailable, match=str(status)):
            broken.read(REPORTS, INVENTORY)
        broken.close()


def _store_of(server: Influx2StandIn, **settings: object) -> InfluxStore:
    return InfluxStore(server.url, token=server.admin, org="city", flavour="influx2", **settings)


def test_prepare_of_influx_2_makes_buckets_with_mappings_once() -> None:
    with Influx2StandIn() as server:
        for _ in range(2):
            store = _store_of(server, telemetry_days=60)
            store.prepare(simulated=True)
            store.close()
    rules = {each["name"]: each["retentionRules"][0]["everySeconds"] for each in server.buckets}
    assert rules == {
        "reports": 0, "telemetry": 60 * 86_400, "activity": 3 * 366 * 86_400, "figures": 0, "refused": 400 * 86_400,
        "state": 0, "vitals": 90 * 86_400, "lists": 7 * 86_400,
    }  # fmt: skip
    mapped = {each["database"]: each["bucketID"] for each in server.mappings}
    assert mapped == {each["name"]: each["id"] for each in server.buckets}
    assert len(server.mappings) == len(server.buckets)
    assert all(each["default"] and each["orgID"] for each in server.mappings)


def test_prepare_of_influx_2_changes_a_retention() -> None:
    with Influx2StandIn() as server:
        for days in (60, 90):
            store = _store_of(server, telemetry_days=days)
            store.prepare(simulated=True)
            store.close()
    rules = {each["name"]: each["retentionRules"][0]["everySeconds"] for each in server.buckets}
    assert rules["telemetry"] == 90 * 86_400


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 503])
def test_write_of_influx_2_waits_for_all_but_its_own_rows(status: int) -> None:
    with Influx2StandIn(write_status=status, write_body="bucket not found") as server:
        store = _store_of(server)
        with pytest.raises(StoreUnavailable):
            store.write(REPORTS, {INVENTORY: inventory(3)})
        store.close()


@pytest.mark.parametrize("status", [400, 413, 422])
def test_write_of_influx_2_gives_up_single_rows_only(status: int) -> None:
    with Influx2StandIn(write_status=status, write_body="unable to parse") as server:
        store = _store_of(server)
        rows: dict[Measurement, pl.DataFrame] = {INVENTORY: inventory(3)}
        with pytest.raises(PointsRejected, match="3 of inventory"):
            store.write(REPORTS, rows)
        store.close()
    assert {body.count(b"\n") + 1 for _, body in server.writes} == {1, 2, 3}


def test_write_waits_while_the_server_has_too_many_series() -> None:
    reason = "partial write: max-series-per-database limit exceeded: (1000000) dropped=1"
    with Influx2StandIn(write_status=400, write_body=reason) as server:
        store = _store_of(server)
        with pytest.raises(StoreUnavailable):
            store.write(REPORTS, {INVENTORY: inventory(1)})
        store.close()
