import json
from pathlib import Path

import httpx
import pytest
from api_city import KEY, Serve, factory

from api.access import gate, secrets

BEARER = {"Authorization": f"Bearer {KEY}"}
VIEWER = {"name": "a reader", "role": "viewer"}


def _own(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_key_opens_until_it_is_revoked(client: httpx.Client) -> None:
    made = client.post("/v1/keys", json=VIEWER, headers=BEARER)
    assert made.status_code == 201
    key, secret = made.json()["key"]["key"], made.json()["secret"]
    assert "forecast" in client.get("/v1/targets", headers=_own(secret)).json()["targets"][0]
    listed = client.get("/v1/keys", headers=BEARER).text
    assert key in listed
    assert secret not in listed
    assert "argon2" not in listed
    ended = client.delete(f"/v1/keys/{key}", headers=BEARER)
    assert ended.json()["key"]["revoked"] is not None
    assert client.get("/v1/targets", headers=_own(secret)).status_code == 401
    assert client.delete(f"/v1/keys/{key}", headers=BEARER).json() == ended.json()
    assert client.delete("/v1/keys/none", headers=BEARER).status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "x", "role": "king"}, "role"),
        ({"name": "", "role": "viewer"}, "name"),
        ({"name": "x", "role": "area"}, None),
        ({"name": "x", "role": "viewer", "areas": ["district:310115"]}, None),
        ({"name": "x", "role": "area", "areas": ["city"]}, "areas.0"),
        ({"name": "x", "role": "factory", "factories": ["F99999"]}, "factories.0"),
    ],
)
def test_post_key_with_a_fault_is_422(client: httpx.Client, body: dict[str, object], path: str | None) -> None:
    answer = client.post("/v1/keys", json=body, headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, path)
    assert client.get("/v1/keys", headers=BEARER).json()["keys"] == []


def test_making_and_revoking_is_audited_without_the_secret(serve: Serve, tmp_path: Path) -> None:
    client = serve(audit_path=tmp_path / "audit.jsonl")
    made = client.post("/v1/keys", json=VIEWER, headers=BEARER).json()
    client.delete(f"/v1/keys/{made['key']['key']}", headers=BEARER)
    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert [(line["who"], line["route"], line["status"]) for line in lines] == [
        ("admin", "/v1/keys", 201),
        ("admin", f"/v1/keys/{made['key']['key']}", 200),
    ]
    assert made["secret"] not in (tmp_path / "audit.jsonl").read_text()


def test_right_key_is_hashed_once_and_remembered(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = client.post("/v1/keys", json=VIEWER, headers=BEARER).json()["secret"]
    asked = []

    def counted(kept: str, presented: str) -> bool:
        asked.append(presented)
        return secrets.is_right(kept, presented)

    monkeypatch.setattr(gate, "is_right", counted)
    for _ in range(5):
        assert client.get("/v1/targets", headers=_own(secret)).status_code == 200
    assert len(asked) == 1
    assert client.get("/v1/targets", headers=_own(secret[:-1] + "!")).status_code == 401
    assert len(asked) == 1  # no secret at all: argon2 is not asked


def test_wrong_keys_are_bounded_by_the_minute_and_right_ones_that_are_known_pass(serve: Serve) -> None:
    client = serve(wrong_keys_a_minute=3)
    statuses = [client.get("/v1/targets", headers=_own(f"wrong-{each}")).status_code for each in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    refused = client.get("/v1/targets", headers=_own("wrong"))
    assert refused.json()["error"]["code"] == "too_many_wrong_keys"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get("/v1/targets", headers=BEARER).status_code == 200
    assert client.get("/v1/targets").status_code == 200


def test_factory_and_area_see_theirs_alone(client: httpx.Client) -> None:
    client.post("/v1/factories", json=[factory(1), factory(2, district="310104")], headers=BEARER)
    grants = [{"role": "factory", "factories": ["F00001"]}, {"role": "area", "areas": ["district:310115"]}]
    for grant in grants:
        own = _own(client.post("/v1/keys", json={"name": "x", **grant}, headers=BEARER).json()["secret"])
        listed = client.get("/v1/factories", headers=own).json()["factories"]
        assert [each["factory"] for each in listed] == ["F00001"]
        assert client.get("/v1/factories/F00001", headers=own).status_code == 200
        for path in ("/v1/factories/F00002", "/v1/figures/latest?scope=factory:F00002", "/v1/refused"):
            answer = client.get(path, headers=own)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_yours"), path
        assert client.get("/factory/F00002", headers=own).status_code == 403


def test_session_of_the_board_opens_by_a_key_and_ends(client: httpx.Client) -> None:
    client.post("/v1/factories", json=factory(1), headers=BEARER)
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/sign-in", data={"key": KEY}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/sign-in", data={"key": "wrong"}, headers=own).status_code == 401
    opened = client.post("/sign-in", data={"key": KEY}, headers=own)
    cookie = opened.headers["Set-Cookie"]
    assert opened.status_code == 303
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict"))
    assert KEY not in cookie
    assert client.get("/factory/F00001").status_code == 200
    crossed = client.post("/v1/factories", json=factory(2), headers={"Sec-Fetch-Site": "cross-site"})
    assert (crossed.status_code, crossed.json()["error"]["code"]) == (403, "other_site")
    kept = dict(client.cookies)
    client.post("/sign-out", headers=own)
    client.cookies.update(kept)
    assert client.get("/factory/F00001").status_code == 403
