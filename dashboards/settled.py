"""What a deployment settles in a board: where the web board is and, in a district's organisation, the district."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

DISTRICT = "${district:raw}"


def addressed(board: Mapping[str, Any], web: str) -> dict[str, Any]:
    """A board's JSON with the web board's address in its constant; the given one stays as it is."""
    told: dict[str, Any] = deepcopy(dict(board))
    for variable in told["templating"]["list"]:
        if variable["name"] == "web":
            only = {"text": web, "value": web, "selected": True}
            variable |= {"query": web, "current": only, "options": [only]}
    return told


def for_district(board: Mapping[str, Any], adcode: str) -> dict[str, Any]:
    """A board that shows one district where its viewer could choose one, and so asks for no other's factories."""
    told: dict[str, Any] = json.loads(json.dumps(board).replace(DISTRICT, adcode))
    for variable in told["templating"]["list"]:
        if variable["name"] == "district":
            own = [each for each in variable["options"] if each["value"] == adcode]
            only = own[0] | {"selected": True}
            variable |= {"options": [only], "current": only, "query": f"{only['text']} : {only['value']}"}
    return told
