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
    pudong = reference.districts[ADCODE]
    organisation = district_organisation(pudong, checked_in(), terms=reference.terms, url="http://x", token="t")
    return {board["uid"]: board for _, board in organisation.boards}


def test_district_boards_ask_only_what_its_token_reads(boards: Mapping[str, Mapping[str, Any]]) -> None:
    asked = {uid: databases(board) for uid, board in boards.items()}
    assert set().union(*asked.values()) == {"figures", f"figures_{ADCODE}"}
    assert {uid for uid, each in asked.items() if f"figures_{ADCODE}" in each} >= {"robodensity-factory-zh"}


def test_district_has_every_board_but_the_platforms(boards: Mapping[str, Mapping[str, Any]]) -> None:
    every = {board["uid"] for _, board in checked_in().boards}
    assert every - set(boards) == {"robodensity-platform-zh", "robodensity-platform-en"}


def test_readable_part_leaves_no_empty_row() -> None:
    def panel(database: str) -> dict[str, Any]:
        return {"type": "stat", "targets": [{"query": f'SELECT "a" FROM "{database}".."b"'}]}

    row = {"type": "row"}
    board = {"uid": "x", "panels": [row, panel("figures"), row, panel("telemetry"), row, panel("figures"), row]}
    part = readable_part(board, {"figures"})
    assert part is not None
    assert [each["type"] for each in part["panels"]] == ["row", "stat", "row", "stat"]
    assert readable_part({"uid": "x", "panels": [row, panel("telemetry")]}, {"figures"}) is None
