from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from services import ADMINISTRATOR, InfluxServer

from store.errors import StoreUnavailable
from store.influx_tokens import Grant
from store.influx_users import UserOffice

pytestmark = pytest.mark.influx

DATABASES = ("figures_310114", "figures_310115", "reports")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    server = InfluxServer(tmp_path_factory.mktemp("guarded"), guarded=True)
    server.start()
    for name in DATABASES:
        ask(server, f"CREATE DATABASE {name}", ADMINISTRATOR)
        httpx.post(f"{direct(server)}/write?db={name}", content="secret value=1", auth=ADMINISTRATOR).raise_for_status()
    yield server
    server.stop()


@pytest.fixture
def office(server: InfluxServer) -> Iterator[UserOffice]:
    office = UserOffice(direct(server), ":".join(ADMINISTRATOR))
    yield office
    office.close()


def direct(server: InfluxServer) -> str:
    return f"http://127.0.0.1:{server.influxd_port}"


def ask(server: InfluxServer, statement: str, account: tuple[str, ...]) -> str:
    """What the server refuses, or nothing."""
    answer = httpx.post(f"{direct(server)}/query", data={"q": statement}, auth=account).json()
    return str(answer.get("error") or answer["results"][0].get("error", ""))


def account(grant: Grant) -> tuple[str, ...]:
    return tuple(grant.file.read_text().strip().split(":"))


def readable(server: InfluxServer, grant: Grant) -> set[str]:
    return {name for name in DATABASES if not ask(server, f'SELECT * FROM "{name}".."secret"', account(grant))}


def grant(folder: Path, *reads: str, name: str = "310115") -> Grant:
    return Grant(name, folder / name, frozenset(reads))


def test_issue_makes_a_user_that_reads_what_it_was_granted(
    server: InfluxServer, office: UserOffice, tmp_path: Path
) -> None:
    mine, other = grant(tmp_path, "figures_310115"), grant(tmp_path, "figures_310114", name="310114")
    assert office.issue([mine, other]) == {"310115": "made", "310114": "made"}
    assert (readable(server, mine), readable(server, other)) == ({"figures_310115"}, {"figures_310114"})
    refused = ask(server, 'SELECT * FROM "figures_310115".."secret", "figures_310114".."secret"', account(mine))
    assert "not authorized" in refused or "error authorizing" in refused
    assert ask(server, "SHOW USERS", account(mine))
    assert oct(mine.file.stat().st_mode & 0o777) == "0o600"


def test_issue_again_keeps_a_user_that_is_as_it_should_be(office: UserOffice, tmp_path: Path) -> None:
    mine = grant(tmp_path, "figures_310115", name="kept")
    office.issue([mine])
    before = account(mine)
    assert office.issue([mine]) == {"kept": "kept"}
    assert account(mine) == before


def test_issue_takes_back_what_is_granted_no_more(server: InfluxServer, office: UserOffice, tmp_path: Path) -> None:
    office.issue([grant(tmp_path, "figures_310115", "reports", name="less")])
    ask(server, 'GRANT ALL ON "figures_310114" TO "robodensity-less"', ADMINISTRATOR)
    less = grant(tmp_path, "figures_310115", name="less")
    assert office.issue([less]) == {"less": "made"}
    assert readable(server, less) == {"figures_310115"}


def test_issue_gives_another_password_where_the_file_is_lost(
    server: InfluxServer, office: UserOffice, tmp_path: Path
) -> None:
    mine = grant(tmp_path, "figures_310115", name="lost")
    office.issue([mine])
    before = account(mine)
    mine.file.unlink()
    assert office.issue([mine]) == {"lost": "made"}
    assert readable(server, mine) == {"figures_310115"}
    assert ask(server, 'SELECT * FROM "figures_310115".."secret"', before) == "authorization failed"


def test_issue_with_a_wrong_account_says_whose_is_needed(server: InfluxServer, tmp_path: Path) -> None:
    office = UserOffice(direct(server), "admin:wrong")
    with pytest.raises(StoreUnavailable, match="ROBODENSITY_INFLUX_TOKEN is its administrator's"):
        office.issue([grant(tmp_path, "reports")])
    office.close()


def test_issue_refuses_a_server_that_asks_nobody_for_a_password(influx_server: InfluxServer, tmp_path: Path) -> None:
    office = UserOffice(direct(influx_server), "admin:admin")
    with pytest.raises(StoreUnavailable, match="auth-enabled = true"):
        office.issue([grant(tmp_path, "reports")])
    assert not list(tmp_path.iterdir())
    office.close()
