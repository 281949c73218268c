from collections.abc import Mapping
from typing import Any

import pytest

from dashboards.provisioning.checked_in import checked_in, databases
from dashboards.provisioning.district import district_organisation
from dashboards.provisioning.readable import readable_part
from robodensity.seeds import load_reference

ADCODE = "310115"


@pytest.fixture(scope="module")
def boards() -> Mapping[str, Mapping[str, Any]]:
    reference = load_reference()
    organisation = district_organisation(ADCODE, checked_in(), reference, url="http://x", token="t")
    (source,) = organisation.data_sources
    assert source["jsonData"]["dbName"] == f"figures_{ADCODE}"
    return {board["uid"]: board for _, board in organisation.boards}


def test_district_boards_ask_only_what_its_token_reads(boards: Mapping[str, Mapping[str, Any]]) -> None:
    asked = {uid: databases(board) for uid, board in boards.items()}
    assert set().union(*asked.values()) == {"figures_shared", f"figures_{ADCODE}"}


def test_district_has_every_board_but_the_platforms(boards: Mapping[str, Mapping[str, Any]]) -> None:
    every = {board["uid"] for _, board in checked_in().boards}
    assert every - set(boards) == {"robodensity-platform-zh", "robodensity-platform-en"}


def test_district_boards_offer_and_name_no_other_area(boards: Mapping[str, Mapping[str, Any]]) -> None:
    reference = load_reference()
    others = {f"district:{each}" for each in reference.districts if each != ADCODE}
    for uid, board in boards.items():
        asked = [target["query"] for panel in board["panels"] for target in panel.get("targets", [])]
        assert not [each for each in asked if "^industry:" in each or any(other in each for other in others)], uid
        offered = {each["name"]: {option["value"] for option in each["options"]} for each in board["templating"]["list"]
                   if each["name"] in {"district", "park"} and each["type"] == "custom"}  # fmt: skip
        assert offered.get("district", {ADCODE}) == {ADCODE}
        assert {reference.parks[each].district for each in offered.get("park", ())} <= {ADCODE}


def test_district_without_a_park_has_no_board_of_parks() -> None:
    reference = load_reference()
    assert "310101" not in {park.district for park in reference.parks.values()}
    organisation = district_organisation("310101", checked_in(), reference, url="http://x", token="t")
    uids = {board["uid"] for _, board in organisation.boards}
    assert "robodensity-park-zh" not in uids
    assert "robodensity-district-zh" in uids


def test_quality_board_of_a_district_tells_of_the_district(boards: Mapping[str, Mapping[str, Any]]) -> None:
    text = str(boards["robodensity-quality-zh"])
    assert f"'district:{ADCODE}'" in text.replace("\\'", "'")
    assert "= 'city'" not in text.replace("\\'", "'")


def test_readable_part_leaves_no_empty_row() -> None:
    def panel(database: str) -> dict[str, Any]:
        return {"type": "stat", "targets": [{"query": f'SELECT "a" FROM "{database}".."b"'}]}

    row = {"type": "row"}
    board = {"uid": "x", "panels": [row, panel("figures"), row, panel("telemetry"), row, panel("figures"), row]}
    part = readable_part(board, {"figures"})
    assert part is not None
    assert [each["type"] for each in part["panels"]] == ["row", "stat", "row", "stat"]
    assert readable_part({"uid": "x", "panels": [row, panel("telemetry")]}, {"figures"}) is None
