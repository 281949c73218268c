from dataclasses import replace

import pytest

from dashboards.provisioning.organisation import Organisation, Retired
from dashboards.push.changes import Change, changes, holds, saved_message
from dashboards.push.present import Present, PresentBoard

BOARD = {"uid": "robodensity-city-zh", "title": "全市"}
FOLDER = "robodensity-zh"
WANTED = Organisation("Main Org.", boards=((FOLDER, BOARD),))
SAVED = PresentBoard(3, saved_message(FOLDER, BOARD), "admin", provisioned=False, folder=FOLDER)


def _only(wanted: Organisation, present: Present) -> Change:
    (change,) = changes(wanted, present)
    return change


def test_changes_of_a_new_organisation_create_the_board() -> None:
    change = _only(WANTED, Present())
    assert (change.action, change.body["folderUid"], change.body["overwrite"]) == ("created", FOLDER, False)
    assert "version" not in change.body["dashboard"]


def test_changes_of_a_board_as_it_was_pushed_are_none() -> None:
    assert _only(WANTED, Present(boards={BOARD["uid"]: SAVED})).action == "unchanged"


def test_changes_of_an_older_push_update_on_the_version_that_was_found() -> None:
    older = replace(SAVED, message=saved_message(FOLDER, {**BOARD, "title": "old"}))
    change = _only(WANTED, Present(boards={BOARD["uid"]: older}))
    assert (change.action, change.body["dashboard"]["version"], change.hand) == ("updated", 3, "")


def test_changes_of_a_board_in_another_folder_move_it_back() -> None:
    moved = replace(SAVED, folder="elsewhere")
    assert _only(WANTED, Present(boards={BOARD["uid"]: moved})).action == "updated"


@pytest.mark.parametrize("message", ["", "Restored from version 1", "tidied up"])
def test_changes_of_a_board_saved_by_hand_name_who_and_when(message: str) -> None:
    by_hand = replace(SAVED, message=message, saved_by="li.hua", version=4)
    change = _only(WANTED, Present(boards={BOARD["uid"]: by_hand}))
    assert change.hand == "was changed by hand (version 4, by li.hua)"


def test_changes_of_a_board_from_a_file_are_barred_and_force_does_not_help() -> None:
    change = _only(WANTED, Present(boards={BOARD["uid"]: replace(SAVED, provisioned=True)}))
    assert "provisioning file" in change.barred


def test_changes_delete_what_is_retired_and_there() -> None:
    retired = Retired(boards=("robodensity-old", "robodensity-never-there"), rules=("robodensity-alert-old",))
    there = Present(boards={"robodensity-old": SAVED}, rules={"robodensity-alert-old": {}})
    done = [(change.kind, change.key, change.action) for change in changes(Organisation("x", retired=retired), there)]
    assert done == [("board", "robodensity-old", "deleted"), ("rule", "robodensity-alert-old", "deleted")]


def test_changes_delete_a_folder_last_and_never_with_what_no_push_put_there() -> None:
    retired = Retired(folders=("old",), templates=("old",), mute_timings=("night",))
    there = {"folders": {"old": {}}, "templates": {"old": {}}, "mute_timings": {"night": {}}}
    wanted = replace(WANTED, retired=retired)
    *_, template, timing, folder = changes(wanted, Present(**there, contents={"old": [BOARD["uid"]]}))
    assert [(each.kind, each.key) for each in (template, timing, folder)] == [
        ("template", "old"), ("mute timing", "night"), ("folder", "old"),
    ]  # fmt: skip
    assert (folder.action, folder.barred) == ("deleted", "")
    *_, folder = changes(wanted, Present(**there, contents={"old": [BOARD["uid"], "mine"]}))
    assert "holds mine" in folder.barred


@pytest.mark.parametrize(
    ("present", "hand"),
    [
        ({}, False),
        ({"receiver": "grafana-default-email"}, False),
        ({"receiver": "mine", "provenance": "api"}, False),
        ({"receiver": "mine"}, True),
        ({"receiver": "grafana-default-email", "routes": [{"receiver": "mine"}]}, True),
    ],
)
def test_changes_of_policies_spare_a_tree_of_somebody_else(present: dict[str, object], *, hand: bool) -> None:
    change = _only(Organisation("x", policy={"receiver": "robodensity"}), Present(policy=present))
    assert (change.action, bool(change.hand)) == ("updated", hand)


def test_changes_write_a_contact_point_again_whose_secret_grafana_does_not_tell() -> None:
    wanted = {"uid": "c", "type": "wecom", "settings": {"url": "https://1", "title": "t"}}
    there = {**wanted, "settings": {"url": "[REDACTED]", "title": "t"}}
    organisation = Organisation("x", contact_points=(wanted,))
    assert _only(organisation, Present(contact_points={"c": there})).action == "rewritten"
    other = {**there, "settings": {**there["settings"], "title": "other"}}
    assert _only(organisation, Present(contact_points={"c": other})).action == "updated"
    assert _only(organisation, Present(contact_points={"c": wanted})).action == "unchanged"


def test_changes_never_compare_a_secret_of_a_data_source() -> None:
    wanted = {"uid": "d", "jsonData": {"tokenFingerprint": "1"}, "secureJsonData": {"httpHeaderValue1": "Token t"}}
    organisation = Organisation("x", data_sources=(wanted,))
    same = {"uid": "d", "jsonData": {"tokenFingerprint": "1", "more": 1}, "secureJsonFields": {}}
    assert _only(organisation, Present(data_sources={"d": same})).action == "unchanged"
    change = _only(organisation, Present(data_sources={"d": {**same, "jsonData": {"tokenFingerprint": "2"}}}))
    assert (change.action, change.body["secureJsonData"]) == ("updated", wanted["secureJsonData"])


@pytest.mark.parametrize(
    ("present", "wanted", "same"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": [{"b": 1, "c": 2}]}, {"a": ({"b": 1},)}, True),
        (None, {"a": 1}, False),
    ],
)
def test_holds_asks_only_for_what_is_wanted(present: object, wanted: object, *, same: bool) -> None:
    assert holds(present, wanted) is same
