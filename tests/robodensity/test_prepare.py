from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from influx2_stand_in import Influx2StandIn
from pydantic import SecretStr
from rich.console import Console
from services import InfluxServer

from robodensity.assembly import open_influx
from robodensity.errors import Refusal
from robodensity.prepare import prepare
from robodensity.seeds import load_reference
from robodensity.settings import Settings
from store.errors import StoreUnavailable
from store.schema import FIGURES_SHARED, INVENTORY, MEASUREMENTS, district_database

DISTRICTS = sorted(load_reference().districts)


@pytest.fixture
def server() -> Iterator[Influx2StandIn]:
    with Influx2StandIn() as server:
        yield server


def _settings(server: Influx2StandIn, token: str | None = "secret", **more: object) -> Settings:
    secret = SecretStr("administrator") if token == "secret" else None
    server.admin = "administrator"
    return Settings(_env_file=None, influx_url=server.url, influx_token=secret, **more)


def _prepare(server: Influx2StandIn, folder: Path) -> None:
    console = Console(quiet=True)
    prepare(_settings(server), console, write_token=folder / "write/token", read_tokens=folder / "read")


def test_prepare_makes_every_database_and_a_token_for_each_need(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    every = {measurement.database for measurement in MEASUREMENTS} | {
        FIGURES_SHARED,
        *map(district_database, DISTRICTS),
    }
    assert {each["name"] for each in server.buckets} == {each["database"] for each in server.mappings} == every
    tokens = {
        path.name: path.read_text().strip() for path in [tmp_path / "write/token", *(tmp_path / "read").iterdir()]
    }
    assert set(tokens) == {"token", "city", *DISTRICTS}
    assert len(set(tokens.values())) == len(tokens)
    rights = {
        name: (server.databases(token, "read"), server.databases(token, "write")) for name, token in tokens.items()
    }
    assert rights == {
        "token": (every, every),
        "city": (every, set()),
        **{each: ({FIGURES_SHARED, district_database(each)}, set()) for each in DISTRICTS},
    }


def test_prepare_keeps_others_from_reading_tokens(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    modes = {oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {"0o600"}


def test_prepare_again_makes_nothing(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    server.made.clear()
    _prepare(server, tmp_path)
    assert server.made == []


def test_prepare_makes_a_lost_token_anew_and_the_old_one_useless(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    lost = (tmp_path / "read/310115").read_text().strip()
    (tmp_path / "read/310115").unlink()
    _prepare(server, tmp_path)
    found = (tmp_path / "read/310115").read_text().strip()
    assert (server.knows(lost), server.knows(found)) == (False, True)
    assert len(server.authorizations) == 2 + len(DISTRICTS)


def test_prepare_makes_a_token_anew_whose_rights_are_others(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    (token,) = [each for each in server.authorizations if each["description"] == "robodensity 310115"]
    token["permissions"] = [each for other in server.authorizations[:1] for each in other["permissions"]]
    _prepare(server, tmp_path)
    found = (tmp_path / "read/310115").read_text().strip()
    assert server.databases(found, "read") == {FIGURES_SHARED, "figures_310115"}


def test_a_process_with_the_write_token_makes_nothing_itself(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    server.made.clear()
    store = open_influx(_settings(server, token=None, influx_token_file=tmp_path / "write/token"))
    store.write(
        "figures_310115", {INVENTORY: INVENTORY.frame([{"time": 1, "writer": "w", "factory": "F1", "stock": 3}])}
    )
    store.close()
    assert server.made == []
    assert "figures_310115" in {bucket for bucket, _ in server.writes}


def test_a_district_may_not_write_nor_see_another(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    settings = _settings(server, token=None, influx_token_file=tmp_path / "read/310115")
    with pytest.raises((StoreUnavailable, Refusal)):
        open_influx(settings)


def test_prepare_without_the_administrators_token_says_whose_is_needed(server: Influx2StandIn, tmp_path: Path) -> None:
    _prepare(server, tmp_path)
    settings = _settings(server, token=None, influx_token_file=tmp_path / "write/token")
    with pytest.raises(Refusal, match="ROBODENSITY_INFLUX_TOKEN is its administrator's"):
        prepare(settings, Console(quiet=True), write_token=tmp_path / "another", read_tokens=None)


def test_a_missing_token_file_says_how_it_is_made(server: Influx2StandIn, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="robodensity prepare --write-token"):
        open_influx(_settings(server, token=None, influx_token_file=tmp_path / "token"))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    server = InfluxServer(tmp_path_factory.mktemp("guarded"), guarded=True)
    server.start()
    yield server
    server.stop()


def _influx_1(server: InfluxServer) -> Settings:
    token = SecretStr(server.token)
    return Settings(_env_file=None, influx_url=server.url, influx_flavour="influx1", influx_token=token, simulated=True)


@pytest.mark.influx
def test_prepare_of_influx_1_makes_users_that_read_their_own_database_alone(
    guarded: InfluxServer, tmp_path: Path
) -> None:
    prepare(_influx_1(guarded), Console(quiet=True), write_token=None, read_tokens=tmp_path)
    accounts = {path.name: path.read_text().strip().split(":") for path in tmp_path.iterdir()}
    assert set(accounts) == {"city", *DISTRICTS}
    with httpx.Client(base_url=f"http://127.0.0.1:{guarded.influxd_port}") as influx:

        def answers(place: str, statement: str) -> bool:
            user, password = accounts[place]
            answer = influx.post("/query", data={"q": statement}, auth=(user, password)).json()
            return "error" not in answer and "error" not in answer["results"][0]

        for place, other in zip(DISTRICTS, [*DISTRICTS[1:], DISTRICTS[0]], strict=True):
            own = district_database(place)
            foreign = [district_database(other), "figures", "reports", "telemetry", "refused"]
            assert answers(place, f'SELECT * FROM "{own}".."factory_card", "{FIGURES_SHARED}".."figure"')
            assert not any(answers(place, f'SELECT * FROM "{each}".."factory_card"') for each in foreign)
            assert not answers(place, f'SELECT * FROM "{own}".."figure", "{foreign[0]}".."figure"')
            assert not answers(place, f'SELECT * INTO "{own}".."copy" FROM "{own}".."figure"')
        assert all(answers("city", f'SELECT * FROM "{each}".."figure"') for each in foreign)
        assert not answers("city", "DROP DATABASE figures")


@pytest.mark.influx
def test_prepare_of_influx_1_makes_no_account_that_writes(influx_server: InfluxServer, tmp_path: Path) -> None:
    prepare(_influx_1(influx_server), Console(quiet=True), write_token=None, read_tokens=None)
    with pytest.raises(Refusal, match="leave --write-token out"):
        prepare(_influx_1(influx_server), Console(quiet=True), write_token=tmp_path / "token", read_tokens=None)
