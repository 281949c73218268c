"""What holds for every list: it is paged or told whole, with one rule for how much, and no filter fails in silence."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api_city import KEY, TODAY, Serve
from small_city import fill

from api.operation import EXAMPLES
from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.schema import ACCOUNTING, FIGURES, REPORTS, SILENCE

WHOLE = {"GET /v1/parks", "GET /v1/plans", "GET /v1/targets"}
BY_DAY = {"/v1/figures", "/v1/accounting/silence", "/v1/accounting/areas"}
# Lists in an answer that is no list: parts of one thing.
PARTS = {
    "GET /v1/parks/{park}", "GET /v1/factories/{factory}", "GET /v1/sensitivity", "GET /readyz",
    "GET /v1/sdmx/structure",
}  # fmt: skip


def _walk(client: httpx.Client, path: str, member: str, **asked: Any) -> Iterator[Any]:
    cursor = None
    while True:
        page = client.get(path, params={**asked, **({"cursor": cursor} if cursor else {})}).raise_for_status().json()
        assert len(page[member]) <= asked["limit"]
        yield from page[member]
        cursor = page["next"]
        if cursor is None:
            return


def test_every_list_has_next_or_is_told_whole() -> None:
    lists = {
        name
        for name, example in EXAMPLES.items()
        if name.startswith("GET")
        and isinstance(example["answer"], dict)
        and any(isinstance(each, list) for each in example["answer"].values())
    }
    paged = {name for name in lists if "next" in EXAMPLES[name]["answer"]}
    assert lists - paged == WHOLE | (PARTS & lists)
    assert len(paged) >= 12


def test_every_limit_has_the_same_default_but_for_points_by_day(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    limits = {
        path: parameter["schema"]["default"]
        for path, methods in paths.items()
        for parameter in methods.get("get", {}).get("parameters", [])
        if parameter["name"] == "limit" and path != "/v1/events"
    }
    assert len(limits) >= 12
    assert {path: limit for path, limit in limits.items() if limit != 100} == dict.fromkeys(BY_DAY, 2_000)


def test_keys_are_paged(admin: httpx.Client) -> None:
    for number in range(5):
        admin.post("/v1/keys", json={"name": f"v{number}", "role": "viewer"}).raise_for_status()
    names = [each["name"] for each in _walk(admin, "/v1/keys", "keys", limit=2)]
    assert sorted(names) == [f"v{number}" for number in range(5)]


def test_days_of_accounting_are_paged_and_totals_are_of_all(admin: httpx.Client, store: EmbeddedStore) -> None:
    counts = {"messages": 1, "arrived": 2, "stored": 2, "refused": 0, "redelivered": 0}
    rows = [
        {"time": start_ns(to_day(TODAY) - back), "writer": "ingest-1", "factory": "F1", "kind": "status", **counts}
        for back in range(5)
    ]
    store.write(REPORTS, {ACCOUNTING: ACCOUNTING.frame(rows)})
    asked = {"from": str(TODAY - timedelta(4)), "limit": 2}
    days = [each["day"] for each in _walk(admin, "/v1/accounting", "days", **asked)]
    assert days == [str(TODAY - timedelta(back)) for back in range(4, -1, -1)]
    assert admin.get("/v1/accounting", params=asked).json()["totals"]["arrived"] == 10


def test_silence_is_paged_by_day(admin: httpx.Client, store: EmbeddedStore) -> None:
    scope = {"scope": "city", "kind": "city", "series": "total", "heard_factories": 9}
    rows = [{"time": start_ns(to_day(TODAY) - back), "silent_factories": back, **scope} for back in (0, 1, 3, 4, 5)]
    store.write(FIGURES, {SILENCE: SILENCE.frame(rows)})
    told = list(_walk(admin, "/v1/accounting/silence", "points", limit=2, **{"from": str(TODAY - timedelta(4))}))
    assert [each["silent_factories"] for each in told] == [4, 3, 1, 0]


@pytest.mark.parametrize(
    ("path", "name", "status", "code"),
    [
        ("/v1/alerts", "scope", 404, "unknown_scope"),
        ("/v1/restatements", "scope", 404, "unknown_scope"),
        ("/v1/restatements", "figure", 404, "unknown_figure"),
        ("/v1/factories", "district", 404, "unknown_scope"),
        ("/v1/factories", "park", 404, "unknown_scope"),
        ("/v1/statistics", "scope", 404, "unknown_scope"),
        ("/v1/statistics", "figure", 404, "unknown_figure"),
        ("/v1/refused", "reason", 422, "invalid_field"),
        ("/v1/export/refused.csv", "reason", 422, "invalid_field"),
        ("/v1/accounting", "kind", 422, "invalid_field"),
        ("/v1/accounting/days", "kind", 422, "invalid_field"),
    ],
)
def test_filter_by_what_there_is_not_is_refused(
    admin: httpx.Client, path: str, name: str, status: int, code: str
) -> None:
    answer = admin.get(path, params={name: "stokc"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["path"]) == (status, code, name)


def test_filter_by_a_factory_tells_an_official_of_another_area_nothing(serve: Serve, store: EmbeddedStore) -> None:
    fill(store)
    client = serve()
    body = {"name": "Xuhui", "role": "area", "areas": ["district:310104"]}
    secret = client.post("/v1/keys", json=body, headers={"Authorization": f"Bearer {KEY}"}).json()["secret"]
    for factory in ("F00001", "F99999"):
        for path in ("/v1/alerts", "/v1/restatements", "/v1/statistics"):
            answer = client.get(
                path, params={"scope": f"factory:{factory}"}, headers={"Authorization": f"Bearer {secret}"}
            )
            assert answer.json()["error"]["code"] == "not_yours", path
