"""What is provisioned beside the boards: the checked-in files, the rules, who is told, when not."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from api.board.routes import router
from dashboards.provisioning import retired
from dashboards.provisioning.alert_rules import rules
from dashboards.provisioning.build import provisioned
from dashboards.provisioning.contact_points import CITY, WAYS, Contact, contact_points, contact_uid
from dashboards.provisioning.mute_timings import SPRING_FESTIVAL, mute_timings
from dashboards.provisioning.policies import policy
from dashboards.provisioning.rule_groups import rule_groups
from dashboards.provisioning.templates import template
from dashboards.uids import BOARDS, DATA_SOURCE, LANGUAGES, alert_folder_uid, board_uid, folder_uid
from density.register import Name, Reference
from robodensity.plans import load_plan
from robodensity.seeds import load_reference

UIDS = Path(__file__).with_name("uids.txt")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def test_provisioned_files_are_what_the_code_makes(reference: Reference) -> None:
    targets = {target.id: target.name for target in load_plan(reference).targets}
    stale = [path.name for path, text in provisioned(reference, targets).items() if path.read_text() != text]
    assert stale == [], "run `robodensity boards build` and look at the difference"


def test_rules_have_fixed_uids_and_a_runbook_in_both_languages(reference: Reference) -> None:
    every = [rule for group in rule_groups(reference.terms) for rule in group["rules"]]
    assert len(every) == len({rule["uid"] for rule in every}) == len(rules())
    for rule in every:
        assert len(rule["uid"]) <= 40
        assert re.search(r"[一-鿿]", rule["annotations"]["runbook_zh"])
        assert not re.search(r"[一-鿿]", rule["annotations"]["runbook_en"])
        assert rule["annotations"]["page"].startswith("/")


def test_rules_steps_name_only_steps_before_them(reference: Reference) -> None:
    for group in rule_groups(reference.terms):
        for rule in group["rules"]:
            seen: set[str] = set()
            for step in rule["data"]:
                expression = step["model"].get("expression", "")
                kind = step["model"].get("type")
                named = set(re.findall(r"\$([A-Z_]+)", expression)) if kind == "math" else {expression} - {""}
                assert named <= seen, rule["uid"]
                seen.add(step["refId"])
            assert rule["condition"] in seen


def test_rules_lead_to_pages_of_the_web_board(reference: Reference) -> None:
    shapes = [re.sub(r"\{\w+\}", "[^/]+", route.path) for route in router.routes]
    for rule in rules():
        for scope in ("city", "district:310115", "park:P01"):
            chosen = "" if scope == "city" else scope.replace(":", "/")
            page = re.sub(r"\{\{ if ne \$labels\.scope .* end \}\}", chosen, rule.page)
            page = page.replace("{{ $labels.factory }}", "F00042")
            assert any(re.fullmatch(shape, page) for shape in shapes), (rule.short, page)


def test_contact_points_of_a_place_share_the_name_that_policies_call() -> None:
    every = list(contact_points("310115", Contact("https://w", "https://d", "https://c", "a@example.org")))
    assert [each["type"] for each in every] == ["webhook", "dingding", "wecom", "email"]
    assert {each["name"] for each in every} == {"robodensity-310115"}
    assert len({each["uid"] for each in every}) == 4
    assert max(len(each["uid"]) for each in every) <= 40
    assert list(contact_points(CITY, Contact())) == []


def _receivers(tree: dict, labels: dict[str, str]) -> list[str]:
    """Whom Grafana tells of an alert with these labels: the first route that matches, and the next where it goes on."""
    told = []
    for route in tree["routes"]:
        tests = {"=": lambda one, two: one == two, "=~": lambda one, two: re.fullmatch(two, one) is not None}
        if all(tests[how](labels.get(label, ""), value) for label, how, value in route["object_matchers"]):
            told.append(route["receiver"])
            if not route.get("continue"):
                break
    return told or [tree["receiver"]]


def test_policy_tells_a_district_and_the_city_of_what_lies_in_it(reference: Reference) -> None:
    mail = Contact(email="x@example.org")
    tree = policy({CITY: mail, "310115": mail, "310114": Contact()}, reference.parks)
    park = {"audience": "officials", "scope": "park:P01"}
    assert reference.parks["P01"].district == "310115"
    assert _receivers(tree, park) == ["robodensity-310115", "robodensity"]
    elsewhere = next(each.id for each in reference.parks.values() if each.district == "310114")
    assert _receivers(tree, {**park, "scope": f"park:{elsewhere}"}) == ["robodensity"]
    assert _receivers(tree, {**park, "scope": "park:P011"}) == ["robodensity"]
    assert _receivers(tree, {"audience": "operators", "process": "ingest-1"}) == ["robodensity"]
    for audience in ("officials", "operators"):
        factory = {"audience": audience, "factory": "F1"}
        assert _receivers(tree, {**factory, "district": "310115"}) == ["robodensity-310115", "robodensity"]
        assert _receivers(tree, {**factory, "district": "310114"}) == ["robodensity"]


def test_policy_wakes_operators_and_no_official_at_night(reference: Reference) -> None:
    routes = policy({CITY: Contact(email="x@example.org")}, reference.parks)["routes"]
    muted = {route["object_matchers"][0][2]: bool(route.get("mute_time_intervals")) for route in routes}
    assert muted == {"officials": True, "operators": False}


def test_mute_timings_hold_every_day_of_spring_festival(reference: Reference) -> None:
    (festival,) = [each for each in mute_timings(reference.holidays) if each["name"] == SPRING_FESTIVAL]
    spans = {(each["years"][0], each["months"][0]): each["days_of_month"] for each in festival["time_intervals"]}
    holiday = next(each for each in reference.holidays if each.id == "spring-festival-2025")
    assert (holiday.first_day, holiday.last_day) == (date(2025, 1, 28), date(2025, 2, 4))
    assert (spans["2025", "1"], spans["2025", "2"]) == (["28:31"], ["1:4"])
    assert {each["location"] for each in festival["time_intervals"]} == {"Asia/Shanghai"}


def test_template_names_every_place_and_says_chinese_first(reference: Reference) -> None:
    text = template(reference, {"SH-13": Name("新增机器人", "New robots")}, "http://board.example/")["template"]
    assert "张江科学城 Zhangjiang Science City" in text
    assert text.index("处置办法") < text.index("What to do")
    assert "http://board.example{{ .Annotations.page }}" in text
    assert text.count("{{ define ") == 4
    opened = len(re.findall(r"{{ (?:define|if|with|range) ", text))
    assert text.count("{{ end }}") == opened


def test_every_uid_that_ever_was_is_in_use_or_retired_and_never_both(reference: Reference) -> None:
    rules_in_use = {rule["uid"] for group in rule_groups(reference.terms) for rule in group["rules"]}
    shown = {board_uid(board, language) for board in BOARDS for language in LANGUAGES}
    lies = {alert_folder_uid(), *(folder_uid(language) for language in LANGUAGES)}
    named = {template(reference, {}, "")["name"], *(each["name"] for each in mute_timings(reference.holidays))}
    fixed = rules_in_use | shown | lies | named | {DATA_SOURCE}
    used = fixed | {contact_uid(place, way) for place in (CITY, *reference.districts) for way in WAYS}
    gone = {uid for name, uids in vars(retired).items() if name.isupper() for uid in uids}
    ever = set(UIDS.read_text().split())
    assert used & gone == set()
    assert ever - used - gone == set(), "name it in dashboards/provisioning/retired.py, so that a push deletes it"
    assert fixed <= ever, f"add what is new to {UIDS.name}"


def test_provisioned_files_hold_no_secret(reference: Reference) -> None:
    for path, text in provisioned(reference, {}).items():
        for address in re.findall(r'"(?:url|addresses|httpHeaderValue1)": "([^"]+)"', text):
            assert "${" in address, path
        json.loads(text)
