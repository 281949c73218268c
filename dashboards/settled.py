"""What a deployment settles in a board: where the web board is and, in a district's organisation, the district."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from copy import deepcopy
from typing import Any

from dashboards.uids import LANGUAGES, board_uid
from store.schema import FIGURES, FIGURES_SHARED, LISTS, district_database

DISTRICT = "${district:raw}"
_QUALITY = {board_uid("quality", language) for language in LANGUAGES}
_SHARED = re.compile(rf'"({FIGURES}|{LISTS})"\.\.')
_OF_CITY = re.compile(r"\"scope\" = 'city'|\.\.\"provenance\"")
_AREA = re.compile(r"\"scope\" (?:= '|=~ /\^)(district:\d+|industry:)")


def addressed(board: Mapping[str, Any], web: str) -> dict[str, Any]:
    """A board's JSON with the web board's address in its constant; the given one stays as it is."""
    told: dict[str, Any] = deepcopy(dict(board))
    for variable in told["templating"]["list"]:
        if variable["name"] == "web":
            only = {"text": web, "value": web, "selected": True}
            variable |= {"query": web, "current": only, "options": [only]}
    return told


def for_district(board: Mapping[str, Any], adcode: str, parks: AbstractSet[str]) -> dict[str, Any] | None:
    """A board as a district's organisation has it: it asks what is shared with the district, and offers no other area.

    Panels of other districts and of the industries of the whole city fall away; the board of quality is the district's.

    Args:
        board: the city's.
        adcode: of the district.
        parks: that lie in it.

    Returns:
        None where the board lets choose among parks and the district has none.
    """
    text = json.dumps(board).replace(DISTRICT, adcode)
    if board["uid"] in _QUALITY:
        text = text.replace("'city'", f"'district:{adcode}'")
    told: dict[str, Any] = json.loads(text)
    for target in [each for panel in told["panels"] for each in panel.get("targets", [])]:
        target["query"] = _of_shared(target["query"], adcode)
    for variable in [each for each in told["templating"]["list"] if each["type"] == "query"]:
        variable["query"] = variable["definition"] = _of_shared(variable["query"], adcode)
    told["panels"] = [panel for panel in told["panels"] if not _lies_elsewhere(panel, adcode)]
    offered = {"district": {adcode}, "park": parks}
    variables = [each for each in told["templating"]["list"] if each["name"] in offered and each["type"] == "custom"]
    return told if all(_narrow(each, offered[each["name"]]) for each in variables) else None


def _of_shared(statement: str, adcode: str) -> str:
    """The statement on the database where the rollup shares what it asks."""
    database = FIGURES_SHARED if _OF_CITY.search(statement) else district_database(adcode)
    return _SHARED.sub(f'"{database}"..', statement)


def _lies_elsewhere(panel: Mapping[str, Any], adcode: str) -> bool:
    areas = [area for target in panel.get("targets", []) for area in _AREA.findall(target["query"])]
    return any(area != f"district:{adcode}" for area in areas)


def _narrow(variable: dict[str, Any], own: AbstractSet[str]) -> bool:
    """Offer no more than these values; answers whether any is left."""
    options = [each | {"selected": False} for each in variable["options"] if each["value"] in own]
    if options:
        options[0]["selected"] = True
        query = ", ".join(f"{each['text']} : {each['value']}" for each in options)
        variable |= {"options": options, "current": options[0], "query": query}
    return bool(options)
