from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from api_city import KEY, NOON_NS, Clock, factory, serving
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from services import InfluxServer, free_port

from api.credit_code import check_character
from api.options import Readiness
from robodensity.health import health_app
from robodensity.plans import load_plan
from robodensity.seeds import load_reference
from robodensity.settings import Settings, load_settings
from robodensity.system_checks import examine_factories, examine_register, examine_store
from store.embedded import EmbeddedStore
from store.schema import MARK, REGISTRATION, REPORTS

Serve = Callable[[FastAPI], str]

REFERENCE = load_reference()
RIGHT = "91310115123456789" + check_character("91310115123456789")
WRONG = RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _settings(url: str, flavour: str = "influx2") -> Settings:
    return load_settings(influx_url=url, influx_flavour=flavour, influx_token="test-token")


def _server(version: str | None, build: str | None, *, guarded: bool = False) -> FastAPI:
    """A server that tells its version as InfluxDB 3 does: to a GET, and where guarded only to who has the token."""
    app = FastAPI()

    @app.get("/ping")
    def ping(request: Request) -> JSONResponse:
        if guarded and request.headers.get("authorization") != "Token its-token":
            return JSONResponse({}, status_code=401)
        names = {"x-influxdb-version": version, "x-influxdb-build": build}
        return JSONResponse({}, headers={name: value for name, value in names.items() if value is not None})

    return app


@pytest.mark.parametrize(
    ("version", "build", "flavour", "mark", "said"),
    [
        ("3.11.0", "Core", "influx2", "error", "is InfluxDB 3 Core 3.11.0, which reads 72 hours back"),
        ("3.11.0", "Enterprise", "influx2", "warn", "is InfluxDB 3.11.0, with which this was not tried"),
        ("v2.7.10", "OSS", "influx2", "ok", "is InfluxDB v2.7.10."),
        ("1.8.10", "OSS", "influx1", "ok", "is InfluxDB 1.8.10."),
        ("1.8.10", "OSS", "influx2", "warn", "ROBODENSITY_INFLUX_FLAVOUR is influx2"),
        ("1.7.11", "OSS", "influx1", "warn", "is InfluxDB 1.7.11, with which this was not tried"),
        (None, None, "influx2", "warn", "names no version"),
        (None, None, "opengemini", "ok", "names no version"),
    ],
)
def test_examine_store_knows_servers_by_their_ping(
    serve: Serve, version: str | None, build: str | None, flavour: str, mark: str, said: str
) -> None:
    finding = examine_store(_settings(serve(_server(version, build)), flavour))
    assert (finding.mark, finding.area) == (mark, "store")
    assert said in finding.sentence


def test_examine_store_tells_of_a_token_that_is_refused(serve: Serve) -> None:
    finding = examine_store(_settings(serve(_server("3.11.0", "Core", guarded=True))))
    assert finding.mark == "error"
    assert "refuses a ping (401)" in finding.sentence
    assert "test-token" not in finding.sentence


def test_examine_store_warns_where_nothing_answers() -> None:
    finding = examine_store(_settings(f"http://127.0.0.1:{free_port()}"))
    assert (finding.mark, "No InfluxDB answers at" in finding.sentence) == ("warn", True)


@pytest.mark.influx
def test_examine_store_reads_the_version_of_a_real_server(influx_server: InfluxServer) -> None:
    finding = examine_store(_settings(influx_server.url, "influx1"))
    assert (finding.mark, "is InfluxDB 1." in finding.sentence) == ("warn", True)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API whose ledger holds a registration from before credit codes were checked."""
    store = EmbeddedStore(tmp_path_factory.mktemp("data"))
    store.prepare(simulated=True)
    row = {"time": NOON_NS - 10, "writer": "old", "factory": "F00009", "name_zh": "旧厂", "credit_code": WRONG,
           "district": "310115", "industry": "3699", "above_scale": True, "edge_nodes": "[]"}  # fmt: skip
    mark = {"time": 0, "writer": "old", "through": NOON_NS}
    store.write(REPORTS, {REGISTRATION: REGISTRATION.frame([row])})
    store.write(REPORTS, {MARK: MARK.frame([mark])})
    with serving(store, REFERENCE, load_plan(REFERENCE), Clock()) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        assert client.post("/v1/factories", json=[factory(1, credit_code=RIGHT), factory(2)]).is_success
        yield str(client.base_url)
    store.close()


def test_examine_register_finds_wrong_credit_codes_and_unknown_classes(url: str) -> None:
    found = {each.sentence: each.mark for each in examine_register(url, KEY, REFERENCE)}
    assert list(found.values()) == ["ok", "ok", "error", "warn", "warn"]
    ready, count, wrong, missing, strange = found
    assert ready == f"The system at {url} is ready."
    assert count == "3 factories are registered."
    assert "1 factories have a credit code whose check character is wrong (GB 32100-2015): F00009;" in wrong
    assert "1 factories have no credit code: F00002;" in missing
    assert "industries.yaml does not name 3699" in strange


def test_examine_register_reads_every_page(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("robodensity.system_checks.PAGE", 1)
    assert "3 factories are registered." in [each.sentence for each in examine_register(url, KEY, REFERENCE)]


def test_examine_register_tells_of_a_key_that_is_refused(url: str) -> None:
    *_, finding = examine_register(url, "another-key", REFERENCE)
    assert finding.mark == "error"
    assert "check the key" in finding.sentence


def test_examine_register_does_not_look_without_a_key(url: str) -> None:
    ready, finding = examine_register(url, None, REFERENCE)
    assert (ready.mark, finding.mark) == ("ok", "warn")
    assert "was not looked at" in finding.sentence


def test_examine_register_warns_where_nothing_answers() -> None:
    (finding,) = examine_register(f"http://127.0.0.1:{free_port()}", KEY, REFERENCE)
    assert (finding.mark, "No API answers at" in finding.sentence) == ("warn", True)


def test_examine_register_tells_of_an_address_where_something_else_answers(serve: Serve) -> None:
    other = FastAPI()
    other.get("/{path:path}")(lambda path: {"path": path})
    *_, finding = examine_register(serve(other), KEY, REFERENCE)
    assert (finding.mark, "is not this platform's API" in finding.sentence) == ("error", True)


def test_examine_register_tells_why_a_system_is_not_ready(serve: Serve) -> None:
    unready = health_app(lambda: Readiness(ready=False, reasons=("The store does not answer.",)), dict)
    finding = next(iter(examine_register(serve(unready), None, REFERENCE)))
    assert finding.mark == "error"
    assert "is not ready (503)" in finding.sentence
    assert "The store does not answer." in finding.sentence


@pytest.mark.parametrize("change", [{"district": "310199"}, {"park": "P99"}])
def test_examine_factories_finds_areas_that_no_seed_holds(change: dict[str, str]) -> None:
    findings = list(examine_factories([factory(1, credit_code=RIGHT, **change)], REFERENCE))
    assert [each.mark for each in findings] == ["ok", "error"]
    assert "a district or park that seeds/ does not hold: F00001" in findings[1].sentence
