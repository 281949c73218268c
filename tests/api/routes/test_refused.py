import base64
import csv
import io
import json
from typing import Any

import httpx
import pytest
from api_city import NOON_NS

from ingest.replay import Replayer
from store.embedded import EmbeddedStore
from store.schema import REFUSAL, REFUSED


def _row(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "time": NOON_NS + number,
        "writer": "ingest-1",
        "reason": "not_json",
        "factory": f"F{number % 2}",
        "topic": "robodensity/v1/F1/status",
        "detail": f"fault {number}",
        "arrived_us": NOON_NS // 1_000,
        "whole": True,
    }
    return {**row, **changes}


@pytest.fixture
def refused(admin: httpx.Client, store: EmbeddedStore) -> httpx.Client:
    rows = [_row(number) for number in range(7)]
    # Three of one time: two writers, and two reasons of one writer.
    rows += [_row(3, writer="ingest-2", detail="other"), _row(3, reason="too_large", detail="third")]
    store.write(REFUSED, {REFUSAL: REFUSAL.frame(rows)})
    return admin


def test_get_refused_shows_the_newest_first(refused: httpx.Client) -> None:
    answer = refused.get("/v1/refused").json()
    assert [row["detail"] for row in answer["refused"]][:3] == ["fault 6", "fault 5", "fault 4"]
    assert (len(answer["refused"]), answer["next"]) == (9, None)
    assert answer["refused"][0]["arrived"].endswith("+08:00")


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_get_refused_pages_show_each_row_once_also_within_one_time(refused: httpx.Client, limit: int) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = refused.get("/v1/refused", params={"limit": limit, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["refused"]) <= limit
        seen += [row["detail"] for row in page["refused"]]
        if (cursor := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 9


def test_get_refused_by_factory_and_reason(refused: httpx.Client) -> None:
    rows = refused.get("/v1/refused", params={"factory": "F1", "reason": "too_large"}).json()["refused"]
    assert [row["detail"] for row in rows] == ["third"]
    assert refused.get("/v1/refused", params={"factory": "' OR 1=1 --"}).json()["refused"] == []


def _whole(number: int, payload: bytes, **changes: Any) -> dict[str, Any]:
    kept = base64.b64encode(payload).decode()
    return _row(number, payload=kept, length=len(payload), sha256="", items=1, kind="status", path="", **changes)


def test_get_refused_by_day_of_arrival_and_whether_settled(admin: httpx.Client, store: EmbeddedStore) -> None:
    day_us = 86_400 * 10**6
    rows = [
        _row(0, detail="yesterday", arrived_us=NOON_NS // 1_000 - day_us),
        _row(1, detail="settled", settled_us=NOON_NS // 1_000, restored=1),
        _row(2, detail="today"),
    ]
    store.write(REFUSED, {REFUSAL: REFUSAL.frame(rows)})
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({}, ["today", "yesterday"]),
        ({"day": "2026-11-24"}, ["today"]),
        ({"day": "2026-11-23"}, ["yesterday"]),
        ({"settled": "yes"}, ["settled"]),
        ({"settled": "all", "day": "2026-11-24"}, ["today", "settled"]),
    ]
    for asked, details in cases:
        found = admin.get("/v1/refused", params=asked).json()["refused"]
        assert [row["detail"] for row in found] == details


def test_get_refused_reads_past_a_chunk_of_settled_rows(
    admin: httpx.Client, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.refusals._CHUNK", 3)
    settled = [_row(number, settled_us=1) for number in range(1, 20)]
    store.write(REFUSED, {REFUSAL: REFUSAL.frame([_row(0, detail="open"), *settled])})
    assert [row["detail"] for row in admin.get("/v1/refused").json()["refused"]] == ["open"]


def test_export_refused_decodes_payloads(admin: httpx.Client, store: EmbeddedStore) -> None:
    payloads = [b'{"robots": []}', "=SUM(A1) 厂".encode(), b"\xff\x00"]
    rows = [_whole(number, payload) for number, payload in enumerate(payloads)]
    cut = _whole(3, "厂".encode()[:2]) | {"length": 100_000}
    store.write(REFUSED, {REFUSAL: REFUSAL.frame([*rows, cut])})
    lines = [json.loads(line) for line in admin.get("/v1/export/refused.jsonl").text.splitlines()]
    assert [line["payload"] for line in lines] == ["", "base64:/wA=", "=SUM(A1) 厂", {"robots": []}]
    assert [line["cut"] for line in lines] == [True, False, False, False]
    table = list(csv.DictReader(io.StringIO(admin.get("/v1/export/refused.csv").text.lstrip("\ufeff"))))
    assert [row["payload"] for row in table][1:] == ["base64:/wA=", "'=SUM(A1) 厂", '{"robots": []}']
    assert {row["reason"] for row in table} == {"not_json"}


def test_export_refused_takes_the_same_filters(refused: httpx.Client) -> None:
    found = refused.get("/v1/export/refused.jsonl", params={"factory": "F1", "reason": "too_large"}).text
    assert [json.loads(line)["detail"] for line in found.splitlines()] == ["third"]


def test_post_replay_is_kept_for_the_worker_that_replays(admin: httpx.Client, store: EmbeddedStore) -> None:
    answer = admin.post("/v1/refused/replay", json={"factory": "F1", "reason": "unknown_factory"})
    assert answer.status_code == 202
    replay = answer.json()["replay"]
    assert (replay["state"], replay["rows"], replay["note"]) == ("asked", 0, None)
    assert admin.get(f"/v1/refused/replays/{replay['replay']}").json()["replay"] == replay
    Replayer(store, telemetry_days=90, clock_ns=lambda: NOON_NS).step()
    assert admin.get("/v1/refused/replays").json()["replays"][0]["state"] == "done"


def test_post_replay_says_how_many_rows_are_cut(admin: httpx.Client, store: EmbeddedStore) -> None:
    store.write(REFUSED, {REFUSAL: REFUSAL.frame([_whole(-1, b"x") | {"length": 100_000}])})
    name = admin.post("/v1/refused/replay").json()["replay"]["replay"]
    Replayer(store, telemetry_days=90, clock_ns=lambda: NOON_NS).step()
    replay = admin.get(f"/v1/refused/replays/{name}").json()["replay"]
    assert (replay["rows"], replay["cut"], replay["settled"]) == (1, 1, 0)
    assert replay["note"].startswith("1 of these rows")


@pytest.mark.parametrize("body", [{"reason": "bad_weather"}, {"factory": "F 1"}, {"factories": "F1"}, []])
def test_post_replay_of_what_is_none_is_422(admin: httpx.Client, body: object) -> None:
    assert admin.post("/v1/refused/replay", json=body).status_code == 422


def test_refused_needs_the_key(client: httpx.Client) -> None:
    for path in ("/v1/refused", "/v1/export/refused.csv", "/v1/refused/replays", "/v1/refused/replays/x"):
        assert client.get(path).status_code == 401
    assert client.post("/v1/refused/replay").status_code == 401
    unknown = client.get("/v1/refused/replays/x", headers={"Authorization": "Bearer test-admin-key-0123456789"})
    assert unknown.status_code == 404
