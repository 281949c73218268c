"""`robodensity key` over a real API."""

import json

import httpx
import pytest
from api_city import KEY, Serve, clock, plan, reference, serve, store
from typer.testing import CliRunner

from robodensity.__main__ import app
from robodensity.errors import Refusal
from store.embedded import EmbeddedStore
from store.schema import API_KEY, STATE

__all__ = ["clock", "plan", "reference", "serve", "store"]

PUDONG = ["key", "add", "浦东新区经信委", "--role", "area", "--area", "district:310115", "--area", "zone:lingang"]


@pytest.fixture
def client(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    client = serve()
    monkeypatch.setenv("ROBODENSITY_ADMIN_KEY", KEY)
    monkeypatch.setenv("ROBODENSITY_API_URL", str(client.base_url))
    return client


def _listed() -> list[str]:
    return CliRunner().invoke(app, ["key", "list"]).stdout.splitlines()


def test_key_add_tells_the_secret_once_and_it_opens(client: httpx.Client) -> None:
    made = CliRunner().invoke(app, PUDONG)
    secret = made.stdout.strip()
    assert secret.startswith("rd_")
    assert "kept nowhere" in made.stderr
    assert client.get("/v1/alerts", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    (told,) = _listed()
    assert told.split(maxsplit=1)[1] == "area     浦东新区经信委  district:310115 zone:lingang"
    assert secret not in told


def test_key_revoke_ends_it_and_the_list_says_so(client: httpx.Client) -> None:
    made = json.loads(CliRunner().invoke(app, [*PUDONG, "--json"]).stdout)
    header = {"Authorization": f"Bearer {made['secret']}"}
    assert client.get("/v1/alerts", headers=header).status_code == 200
    assert "revoked 2026-11-24T" in CliRunner().invoke(app, ["key", "revoke", made["key"]["key"]]).stdout
    assert client.get("/v1/alerts", headers=header).status_code == 401
    assert ["revoked" in each for each in _listed()] == [True]


def test_key_list_follows_the_pages_of_the_api(client: httpx.Client, store: EmbeddedStore) -> None:
    kept = {"time": 0, "role": "viewer", "areas": "[]", "factories": "[]", "hash": "none"}
    rows = [{**kept, "key": f"{number:012x}", "name": f"v{number}", "made_us": number} for number in range(250)]
    store.write(STATE, {API_KEY: API_KEY.frame(rows)})
    assert [line.split()[2] for line in _listed()] == [f"v{number}" for number in range(250)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["key", "add", "x", "--role", "area", "--area", "district:999999"], "999999"),
        (["key", "revoke", "0123456789ab"], "0123456789ab"),
    ],
)
def test_key_of_what_is_unknown_is_refused_by_name(client: httpx.Client, words: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, Refusal)
    assert sentence in str(result.exception)
    assert _listed() == []
