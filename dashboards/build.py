"""All boards in both languages, as the JSON that is checked in and that deployments use."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.asked import FOLDER
from dashboards.boards.city import city
from dashboards.boards.district import district
from dashboards.boards.factory import factory
from dashboards.boards.park import park
from dashboards.boards.platform import platform
from dashboards.boards.quality import quality
from dashboards.kit import Kit
from dashboards.speech import Speech
from dashboards.uids import LANGUAGES, Board
from density.plan import Plan
from density.register import Reference

MAKERS: Mapping[Board, Callable[[Kit], Dashboard]] = {
    "city": city, "district": district, "park": park, "factory": factory, "quality": quality, "platform": platform,
}  # fmt: skip


def boards(reference: Reference, plan: Plan) -> dict[Path, str]:
    """The text of each file, by its path."""
    found = {}
    for language in LANGUAGES:
        kit = Kit(Speech(language, reference.terms), reference, plan)
        for name, make in MAKERS.items():
            found[FOLDER / language / f"{name}.json"] = as_text(make(kit))
    return found


def as_text(board: Dashboard) -> str:
    """A board's JSON, every key in one order, so that a change is seen where it is."""
    return json.dumps(board, cls=JSONEncoder, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stale(wanted: Mapping[Path, str]) -> list[str]:
    """What differs between the files that there should be and those that there are, a sentence each."""
    missing = [f"{_short(path)} is missing" for path in wanted if not path.exists()]
    there = {path: path.read_text(encoding="utf-8") for path in wanted if path.exists()}
    old = [f"{_short(path)} is stale" for path, text in there.items() if wanted[path] != text]
    left = [f"{_short(path)} belongs to no board" for path in set(FOLDER.glob("*/*.json")) - wanted.keys()]
    return sorted([*missing, *old, *left])


def write(wanted: Mapping[Path, str]) -> list[str]:
    """Make the files be what they should be; answers what changed."""
    changed = stale(wanted)
    for path in set(FOLDER.glob("*/*.json")) - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return changed


def _short(path: Path) -> str:
    return "/".join(path.parts[-3:])
