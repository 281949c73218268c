import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards import build
from dashboards.asked import FOLDER, asked, checked_in, read
from dashboards.lint import faults
from dashboards.provisioning.checked_in import databases
from dashboards.query import InfluxQuery, register
from dashboards.settled import addressed, for_district
from dashboards.uids import BOARDS, DATA_SOURCE, LANGUAGES, alert_folder_uid, board_uid, folder_uid
from dashboards.words import WORDS
from density.plan import Plan
from density.register import Reference

Json = dict[str, Any]
BOTH = [pytest.param(board, language, id=f"{board}-{language}") for board in BOARDS for language in LANGUAGES]
HAN = re.compile(r"[一-鿿]")
LATIN = re.compile(r"[A-Za-z]{3,}")
UIDS = Path(__file__).parent / "uids.txt"


def board_of(board: str, language: str) -> Json:
    return read(FOLDER / language / f"{board}.json")


def boards_of(language: str) -> list[Json]:
    return [read(path) for path in sorted((FOLDER / language).glob("*.json"))]


def panels(board: Json) -> list[Json]:
    return [panel for panel in board["panels"] if panel["type"] not in {"row", "text"}]


def texts(board: Json) -> dict[str, str]:
    """Every text that a viewer reads, by where it stands; definitions hold the plan's own Chinese words."""
    found = {"title": board["title"], "description": board["description"]}
    for panel in board["panels"]:
        at = f"panel {panel['id']}"
        found[f"{at} title"] = panel.get("title", "")
        defaults = panel.get("fieldConfig", {}).get("defaults", {})
        found[f"{at} nothing"] = defaults.get("noValue", "")
        found |= {f"{at} link {place}": link["title"] for place, link in enumerate(panel.get("links", []))}
        for override in panel.get("fieldConfig", {}).get("overrides", []):
            found[f"{at} field {override['matcher']['options']}"] = shown_name(override)
    for variable in board["templating"]["list"]:
        found[f"variable {variable['name']}"] = variable["label"]
        if variable["type"] == "custom":
            found |= {f"option {each['value']}": each["text"] for each in variable["options"]}
    return {place: text for place, text in found.items() if text}


def shown_name(override: Json) -> str:
    properties = {each["id"]: each["value"] for each in override["properties"]}
    return str(properties.get("displayName", override["matcher"]["options"]))


@pytest.fixture(scope="module")
def wanted(reference: Reference, plan: Plan) -> dict[Path, str]:
    return build.boards(reference, plan)


def test_checked_in_boards_are_those_that_the_code_makes(wanted: dict[Path, str]) -> None:
    assert build.stale(wanted) == []


def test_stale_names_a_file_that_differs_is_missing_or_is_left_over(
    wanted: dict[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = {tmp_path / path.relative_to(FOLDER): text for path, text in wanted.items()}
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    assert len(build.write(moved)) == len(moved)
    assert build.write(moved) == []
    changed, gone = sorted(moved)[:2]
    changed.write_text(changed.read_text().replace("Asia/Shanghai", "browser"))
    gone.unlink()
    (tmp_path / "zh" / "old.json").write_text("{}")
    assert [each.split("/")[-1] for each in build.stale(moved)] == [
        f"{changed.name} is stale", f"{gone.name} is missing", "old.json belongs to no board",
    ]  # fmt: skip
    assert len(build.write(moved)) == 3
    assert build.stale(moved) == []


@pytest.mark.parametrize(("board", "language"), BOTH)
def test_each_board_passes_the_sdk_s_types_both_ways(board: str, language: str) -> None:
    register_default_plugins()
    register()
    written = board_of(board, language)
    back = Dashboard.from_json(copy.deepcopy(written))
    assert all(isinstance(each, InfluxQuery) for panel in panels_of(back) for each in panel.targets or [])
    assert json.loads(json.dumps(back, cls=JSONEncoder)) == written


def panels_of(board: Dashboard) -> list[Any]:
    return [panel for panel in board.panels or [] if getattr(panel, "targets", None)]


@pytest.mark.parametrize(("board", "language"), BOTH)
def test_each_board_keeps_to_the_rules(board: str, language: str) -> None:
    assert faults(board_of(board, language)) == []


BROKEN = {
    "can be edited": lambda board: board.update(editable=True),
    "has the time zone browser": lambda board: board.update(timezone="browser"),
    "has no variable for its data source": lambda board: board["templating"]["list"].pop(0),
    "labelled Influx, not": lambda board: board["templating"]["list"][0].update(label="Influx"),
    "the variable district has no label": lambda board: variable(board, "district").pop("label"),
    "the variable factory asks another data source": lambda board: variable(board, "factory").update(datasource={}),
    "is not asked again when the range changes": lambda board: variable(board, "factory").update(refresh=1),
    "it has no title": lambda board: panels(board)[3].update(title=""),
    "it has no description": lambda board: panels(board)[3].pop("description"),
    "it draws a map": lambda board: panels(board)[3].update(type="geomap"),
    "its data source is no variable": lambda board: panels(board)[3].update(datasource={"uid": "x"}),
    "it has no link to its twin": lambda board: panels(board)[3].update(links=[]),
    "it asks nothing": lambda board: panels(board)[3].update(targets=[]),
    "is no InfluxQL": lambda board: panels(board)[3]["targets"][0].update(rawQuery=False),
    "does not look at the board's range": lambda board: panels(board)[3]["targets"][0].update(query="SELECT 1 FROM x"),
    "groups by days": lambda board: query(board, "WHERE $timeFilter GROUP BY time(1d)"),
    "reads every factory over any range": lambda board: query(
        board, 'SELECT sum("stored") FROM "reports".."accounting" WHERE $timeFilter'
    ),
    "splits by time what it reads of every factory": lambda board: query(
        board, 'SELECT sum("stored") FROM "reports".."accounting" WHERE $timeFilter GROUP BY time(1h)'
    ),
    "names $district without a format": lambda board: query(board, "WHERE $timeFilter AND a = '$district'"),
    "names ${district} without a format": lambda board: query(board, "WHERE $timeFilter AND a = '${district}'"),
    "says nothing when there is no data": lambda board: panels(board)[3]["fieldConfig"]["defaults"].pop("noValue"),
    "furlongs is no unit": lambda board: panels(board)[3]["fieldConfig"]["defaults"].update(unit="furlongs"),
    "it has no unit": lambda board: panels(board)[3]["fieldConfig"]["defaults"].pop("unit"),
    "it colours by thresholds": lambda board: panels(board)[3]["fieldConfig"]["defaults"].update(
        thresholds={"mode": "absolute", "steps": [{"color": "red"}, {"color": "green", "value": 1}]}
    ),
    "a colour and no word": lambda board: panels(board)[3]["fieldConfig"]["defaults"].update(
        mappings=[{"type": "value", "options": {"1": {"color": "red"}}}]
    ),
    "two panels have one id": lambda board: panels(board)[3].update(id=panels(board)[2]["id"]),
}  # fmt: skip


def variable(board: Json, name: str) -> Json:
    return next(each for each in board["templating"]["list"] if each["name"] == name)


def query(board: Json, statement: str) -> None:
    panels(board)[3]["targets"][0]["query"] = statement


@pytest.mark.parametrize("fault", BROKEN)
def test_faults_finds_what_breaks_a_rule(fault: str) -> None:
    board = board_of("factory", "zh")
    BROKEN[fault](board)
    assert any(fault in each for each in faults(board)), faults(board)


def test_uids_are_unique_and_are_those_that_were_given_before() -> None:
    found = [DATA_SOURCE, alert_folder_uid(), *map(folder_uid, LANGUAGES)]
    found += [board_uid(board, language) for language in LANGUAGES for board in BOARDS]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", each) for each in found)
    assert found == UIDS.read_text().split()
    assert sorted(each["uid"] for each in checked_in()) == sorted(found[4:])


@pytest.mark.parametrize("board", BOARDS)
def test_every_text_has_its_twin_in_the_other_language(board: str) -> None:
    zh, en = (texts(board_of(board, language)) for language in LANGUAGES)
    titles = {place: (zh.get(place), en.get(place)) for place in zh if "field" not in place}
    assert all(titles[place][1] for place in titles), titles
    assert {place for place in zh if "field" not in place} == {place for place in en if "field" not in place}
    assert [place for place, text in zh.items() if "field" not in place and not HAN.search(text)] == []
    assert [place for place, text in en.items() if HAN.search(text)] == []
    latin = {text for text in zh.values() if LATIN.search(text) and not HAN.search(text)}
    assert latin <= {"min", "max"}, latin


def test_words_are_said_in_both_languages() -> None:
    for word, (zh, en) in WORDS.items():
        assert HAN.search(zh) or word == "colon", word
        assert en
        assert not HAN.search(en), word
        assert re.findall(r"\{\w+\}", zh) == re.findall(r"\{\w+\}", en), word


def test_every_board_asks_the_same_in_both_languages() -> None:
    asks = {
        language: [(each.format, re.sub(r'"[^"]*"', "", each.statement)) for each in asked(boards_of(language))]
        for language in LANGUAGES
    }
    assert asks["zh"] == asks["en"]
    assert len(asks["zh"]) > 150


def test_no_board_coins_a_name_of_the_schema() -> None:
    from store.schema import MEASUREMENTS

    known = {kind.name for kind in MEASUREMENTS}
    for each in asked(checked_in()):
        named = re.findall(r'\.\."(\w+)"', each.statement) or re.findall(r'FROM "(\w+)" WITH', each.statement)
        assert named, each.statement
        assert set(named) <= known, each.statement


def test_addressed_sets_the_web_board_s_address_and_nothing_else() -> None:
    board = board_of("city", "zh")
    told = addressed(board, "https://robots.example")
    assert board == board_of("city", "zh")
    web = next(each for each in told["templating"]["list"] if each["name"] == "web")
    assert (web["query"], web["current"]["value"]) == ("https://robots.example", "https://robots.example")
    assert {key: each for key, each in told.items() if key != "templating"} == {
        key: each for key, each in board.items() if key != "templating"
    }


def test_for_district_leaves_a_viewer_no_other_district() -> None:
    board = for_district(board_of("district", "zh"), "310114", {"P1"})
    assert board is not None
    assert "${district" not in json.dumps(board)
    district = next(each for each in board["templating"]["list"] if each["name"] == "district")
    assert [each["value"] for each in district["options"]] == ["310114"]
    assert databases(board) == {"figures_shared", "figures_310114"}
