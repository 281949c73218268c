"""`robodensity boards push` in its own environment, against the stand-in of Grafana of tests/grafana_stand_in.py."""

import fcntl
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from grafana_stand_in import GrafanaStandIn, Held, serving

ROOT = Path(__file__).parents[2]
DISTRICT = "浦东新区 310115"
CITY_TOKEN, DISTRICT_TOKEN = "read-of-the-city", "read-of-310115"
Push = Callable[..., "Done"]


@dataclass
class Done:
    """How a push ended."""

    code: int
    said: str


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of .venv-boards, which is made where it is missing or stale."""
    with (tmp_path_factory.getbasetemp().parent / "boards.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["make", "-s", ".venv-boards/installed"], cwd=ROOT, check=True, capture_output=True)
    return ROOT / ".venv-boards/bin/python"


@pytest.fixture(scope="module")
def process(python: Path) -> Iterator[subprocess.Popen[str]]:
    """One process for many pushes: its imports take longer than all of them."""
    command = [python, ROOT / "tests/push_process.py"]
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "1000", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def grafana() -> Iterator[GrafanaStandIn]:
    with serving(GrafanaStandIn()) as state:
        yield state
        assert state.strange == []


@pytest.fixture
def push(process: subprocess.Popen[str], grafana: GrafanaStandIn, tmp_path: Path) -> Push:
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    (tokens / "city").write_text(CITY_TOKEN + "\n")
    (tokens / "310115").write_text(DISTRICT_TOKEN + "\n")
    settings = {
        "GRAFANA_URL": grafana.url,
        "GRAFANA_USER": grafana.user,
        "GRAFANA_PASSWORD": grafana.password,
        "GRAFANA_INFLUX_URL": "http://influxdb:8086",
        "READ_TOKENS": str(tokens),
        "GRAFANA_EMAIL": "duty@example.org",
        "GRAFANA_DINGTALK_URL": "https://dingtalk.example/robot?access_token=1",
        "GRAFANA_WECOM_URL": "https://wecom.example/send?key=1",
    }

    def run(*options: str, retired: Mapping[str, list[str]] | None = None, **changed: str | None) -> Done:
        chosen = {name: value for name, value in {**settings, **changed}.items() if value is not None}
        environment = {f"ROBODENSITY_{name}": value for name, value in chosen.items()}
        asked = {"options": options, "environment": environment, "folder": str(tmp_path), "retired": retired or {}}
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        return Done(**json.loads(process.stdout.readline()))

    return run


BOARD = "robodensity-city-zh"


def _city(grafana: GrafanaStandIn) -> Held:
    return grafana.organisations[1]


def _district(grafana: GrafanaStandIn) -> Held:
    return next(each for each in grafana.organisations.values() if each.name == DISTRICT)


def test_push_makes_everything_and_a_second_push_changes_nothing(push: Push, grafana: GrafanaStandIn) -> None:
    first = push()
    assert first.code == 0, first.said
    city = _city(grafana)
    checked_in = {path.stem for path in (ROOT / "dashboards/json/zh").glob("*.json")}
    assert len(city.boards) == 2 * len(checked_in)
    rules = json.loads((ROOT / "dashboards/provisioned/alert_rules.json").read_text())
    assert list(city.rule_groups.values()) == rules
    assert {each["type"] for each in city.contact_points.values()} == {"email", "dingding", "wecom"}
    assert city.policy["receiver"] == "robodensity"
    assert {each.name for each in grafana.organisations.values()} == {"Main Org.", DISTRICT}
    grafana.writes.clear()
    second = push()
    assert second.code == 0, second.said
    # Of WeCom's and DingTalk's addresses Grafana tells only that they are set.
    assert [path.rsplit("/", 1)[-1] for _, _, path in grafana.writes] == [
        "robodensity-contact-city-dingtalk",
        "robodensity-contact-city-wecom",
    ]
    assert "created" not in second.said
    assert "updated" not in second.said


def test_push_gives_a_district_an_organisation_with_its_own_token_alone(push: Push, grafana: GrafanaStandIn) -> None:
    assert push().code == 0
    told = {
        each.name: [source["secureJsonData"]["httpHeaderValue1"] for source in each.data_sources.values()]
        for each in grafana.organisations.values()
    }
    assert told == {"Main Org.": [f"Token {CITY_TOKEN}"], DISTRICT: [f"Token {DISTRICT_TOKEN}"]}
    assert _district(grafana).rule_groups == {}


def test_push_with_a_new_token_updates_the_data_source(push: Push, grafana: GrafanaStandIn, tmp_path: Path) -> None:
    assert push().code == 0
    (tmp_path / "tokens/310115").write_text("another")
    done = push()
    assert f"{DISTRICT}: data source robodensity-influxdb updated" in done.said
    assert _district(grafana).data_sources["robodensity-influxdb"]["secureJsonData"] == {
        "httpHeaderValue1": "Token another"
    }
    assert "another" not in done.said.replace("another urllib3", "")


def test_push_dry_run_says_what_would_change_and_writes_nothing(push: Push, grafana: GrafanaStandIn) -> None:
    done = push("--dry-run")
    assert done.code == 0, done.said
    assert "Main Org.: data source robodensity-influxdb created" in done.said
    assert "Would be pushed to" in done.said
    assert grafana.writes == []


def test_push_with_a_token_leaves_the_districts_alone_and_says_so(push: Push, grafana: GrafanaStandIn) -> None:
    grafana.tokens["glsa_1"] = 1
    done = push(GRAFANA_USER=None, GRAFANA_PASSWORD=None, GRAFANA_TOKEN="glsa_1")
    assert done.code == 0, done.said
    assert "districts' organisations were left alone" in done.said
    assert set(grafana.organisations) == {1}
    assert _city(grafana).data_sources


def test_push_deletes_the_contact_point_that_no_setting_names_any_more(push: Push, grafana: GrafanaStandIn) -> None:
    assert push().code == 0
    done = push(GRAFANA_WECOM_URL=None)
    assert "contact point robodensity-contact-city-wecom deleted" in done.said
    assert {each["type"] for each in _city(grafana).contact_points.values()} == {"email", "dingding"}


OLD = {"FOLDERS": ["old"], "TEMPLATES": ["old"], "MUTE_TIMINGS": ["old-night"], "BOARDS": ["old-board"]}


def _hold_what_is_retired(city: Held) -> None:
    """As an older release left it, with a board that this one keeps in another folder."""
    city.folders["old"] = {"uid": "old", "title": "旧", "version": 1}
    city.templates["old"] = {"name": "old", "template": '{{ define "x" }}{{ end }}'}
    city.mute_timings["old-night"] = {"name": "old-night", "time_intervals": []}
    saved = {"folder": "old", "message": "robodensity boards push of-an-older-release", "by": "admin"}
    for uid in ("old-board", BOARD):
        city.boards[uid] = [{**saved, "model": {"uid": uid, "title": uid, "version": 1}}]


def test_push_deletes_folders_templates_and_mute_timings_that_are_retired(push: Push, grafana: GrafanaStandIn) -> None:
    city = _city(grafana)
    _hold_what_is_retired(city)
    done = push(retired=OLD)
    assert done.code == 0, done.said
    for kind, key in (("folder", "old"), ("template", "old"), ("mute timing", "old-night"), ("board", "old-board")):
        assert f"Main Org.: {kind} {key} deleted" in done.said
    assert not {"old", "old-night", "old-board"} & {
        *city.folders, *city.templates, *city.mute_timings, *city.boards
    }  # fmt: skip
    assert city.boards[BOARD][-1]["folder"] == "robodensity-zh"
    assert "deleted" not in push(retired=OLD).said


def test_push_does_not_delete_a_retired_folder_that_holds_a_board_of_somebody(
    push: Push, grafana: GrafanaStandIn
) -> None:
    _hold_what_is_retired(_city(grafana))
    _city(grafana).boards["mine"] = [{"folder": "old", "message": "", "by": "li.hua", "model": {"version": 1}}]
    done = push("--force", retired=OLD)
    assert (done.code, grafana.writes) == (2, [])
    assert "The folder old of Main Org. holds mine, which would go with it: move them to another folder" in done.said


def test_push_without_any_contact_gives_the_policies_back(push: Push, grafana: GrafanaStandIn) -> None:
    assert push().code == 0
    done = push(GRAFANA_WECOM_URL=None, GRAFANA_DINGTALK_URL=None, GRAFANA_EMAIL=None)
    assert done.code == 0, done.said
    assert _city(grafana).policy["receiver"] == "grafana-default-email"
    assert _city(grafana).contact_points == {}


def test_push_tells_a_district_of_what_lies_in_it(push: Push, grafana: GrafanaStandIn) -> None:
    done = push(GRAFANA_DISTRICT_CONTACTS='{"310115": {"email": "pudong@example.org"}}')
    assert done.code == 0, done.said
    route = _city(grafana).policy["routes"][0]
    assert route["receiver"] == "robodensity-310115"
    assert route["object_matchers"][1][:2] == ["scope", "=~"]
    assert "district:310115" in route["object_matchers"][1][2]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"GRAFANA_URL": "http://127.0.0.1:1"}, "No Grafana answers at http://127.0.0.1:1"),
        ({"GRAFANA_PASSWORD": "wrong-password"}, "correct ROBODENSITY_GRAFANA_USER and _PASSWORD"),
        ({"GRAFANA_TOKEN": "wrong"}, "correct ROBODENSITY_GRAFANA_TOKEN"),
        ({"GRAFANA_USER": None}, "No account of Grafana is set"),
        ({"READ_TOKENS": None}, "ROBODENSITY_READ_TOKENS is not set"),
        ({"GRAFANA_DISTRICT_CONTACTS": '{"999999": {"email": "x"}}'}, "which is no district"),
        ({"GRAFANA_DISTRICT_CONTACTS": '{"310115": {"fax": "x"}}'}, "ROBODENSITY_GRAFANA_DISTRICT_CONTACTS"),
    ],
)
def test_push_refuses_what_can_not_work_and_writes_nothing(
    push: Push, grafana: GrafanaStandIn, changed: dict[str, str | None], says: str
) -> None:
    done = push(**changed)
    assert (done.code, grafana.writes) == (2, [])
    assert says in done.said
    assert "Traceback" not in done.said


def test_push_onto_a_board_changed_by_hand_names_it_and_changes_nothing(push: Push, grafana: GrafanaStandIn) -> None:
    assert push().code == 0
    grafana.save_by_hand(1, BOARD, title="ours")
    grafana.writes.clear()
    done = push()
    assert (done.code, grafana.writes) == (2, [])
    assert f"The board {BOARD} of Main Org. was changed by hand (version 2, by li.hua)" in done.said
    assert "Nothing was changed" in done.said
    assert push("--force").code == 0
    assert _city(grafana).boards[BOARD][-1]["model"]["title"] != "ours"
    assert [each["model"]["version"] for each in _city(grafana).boards[BOARD]] == [1, 2, 3]


def test_push_does_not_touch_a_board_that_a_file_provisions(push: Push, grafana: GrafanaStandIn) -> None:
    assert push().code == 0
    _city(grafana).boards[BOARD][-1]["provisioned"] = True
    done = push("--force")
    assert done.code == 2
    assert f"The board {BOARD} of Main Org. comes from a provisioning file" in done.said


def test_push_loses_no_save_that_is_made_while_it_pushes(push: Push, grafana: GrafanaStandIn) -> None:
    """Between the look and the write somebody saves: Grafana refuses the older version, and the push says so."""
    assert push().code == 0
    versions = _city(grafana).boards[BOARD]
    versions[-1]["message"] = "robodensity boards push of-an-older-release"
    grafana.before_write = lambda path: grafana.save_by_hand(1, BOARD, title="ours") if path.endswith("/db") else None
    done = push()
    assert done.code == 2
    assert "412" in done.said
    assert versions[-1]["model"]["title"] == "ours"


def test_push_to_an_older_grafana_names_both_versions(push: Push, grafana: GrafanaStandIn) -> None:
    grafana.version = "11.6.4"
    done = push()
    assert (done.code, grafana.writes) == (2, [])
    assert "is 11.6.4, and the boards need 12.0 or later" in done.said


def test_push_to_what_is_no_grafana_says_so(push: Push, grafana: GrafanaStandIn) -> None:
    grafana.prefix = "/grafana"  # so that nothing answers at /api/health
    done = push()
    assert (done.code, grafana.writes) == (2, [])
    assert "is no Grafana" in done.said


def test_push_finds_a_grafana_under_a_path(push: Push, grafana: GrafanaStandIn) -> None:
    grafana.prefix = "/grafana"
    assert push(GRAFANA_URL=f"{grafana.url}/grafana/").code == 0
    assert _city(grafana).data_sources


def test_push_that_breaks_off_says_how_far_it_came_and_the_next_completes(push: Push, grafana: GrafanaStandIn) -> None:
    grafana.breaks_after_writes = 5
    broken = push()
    assert broken.code == 2
    assert "5 of" in broken.said
    assert "push again" in broken.said
    grafana.breaks_after_writes = None
    assert push().code == 0
    whole = _city(grafana)
    assert (bool(whole.rule_groups), whole.policy["receiver"]) == (True, "robodensity")
    grafana.writes.clear()
    assert push("--dry-run").code == 0


def test_urllib3_of_the_services_is_the_one_that_influxdb_client_needs(python: Path) -> None:
    """niquests, which grafana-client brings, puts urllib3-future in its place: that stays in .venv-boards."""
    import importlib.metadata
    import sys

    import urllib3

    assert urllib3.__version__ == importlib.metadata.version("urllib3")
    assert Path(urllib3.__file__).is_relative_to(sys.prefix)
    names = {each.metadata["Name"].lower() for each in importlib.metadata.distributions()}
    assert names & {"urllib3-future", "niquests", "grafana-client"} == set()
    script = (
        "import importlib.metadata, urllib3; print(urllib3.__version__, importlib.metadata.version('urllib3-future'))"
    )
    there = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert there[0] == there[1] != urllib3.__version__
