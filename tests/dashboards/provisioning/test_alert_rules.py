"""Every alert rule's statements on the real InfluxDB, and its condition on what they answer."""

import json
import re
import time
from collections.abc import Iterator, Mapping

import httpx
import pytest
from alert_fires import Labels, fires
from services import InfluxServer

from dashboards.asked import FOLDER, read
from dashboards.provisioning.alert_rules import Rule, rules
from store.known import with_flags
from store.schema import (
    ATTENTION,
    FORECAST,
    INGEST_VITALS,
    PLAN_STATUS,
    ROLLUP_VITALS,
    Measurement,
)

pytestmark = pytest.mark.influx

S = 10**9
DAY = 86_400 * S
NOW = time.time_ns()
TODAY = (NOW + 8 * 3_600 * S) // DAY * DAY - 8 * 3_600 * S


def _standing(scope: str, status: str, gap: float, day: int = TODAY) -> dict[str, object]:
    kind = scope.partition(":")[0]
    return {"time": day, "scope": scope, "kind": kind, "target": "SH-13", "status": status, "gap": gap}


def _chances(scope: str, before: float, lately: float) -> Iterator[dict[str, object]]:
    kind = scope.partition(":")[0]
    for age in range(60):
        row = {"time": TODAY - age * DAY, "scope": scope, "kind": kind, "target": "SH-13"}
        yield {**row, "probability": lately if age < 30 else before}


def _listed(concern: str, factory: str, **facts: object) -> dict[str, object]:
    row = {"time": TODAY, "concern": concern, "district": "310115", "factory": factory, "listed": True, "rank": 1}
    return row | facts


def _reading(process: str, **ages: float) -> dict[str, object]:
    return {"time": NOW - 30 * S, "process": process, **ages}


WORLD: Mapping[str, Mapping[Measurement, list[dict[str, object]]]] = {
    "figures": {
        PLAN_STATUS: [
            _standing("park:P01", "lagging", -40.0),
            _standing("park:P02", "on_track", 3.0),
            _standing("park:P03", "on_track", 1.0),
            _standing("park:P03", "lagging", -12.0, TODAY - DAY),
            _standing("district:310115", "lagging", -90.0),
        ],
        FORECAST: [
            *_chances("city", 0.70, 0.40),
            *_chances("district:310115", 0.70, 0.67),
            *_chances("district:310114", 0.40, 0.95),
        ],
    },
    "lists": {
        ATTENTION: [
            _listed("silent", "F1", silent_after_s=3_600),
            _listed("silent", "F2", silent_after_s=3_600, listed=False),
            _listed("silent", "F3", silent_after_s=3_600, time=TODAY - DAY),
            _listed("refused", "F1", refused=12, arrived=200),
            _listed("refused", "F2", refused=4, arrived=50, listed=False),
            _listed("missing", "F2", missing_30_days=9, missing_today=3),
            _listed("missing", "F3", missing_30_days=9, missing_today=0),
            _listed("clock", "F3", skew_s=900.0, late=1),
        ],
    },
    "vitals": {
        INGEST_VITALS: [
            {"time": NOW - 60 * S, "process": "ingest-1", "oldest_unacknowledged_s": 400.0},
            {"time": NOW - 30 * S, "process": "ingest-1", "oldest_unacknowledged_s": 2.0},
            {"time": NOW - 30 * S, "process": "ingest-2", "oldest_unacknowledged_s": 61.0},
        ],
        ROLLUP_VITALS: [
            _reading("rollup", cursor_age_s=3_700.0, figures_age_s=4_000.0),
            _reading("busy", cursor_age_s=3_500.0, figures_age_s=4_000.0),
            _reading("by-night", cursor_age_s=0.0, figures_age_s=30_000.0),
        ],
    },
}

FIRES: Mapping[str, set[Labels]] = {
    "park-lagging": {(("scope", "park:P01"), ("target", "SH-13"))},
    "chance-down": {(("scope", "city"), ("target", "SH-13"))},
    "factory-silent": {(("district", "310115"), ("factory", "F1"))},
    "refused-rate": {(("district", "310115"), ("factory", "F1"))},
    "missing-messages": {(("district", "310115"), ("factory", "F2"))},
    "ingest-lag": {(("process", "ingest-2"),)},
    "no-figures": {(("process", "rollup"),)},
}


@pytest.fixture(scope="module")
def server(influx_server: InfluxServer) -> InfluxServer:
    """A server that holds a little of everything."""
    store = influx_server.store()
    for database, kinds in WORLD.items():
        store.write(database, {kind: with_flags(kind, kind.frame(rows)) for kind, rows in kinds.items()})
    store.close()
    return influx_server


def _fires(server: InfluxServer, rule: Rule, now_ns: int) -> set[Labels]:
    def ask(statement: str) -> list[dict]:
        headers = {"Authorization": f"Token {server.token}"}
        answer = httpx.post(f"{server.url}/query", data={"q": statement}, headers=headers).json()
        assert "error" not in answer["results"][0], answer
        return answer["results"][0].get("series", [])

    return fires(rule, ask, now_ns // 10**6)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.short)
def test_rule_fires_for_what_it_names_and_for_nothing_else(server: InfluxServer, rule: Rule) -> None:
    assert _fires(server, rule, NOW) == FIRES[rule.short]


def test_park_lagging_stands_at_midnight_until_the_new_day_is_told(server: InfluxServer) -> None:
    """At 00:01 the rollup has written no point of the day yet; a park that has caught up stays quiet all the same."""
    rule = next(each for each in rules() if each.short == "park-lagging")
    assert _fires(server, rule, TODAY + DAY + 60 * S) == FIRES["park-lagging"]


def test_no_figures_fires_for_what_the_platform_board_calls_so(server: InfluxServer) -> None:
    rule = next(each for each in rules() if each.short == "no-figures")
    board = read(FOLDER / "en" / "platform.json")
    (panel,) = [each for each in board["panels"] if each.get("title") == "Rollup cursor age" and each["type"] == "stat"]
    (verdict,) = [each["properties"] for each in panel["fieldConfig"]["overrides"]
                  if each["matcher"]["options"] == "Verdict"]  # fmt: skip
    (steps,) = [each["value"] for each in verdict if each["id"] == "mappings"]
    for row in WORLD["vitals"][ROLLUP_VITALS]:
        age = row["cursor_age_s"]
        word = next(
            each["options"]["result"]["text"]
            for each in steps
            if (each["options"]["from"] or 0) <= age <= (each["options"]["to"] or age)
        )
        fired = (("process", row["process"]),) in _fires(server, rule, NOW)
        assert fired == ("No figures for an hour" in word), (row, word)


def test_the_platform_board_does_not_judge_that_no_report_came() -> None:
    """By night the newest report is hours old, and nothing is wrong."""
    board = read(FOLDER / "en" / "platform.json")
    (panel,) = [each for each in board["panels"] if each.get("title") == "Age of the figures"]
    assert "mappings" not in json.dumps(panel["fieldConfig"]["overrides"])
    assert "no fault" in panel["description"]


def test_rules_of_factories_name_the_district_that_is_told() -> None:
    of_factories = {rule.short for rule in rules() if "$labels.factory" in rule.page}
    labelled = {
        rule.short
        for rule in rules()
        if any('GROUP BY "district", "factory"' in a.statement for a in rule.asked.values())
    }
    assert of_factories == labelled == {"factory-silent", "refused-rate", "missing-messages"}


def test_rules_of_processes_fire_when_nothing_is_told(server: InfluxServer) -> None:
    quiet = {rule.short for rule in rules() if rule.no_data == "Alerting"}
    assert quiet == {"ingest-lag", "no-figures"}
    assert all(
        re.search("vitals", asked.statement) for rule in rules() if rule.short in quiet for asked in rule.asked.values()
    )
