import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from api_city import KEY, Serve

from density.plan_form import PlanForm
from robodensity.seeds import SEEDS
from store.embedded import EmbeddedStore
from store.schema import PLAN_VERSION, REPORTS

PLANS = "/v1/plans"


def body(**changes: Any) -> dict[str, Any]:
    """The plan of seeds/ as JSON, in force from 2025-01-01."""
    content = yaml.safe_load((SEEDS / "plans" / "shanghai-2027.yaml").read_text(encoding="utf-8"))
    return {**json.loads(json.dumps(content, default=str)), "from": "2025-01-01", **changes}


def changed(place: int, **members: Any) -> dict[str, Any]:
    plan = body()
    plan["targets"][place] |= members
    return plan


def test_post_plans_stores_a_version_once(admin: httpx.Client, store: EmbeddedStore) -> None:
    answers = [admin.post(PLANS, json=body()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["plan"] == {
        "id": "shanghai-2027", "name": body()["name"], "from": "2025-01-01", "targets": 21,
    }  # fmt: skip
    rows = store.read(REPORTS, PLAN_VERSION)
    assert rows.select("plan", "from_day").rows() == [("shanghai-2027", 20_089)]
    assert PlanForm.model_validate_json(rows["document"][0]).targets[12].value == 20_000


def test_post_plans_is_kept_in_the_audit_log(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    headers = {"Authorization": f"Bearer {KEY}"}
    client = serve(audit_path=path)
    assert client.post(PLANS, json=body(), headers=headers).status_code == 201
    assert client.post(PLANS, json=body()).status_code == 401
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["route"], line["what"], line["status"]) for line in lines] == [
        (PLANS, ["shanghai-2027 from 2025-01-01"], 201),
        (PLANS, [], 401),
    ]


def test_get_plans_lists_the_versions_by_date(admin: httpx.Client) -> None:
    quotas = {
        "body": "市经济信息化委", "document": "分解方案", "number": "1号", "day": "2025-01-01", "source": "test",
        "simulated": True, "quotas": {"SH-13": {"district:310115": 20000}},
    }  # fmt: skip
    admin.post(PLANS, json=body(id="later", **{"from": "2026-06-01"}))
    admin.post(PLANS, json=body(quotas=quotas))
    plans = admin.get(PLANS).json()["plans"]
    assert [(plan["id"], plan["from"]) for plan in plans] == [
        ("shanghai-2027", None), ("shanghai-2027", "2025-01-01"), ("later", "2026-06-01"),
    ]  # fmt: skip
    assert plans[1]["quotas"] == {
        "body": "市经济信息化委", "document": "分解方案", "number": "1号", "day": "2025-01-01", "simulated": True,
        "targets": ["SH-13"],
    }  # fmt: skip


def test_post_plans_with_the_same_first_day_replaces(admin: httpx.Client) -> None:
    admin.post(PLANS, json=body())
    assert admin.post(PLANS, json=body(id="corrected")).status_code == 201
    assert [plan["id"] for plan in admin.get(PLANS).json()["plans"]] == ["shanghai-2027", "corrected"]


@pytest.mark.parametrize(
    ("posted", "path", "said"),
    [
        (changed(12, figure="gross"), "targets.12.figure", "measures SH-13 by gross, which is no figure for it"),
        (changed(12, deadline="2023-12-31"), "targets.12.deadline", "ends SH-13 on 2023-12-31, not after its baseline"),
        (changed(12, unit={"zh": "家", "en": "x"}), "targets.12.unit", "gives SH-13 in 家, but gross_new is in 台"),
        (changed(12, baseline_day="2024-12-31"), "targets.12.baseline_day", "not after 2024-12-31"),
        (changed(12, milestones=[{"day": "2025-12-31", "value": 9}, {"day": "2024-12-31", "value": 10}]),
         "targets.12.milestones.1", "out of order (2024-12-31)"),
        (changed(12, deadline="soon"), "targets.12.deadline", ""),
        (changed(12, colour="red"), "targets.12.colour", ""),
        (changed(12, id="SH-14"), "targets.13.id", "names the target SH-14 twice"),
        (body(quotas={"body": "b", "document": "d", "number": "1", "day": "2025-01-01", "source": "s",
                      "simulated": True, "quotas": {"SH-13": {"district:310115": 19999}}}),
         "quotas.quotas.SH-13", "gives the districts 19999 of SH-13, not 20000"),
        (body(quotas={"body": "b", "document": "d", "number": "1", "day": "2025-01-01", "source": "s",
                      "simulated": True, "quotas": {"SH-13": {"district:310199": 20000}}}),
         "quotas.quotas.SH-13.district:310199", "an unknown scope"),
    ],
)  # fmt: skip
def test_post_plans_refuses_with_path_and_sentence(
    quiet_admin: httpx.Client, quiet_store: EmbeddedStore, posted: dict[str, Any], path: str, said: str
) -> None:
    answer = quiet_admin.post(PLANS, json=posted)
    error = answer.json()["error"]
    assert (answer.status_code, error["path"]) == (422, path)
    assert said in error["message"]
    assert quiet_store.read(REPORTS, PLAN_VERSION).is_empty()


def test_post_plans_refuses_a_list_and_what_no_store_takes(quiet_admin: httpx.Client) -> None:
    assert quiet_admin.post(PLANS, json=[body()]).json()["error"]["code"] == "not_single"
    long = [{**body()["targets"][12], "id": f"SH-{number:02}", "sentence": "字" * 200} for number in range(99)]
    answer = quiet_admin.post(PLANS, json=body(targets=long))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_post_plans_changes_the_targets_from_its_first_day_on(admin: httpx.Client) -> None:
    only = body()["targets"][12]
    admin.post(PLANS, json=body(id="later", targets=[only | {"value": 30000}], **{"from": "2026-11-25"}))
    assert admin.get("/v1/targets").json()["plan"]["id"] == "shanghai-2027"  # today is 2026-11-24
    admin.post(PLANS, json=body(id="now", targets=[only | {"value": 25000}], **{"from": "2026-11-24"}))
    answer = admin.get("/v1/targets").json()
    assert (answer["plan"]["id"], [target["value"] for target in answer["targets"]]) == ("now", [25000])
