"""The spec of the one error shape: every failure is {"error": {"code", "message", "path"}} and a sentence."""

import json
from typing import Any

import httpx
import polars as pl
import pytest
from api_city import KEY, Serve, factory

from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import REGISTRATION, REPORTS

BEARER = {"Authorization": f"Bearer {KEY}"}


CASES = [
    ("GET", "/nowhere", None, 404, "not_found", None),
    ("GET", "/v1/nowhere", None, 404, "not_found", None),
    ("DELETE", "/v1/targets", None, 405, "method_not_allowed", None),
    ("GET", "/v1/figures", None, 422, "invalid_field", "scope"),
    ("GET", "/v1/figures?scope=mars", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=city:1", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=district:999999", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=industry:9", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=factory:F1", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=city&series=none", None, 422, "invalid_field", "series"),
    ("GET", "/v1/figures?scope=city&limit=0", None, 422, "invalid_field", "limit"),
    ("GET", "/v1/figures?scope=city&limit=2001", None, 422, "invalid_field", "limit"),
    ("GET", "/v1/figures?scope=city&from=2024-13-01", None, 422, "invalid_field", "from"),
    ("GET", "/v1/figures?scope=city&from=0", None, 422, "invalid_field", "from"),
    ("GET", "/v1/figures/explain?figure=stock&day=20240101", None, 422, "invalid_field", "day"),
    ("GET", "/v1/refused?day=1.5", None, 422, "invalid_field", "day"),
    ("GET", "/v1/figures?scope=city&from=2024-02-01&to=2024-01-01", None, 422, "bad_span", "to"),
    ("GET", "/v1/figures?scope=city&cursor=x", None, 422, "bad_cursor", "cursor"),
    ("GET", "/v1/figures?scope=city&form=2024-01-01", None, 422, "unknown_parameter", "form"),
    ("GET", "/v1/figures?scope=zone:mars", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=district:310115/industry:3", None, 404, "unknown_scope", "scope"),
    ("GET", "/v1/figures?scope=city&as_of=2027-01-01", None, 422, "bad_as_of", "as_of"),
    ("GET", "/v1/figures?scope=city&as_of=2024-01-01", None, 422, "before_first_report", "as_of"),
    ("GET", "/v1/figures?scope=city&key_set=mine", None, 422, "unknown_key_set", "key_set"),
    ("GET", "/v1/figures/latest?key_set=mine", None, 422, "unknown_key_set", "key_set"),
    ("GET", "/v1/targets?key_set=mine", None, 422, "unknown_key_set", "key_set"),
    ("GET", "/v1/parks?key_set=mine", None, 422, "unknown_key_set", "key_set"),
    ("GET", "/v1/restatements?from=2024-02-01&to=2024-01-01", None, 422, "bad_span", "to"),
    ("GET", "/v1/restatements?cursor=1", None, 422, "bad_cursor", "cursor"),
    ("GET", "/v1/statistics?cursor=-1", None, 422, "bad_cursor", "cursor"),
    ("GET", "/v1/factories/F1/robots", None, 404, "unknown_factory", "factory"),
    ("GET", "/v1/parks?status=fine", None, 422, "invalid_field", "status"),
    ("GET", "/v1/parks/P99", None, 404, "unknown_park", "park"),
    ("GET", "/v1/factories/F1", None, 404, "unknown_factory", "factory"),
    ("GET", "/v1/refused?cursor=1", None, 422, "bad_cursor", "cursor"),
    ("GET", "/v1/refused?cursor=99999999999999999999.0", None, 422, "bad_cursor", "cursor"),
    ("POST", "/v1/factories", b"{", 422, "not_json", None),
    ("POST", "/v1/factories", b'{"a": 1, "a": 2}', 422, "not_json", None),
    ("POST", "/v1/factories", b"[" * 100_000, 422, "not_json", None),
    ("POST", "/v1/factories", b"\xff\xfe", 422, "not_json", None),
    ("POST", "/v1/factories", b"[]", 422, "bad_length", None),
    ("POST", "/v1/factories", b"[" + b"1," * 1_000 + b"1]", 422, "bad_length", None),
    ("POST", "/v1/factories", b"7", 422, "invalid_field", None),
    ("POST", "/v1/factories", b" " * (4 * 1024 * 1024 + 1), 413, "too_large", None),
    ("POST", "/v1/designations", b"{}", 422, "invalid_field", "kind"),
    ("POST", "/v1/statistics", b"{}", 422, "invalid_field", "figure"),
    ("POST", "/v1/robots/same", b"{}", 422, "invalid_field", "manufacturer"),
    ("POST", "/v1/robots/other", b"{}", 404, "not_found", None),
    ("GET", "/v1/alerts?state=open", None, 422, "invalid_field", "state"),
    ("GET", "/v1/alerts?cursor=1", None, 422, "bad_cursor", "cursor"),
    ("POST", "/v1/alerts/x/ack", b"{}", 422, "invalid_field", "why"),
    ("POST", "/v1/alerts/x/ack", b"[{}]", 422, "not_single", None),
    ("POST", "/v1/alerts/x/ack", b'{"why": "y"}', 404, "unknown_alert", "alert"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code", "place"), CASES)
def test_failure_has_the_one_shape(
    quiet_admin: httpx.Client, method: str, path: str, body: bytes | None, status: int, code: str, place: str | None
) -> None:
    answer = quiet_admin.request(method, path, content=body)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    error = answer.json()["error"]
    assert set(error) - {"details"} == {"code", "message", "path"}
    assert (error["code"], error["path"]) == (code, place)
    assert error["message"].endswith((".", ".)"))


GUARDED = [
    ("GET", "/v1/factories"),
    ("GET", "/v1/factories/F1"),
    ("POST", "/v1/factories"),
    ("POST", "/v1/designations"),
    ("POST", "/v1/statistics"),
    ("POST", "/v1/robots/same"),
    ("POST", "/v1/robots/distinct"),
    ("POST", "/v1/robots/review"),
    ("GET", "/v1/factories/F1/robots"),
    ("GET", "/v1/restatements"),
    ("GET", "/v1/refused"),
    ("GET", "/v1/alerts"),
    ("POST", "/v1/alerts/x/ack"),
    ("POST", "/v1/alerts/x/mute"),
    ("POST", "/v1/alerts/x/explain"),
    ("GET", "/v1/accounting?factory=F1"),
    ("GET", "/v1/figures?scope=factory:F1"),
    ("GET", "/v1/figures/latest?scope=factory:F1"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_guarded_route_needs_the_right_key(quiet_admin: httpx.Client, method: str, path: str) -> None:
    key = quiet_admin.headers.pop("Authorization")
    bare = quiet_admin.request(method, path)
    quiet_admin.headers["Authorization"] = key
    assert (bare.status_code, bare.json()["error"]["code"]) == (401, "key_missing")
    assert bare.headers["WWW-Authenticate"] == "Bearer"
    for value in (b"Bearer wrong", b"Bearer", b"Basic " + KEY.encode(), b"Bearer \xe4\xbd\xa0", KEY.encode()):
        wrong = quiet_admin.request(method, path, headers=[(b"Authorization", value)])
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "key_wrong")


def test_without_an_admin_key_everything_guarded_is_refused(serve: Serve) -> None:
    client = serve(admin_key=None)
    for method, path in GUARDED:
        answer = client.request(method, path, headers={"Authorization": "Bearer None"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "key_wrong")


class AwayStore:
    """Answers nothing until it is told to."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.away, self.writes = store, True, 0

    def _check(self) -> None:
        if self.away:
            raise StoreUnavailable("robodensity.duckdb is away.")

    def read(self, *given: Any, **named: Any) -> pl.DataFrame:
        self._check()
        return self.store.read(*given, **named)

    def write(self, *given: Any) -> None:
        self.writes += 1
        self._check()
        self.store.write(*given)


def test_store_that_is_away_is_503_with_retry_after(store: EmbeddedStore, serve: Serve) -> None:
    away = AwayStore(store)
    client = serve(store=away)
    reads = ("/v1/figures?scope=city", "/v1/figures/latest", "/v1/targets", "/v1/parks", "/v1/accounting")
    answers = [client.get(path) for path in reads]
    answers += [client.post("/v1/factories", json=factory(), headers=BEARER)]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200
    away.away = False
    assert client.get("/v1/targets").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_write_that_was_not_confirmed_is_stored_once_when_sent_again(store: EmbeddedStore, serve: Serve) -> None:
    away = AwayStore(store)
    away.away = False
    client = serve(store=away)
    client.headers.update(BEARER)
    assert client.post("/v1/factories", json=factory(1)).status_code == 201
    confirm = store.write

    def lose_the_mark(database: str, frames: Any) -> None:
        confirm(database, frames)
        raise StoreUnavailable("The answer was lost.")

    away.store = type("Lossy", (), {"read": store.read, "write": staticmethod(lose_the_mark)})()
    assert client.post("/v1/factories", json=factory(2)).status_code == 503
    away.store = store
    assert client.post("/v1/factories", json=factory(2)).status_code == 200
    assert store.read(REPORTS, REGISTRATION)["factory"].to_list() == ["F00001", "F00002"]


def test_bug_inside_is_500_in_the_one_shape(serve: Serve) -> None:
    def broken() -> dict[str, float]:
        raise ZeroDivisionError

    answer = serve(metrics=broken).get("/metrics")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "ZeroDivision" not in answer.text


def test_list_with_faults_names_every_path_and_stores_nothing(admin: httpx.Client) -> None:
    items = [factory(1), factory(2, district="1"), factory(3, industry="9999", colour="red")]
    error = admin.post("/v1/factories", json=items).json()["error"]
    assert error["path"] == "1.district"
    assert [each["path"] for each in error["details"]] == ["1.district", "2.industry", "2.colour"]
    assert admin.get("/v1/factories").json()["factories"] == []


def test_lone_surrogate_in_a_name_is_refused(admin: httpx.Client) -> None:
    body = json.dumps(factory(1, name={"zh": "厂\ud800"}))
    answer = admin.post("/v1/factories", content=body)
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, "name.zh")
