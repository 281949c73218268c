import json

import httpx
import pytest
from api_city import NOON_NS, factory

from store.embedded import EmbeddedStore
from store.schema import MEASUREMENTS

NOW_MS = NOON_NS // 1_000_000
GOOD = {"at": NOW_MS, "robots": [{"robot": "R-1", "state": "idle"}]}


def _body(message: object) -> bytes:
    return json.dumps(message).encode()


def _rows(store: EmbeddedStore) -> int:
    return sum(store.read(each.database, each).height for each in MEASUREMENTS)


def test_post_check_of_a_sound_message_is_ok_and_stores_nothing(client: httpx.Client, store: EmbeddedStore) -> None:
    before = _rows(store)
    answer = client.post("/v1/check/status", content=_body(GOOD)).json()
    assert answer["register"].startswith("not asked")
    assert {name: answer[name] for name in ("kind", "ok", "items", "good", "refused", "verdicts")} == {
        "kind": "status", "ok": True, "items": 1, "good": 1, "refused": 0, "verdicts": [],
    }  # fmt: skip
    assert _rows(store) == before


def test_post_check_tells_each_bad_item(client: httpx.Client) -> None:
    robots = [{"robot": "R-1", "state": "idle"}, *({"robot": f"R-{each}", "state": "asleep"} for each in range(30))]
    answer = client.post("/v1/check/status", content=_body({"at": NOW_MS, "robots": robots})).json()
    assert (answer["ok"], answer["items"], answer["good"], answer["refused"]) == (False, 31, 1, 30)
    assert len(answer["verdicts"]) == 30
    assert answer["verdicts"][0]["reason"] == "invalid_field"
    assert answer["verdicts"][0]["path"] == "robots.1.state"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(b"{", "not_json"), (b"\xff", "not_json"), (_body({**GOOD, "at": NOW_MS + 3_600_000}), "clock_ahead")],
)
def test_post_check_of_a_bad_message_names_the_reason(client: httpx.Client, payload: bytes, reason: str) -> None:
    answer = client.post("/v1/check/status", content=payload)
    assert answer.status_code == 200
    assert [each["reason"] for each in answer.json()["verdicts"]] == [reason]


def test_post_check_with_the_key_asks_the_register(admin: httpx.Client) -> None:
    asked = admin.post("/v1/check/status?factory=F00001", content=_body(GOOD)).json()
    assert [each["reason"] for each in asked["verdicts"]] == ["unknown_factory"]
    admin.post("/v1/factories", json=factory(1)).raise_for_status()
    answer = admin.post(f"/v1/check/status?factory={factory(1)['factory']}", content=_body(GOOD)).json()
    assert (answer["ok"], answer["register"]) == (True, "asked")


def test_post_check_of_an_unknown_kind_is_422(client: httpx.Client) -> None:
    assert client.post("/v1/check/robots", content=b"{}").status_code == 422
