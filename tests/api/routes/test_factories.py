import json
import time
from pathlib import Path

import httpx
import pytest
from api_city import KEY, NOON_NS, TODAY, Clock, Serve, Writer, factory

from api.credit_code import check_character
from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.ledger import LedgerWriter
from store.schema import ACCOUNTING, CONTACT, REGISTRATION, REPORTS

FACTORIES = "/v1/factories"


def test_post_factory_stores_it_and_the_same_again_changes_nothing(admin: httpx.Client, store: EmbeddedStore) -> None:
    item = factory(1, park="P01", edge_nodes=["SH-310115/line1"])
    first, second = (admin.post(FACTORIES, json=item) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() == {"factory": {**item, "from": None, "closed": None}, "account": None}
    rows = store.read(REPORTS, REGISTRATION)
    assert rows["factory"].to_list() == ["F00001"]
    assert rows["from_day"].to_list() == [None]
    assert rows["writer"].to_list() == ["api-1"]


def test_post_factory_keeps_what_a_plant_calls_its_metrics(admin: httpx.Client, store: EmbeddedStore) -> None:
    paths = {"F00001/line1": {"PLC7/DB3/Run": "R-1/Status/Operation", "人数": "Workforce/Average"}}
    item = factory(1, edge_nodes=["F00001/line1"], metric_paths=paths)
    first, second = (admin.post(FACTORIES, json=item) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["factory"]["metric_paths"] == paths
    assert json.loads(store.read(REPORTS, REGISTRATION)["metric_paths"].item()) == paths
    other = admin.post(FACTORIES, json=factory(1, edge_nodes=["F00001/line1"]))
    assert other.status_code == 409
    assert "metric_paths" in other.json()["error"]["message"]


def test_post_factory_that_contradicts_is_409_and_names_what(admin: httpx.Client, store: EmbeddedStore) -> None:
    admin.post(FACTORIES, json=factory(1))
    answer = admin.post(FACTORIES, json=factory(1, district="310112", above_scale=False))
    assert answer.status_code == 409
    assert "district, above_scale" in answer.json()["error"]["message"]
    assert store.read(REPORTS, REGISTRATION).height == 1


def test_post_factory_edit_holds_from_its_day_and_keeps_what_it_leaves_out(admin: httpx.Client) -> None:
    admin.post(FACTORIES, json=factory(1, park="P01"))
    edit = {"factory": "F00001", "from": "2026-11-01", "above_scale": False}
    assert [admin.post(FACTORIES, json=edit).status_code for _ in range(2)] == [201, 200]
    spells = admin.get(f"{FACTORIES}/F00001").json()["registrations"]
    assert [(row["from"], row["above_scale"], row["park"]) for row in spells] == [
        (None, True, "P01"),
        ("2026-11-01", False, "P01"),
    ]
    assert admin.post(FACTORIES, json={**edit, "park": None}).status_code == 409
    # The first registration is still what a post without a day is compared with.
    assert admin.post(FACTORIES, json=factory(1, park="P01")).status_code == 200


def test_post_factory_closed_ends_it_on_that_day(admin: httpx.Client) -> None:
    admin.post(FACTORIES, json=factory(1))
    end = {"factory": "F00001", "closed": "2026-10-01"}
    assert [admin.post(FACTORIES, json=end).status_code for _ in range(2)] == [201, 200]
    row = admin.get(f"{FACTORIES}/F00001").json()["factory"]
    assert (row["from"], row["closed"]) == ("2026-10-01", "2026-10-01")
    reopened = {"factory": "F00001", "from": "2026-11-01"}
    assert admin.post(FACTORIES, json=reopened).json()["factory"]["closed"] is None


def test_post_factory_first_seen_closed_is_the_same_when_sent_again(admin: httpx.Client) -> None:
    item = factory(1, closed="2025-06-30")
    assert [admin.post(FACTORIES, json=item).status_code for _ in range(2)] == [201, 200]


def test_post_factory_list_gives_a_result_for_each(admin: httpx.Client) -> None:
    admin.post(FACTORIES, json=[factory(1), factory(2)])
    items = [factory(1), factory(2, industry="1311"), factory(3), factory(3), factory(3, industry="1311")]
    answer = admin.post(FACTORIES, json=items)
    assert answer.status_code == 201
    assert [result["status"] for result in answer.json()] == [200, 409, 201, 200, 409]
    assert answer.json()[1]["error"]["code"] == "contradicts"


BAD = [
    ({"factory": "F 1"}, "factory"),
    ({"factory": "F" * 65}, "factory"),
    ({"factory": 1}, "factory"),
    ({"factory": "F1\n"}, "factory"),
    ({"name": {"en": "x"}}, "name.zh"),
    ({"name": {"zh": " "}}, "name.zh"),
    ({"name": {"zh": "a\u0000"}}, "name.zh"),
    ({"name": {"zh": "厂" * 129}}, "name.zh"),
    ({"district": "310100"}, "district"),
    ({"park": "P58"}, "park"),
    ({"industry": "367"}, "industry"),
    ({"industry": "1211"}, "industry"),
    ({"industry": "4411"}, "industry"),
    ({"industry": "３６７０"}, "industry"),
    ({"above_scale": "true"}, "above_scale"),
    ({"above_scale": 1}, "above_scale"),
    ({"credit_code": "91310000MA1FL0XXXX"}, "credit_code"),
    ({"credit_code": ""}, "credit_code"),
    ({"edge_nodes": ["a/b/c"]}, "edge_nodes"),
    ({"edge_nodes": ["a/b"], "metric_paths": {"a/c": {"Run": "Status/Operation"}}}, "metric_paths"),
    ({"edge_nodes": ["a/b"], "metric_paths": {"a/b": {"Run": "Operation"}}}, "metric_paths"),
    (
        {"edge_nodes": ["a/b"], "metric_paths": {"a/b": {"x" * 100 + str(i): "Alarm/Code" for i in range(500)}}},
        "metric_paths",
    ),
    ({"from": 20_000}, "from"),
    ({"from": "2026-02-30"}, "from"),
    ({"closed": "2026-11-24T00:00:00Z"}, "closed"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("change", "path"), BAD)
def test_post_factory_with_a_fault_is_422_with_its_path(quiet_admin: httpx.Client, change: dict, path: str) -> None:
    answer = quiet_admin.post(FACTORIES, content=json.dumps({**factory(1), **change}))
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, path)


def test_post_factory_takes_a_good_credit_code_and_an_unnamed_class(admin: httpx.Client) -> None:
    stem = "91310000MA1FL0XX0"
    item = factory(1, credit_code=stem + check_character(stem), industry="3999")
    assert admin.post(FACTORIES, json=item).status_code == 201
    assert admin.get("/v1/figures", params={"scope": "industry:3999"}).status_code == 200


def test_post_factory_name_with_markup_comes_back_as_it_was(admin: httpx.Client) -> None:
    name = {"zh": "<script>alert(1)</script>", "en": "'; DROP TABLE registration; --"}
    admin.post(FACTORIES, json=factory(1, name=name))
    answer = admin.get(f"{FACTORIES}/F00001")
    assert answer.json()["factory"]["name"] == name
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_registrations_of_another_writer_are_seen(admin: httpx.Client, store: EmbeddedStore, clock: Clock) -> None:
    assert admin.get(f"{FACTORIES}/F00009").status_code == 404
    other = LedgerWriter(store, "api-2", clock)
    row = {"factory": "F00009", "name_zh": "他厂", "district": "310115", "industry": "3670", "above_scale": True}
    other.write(other.stamp({REGISTRATION: REGISTRATION.frame([row]).drop("time")}))
    clock.pass_s(1)
    assert admin.get(f"{FACTORIES}/F00009").json()["factory"]["name"]["zh"] == "他厂"


def test_registrations_survive_a_restart(serve: Serve) -> None:
    bearer = {"Authorization": f"Bearer {KEY}"}
    serve().post(FACTORIES, json=factory(1), headers=bearer)
    again = serve()
    assert again.post(FACTORIES, json=factory(1), headers=bearer).status_code == 200
    assert again.post(FACTORIES, json=factory(2), headers=bearer).status_code == 201


def test_get_factories_pages_and_filters(admin: httpx.Client) -> None:
    items = [factory(n, district="310112" if n % 2 else "310115", park="P01" if n == 4 else None) for n in range(1, 8)]
    admin.post(FACTORIES, json=list(reversed(items)))
    first = admin.get(FACTORIES, params={"limit": 5}).json()
    second = admin.get(FACTORIES, params={"limit": 5, "cursor": first["next"]}).json()
    assert [row["factory"] for row in first["factories"] + second["factories"]] == [f"F{n:05}" for n in range(1, 8)]
    assert second["next"] is None
    odd = admin.get(FACTORIES, params={"district": "310112", "limit": 4}).json()
    assert ([row["factory"][-1] for row in odd["factories"]], odd["next"]) == (["1", "3", "5", "7"], None)
    assert len(admin.get(FACTORIES, params={"park": "P01"}).json()["factories"]) == 1


def test_get_factory_gives_registration_figures_and_account(
    admin: httpx.Client, store: EmbeddedStore, write: Writer
) -> None:
    admin.post(FACTORIES, json=factory(1))
    row = {"writer": "i", "factory": "F00001", "kind": "status", "time": start_ns(to_day(TODAY))}
    counts = {"messages": 2, "arrived": 5, "stored": 4, "refused": 1, "redelivered": 0}
    store.write(REPORTS, {ACCOUNTING: ACCOUNTING.frame([{**row, **counts}])})
    write.folded()
    answer = admin.get(f"{FACTORIES}/F00001").json()
    assert answer["factory"]["industry"] == "3670"
    assert answer["latest"]["total"]["stock"] == 0
    assert answer["accounting"]["totals"] == counts
    assert answer["accounting"]["by_kind"] == [{"kind": "status", **counts}]


def test_every_post_is_audited_with_its_outcome(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    client = serve(audit_path=path)
    bearer = {"Authorization": f"Bearer {KEY}"}
    client.post(FACTORIES, json=factory(1), headers=bearer)
    client.post(FACTORIES, json=factory(1, district="310112"), headers=bearer)
    client.post(FACTORIES, json=factory(2))
    client.post(FACTORIES, content=b"{", headers=bearer)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["who"], line["status"], line["what"]) for line in lines] == [
        ("admin", 201, ["F00001"]),
        ("admin", 409, ["F00001"]),
        ("nobody", 401, []),
        ("admin", 422, []),
    ]
    assert lines[0]["outcome"] == "1 of 1 stored"
    assert KEY not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_post_that_cannot_be_audited_says_so(serve: Serve, tmp_path: Path) -> None:
    client = serve(audit_path=tmp_path / "nowhere" / "audit.jsonl")
    answer = client.post(FACTORIES, json=factory(1), headers={"Authorization": f"Bearer {KEY}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "audit_failed")


def test_ten_thousand_registrations_are_quick(admin: httpx.Client) -> None:
    began = time.perf_counter()
    for block in range(10):
        items = [factory(block * 1_000 + n) for n in range(1_000)]
        assert admin.post(FACTORIES, json=items).status_code == 201
    assert time.perf_counter() - began < 30  # about 2 s on an idle machine


def test_get_factory_tells_since_when_it_is_silent(admin: httpx.Client, store: EmbeddedStore) -> None:
    admin.post("/v1/factories", json=factory(1)).raise_for_status()
    assert admin.get("/v1/factories/F00001").json()["contact"] is None
    row = {
        "time": NOON_NS - 12 * 3_600 * 10**9, "factory": "F00001", "last_us": NOON_NS // 1_000 - 7_200 * 10**6,
        "silent_after_s": 1_800, "silent": True, "live": 3, "late": 0, "skew_s": 1.5, "skew_s_known": True,
    }  # fmt: skip
    store.write(REPORTS, {CONTACT: CONTACT.frame([row])})
    contact = admin.get("/v1/factories/F00001").json()["contact"]
    assert contact["silent_since"] == contact["last_heard"] == "2026-11-24T10:00:00+08:00"
    assert (contact["silent_after_s"], contact["skew_s"]) == (1_800, 1.5)
