import httpx
from api_city import factory

from store.embedded import EmbeddedStore
from store.schema import DESIGNATION, REPORTS

DESIGNATIONS = "/v1/designations"


def _smart(number: int = 1, **changes: object) -> dict[str, object]:
    item = {
        "kind": "smart_factory",
        "scheme": "shanghai-2023",
        "grade": "示范性",
        "subject": {"factory": f"F{number:05}"},
        "from": "2025-01-01",
        "to": None,
        "record": "沪经信制〔2025〕1号",
    }
    return {**item, **changes}


def test_post_designation_stores_it_once(admin: httpx.Client, store: EmbeddedStore) -> None:
    admin.post("/v1/factories", json=factory(1))
    answers = [admin.post(DESIGNATIONS, json=_smart()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == {"designation": _smart()}
    rows = store.read(REPORTS, DESIGNATION)
    assert rows.select("subject_factory", "grade", "from_day", "to_day").rows() == [("F00001", "示范性", 20_089, None)]


def test_post_designation_with_an_end_replaces_the_open_one(admin: httpx.Client) -> None:
    admin.post("/v1/factories", json=factory(1))
    ended = _smart(to="2026-01-01")
    items = [_smart(), ended, ended]
    answer = admin.post(DESIGNATIONS, json=items)
    assert [result["status"] for result in answer.json()] == [201, 201, 200]
    assert admin.post(DESIGNATIONS, json=ended).status_code == 200


def test_post_designation_names_a_body_without_a_factory(admin: httpx.Client) -> None:
    item = _smart(kind="chain_leader", grade=None, subject={"name": "模拟链主", "district": "310115"})
    assert admin.post(DESIGNATIONS, json=item).status_code == 201


def test_post_designation_with_a_fault_is_422_with_its_path(quiet_admin: httpx.Client) -> None:
    quiet_admin.post("/v1/factories", json=factory(1))
    faults = [
        (_smart(2), "subject.factory"),
        (_smart(kind="robot"), "kind"),
        (_smart(to="2025-01-01"), None),
        (_smart(grade=None), None),
        (_smart(subject={}), "subject"),
        (_smart(subject={"factory": "F00001", "name": "x", "district": "310115"}), "subject"),
        (_smart(subject={"name": "x", "district": "999999"}, kind="chain_leader"), "subject"),
        (_smart(**{"from": None}), "from"),
    ]
    for item, path in faults:
        answer = quiet_admin.post(DESIGNATIONS, json=item)
        assert (answer.status_code, answer.json()["error"]["path"]) == (422, path)
    listed = quiet_admin.post(DESIGNATIONS, json=[_smart(), _smart(2)])
    assert listed.json()["error"]["path"] == "1.subject.factory"
    assert quiet_admin.post(DESIGNATIONS, json=_smart()).status_code == 201  # the list stored nothing
