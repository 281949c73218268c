"""What is generated and checked in, as a push sends it: the SDK that makes boards and rules is not there then."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from dashboards.provisioning.organisation import Json
from dashboards.uids import LANGUAGES, folder_uid

FOLDER = Path(__file__).parent.parent
BOARD_FILES = FOLDER / "json"
ALERT_RULES = FOLDER / "provisioned" / "alert_rules.json"


@dataclass(frozen=True)
class Made:
    """Boards, each with the uid of its folder, Chinese first; and groups of alert rules."""

    boards: tuple[tuple[str, Json], ...] = ()
    rule_groups: tuple[Json, ...] = ()


def checked_in() -> Made:
    """All that is checked in."""
    files = [(language, path) for language in LANGUAGES for path in sorted((BOARD_FILES / language).glob("*.json"))]
    return Made(
        boards=tuple((folder_uid(language), json.loads(path.read_text())) for language, path in files),
        rule_groups=tuple(json.loads(ALERT_RULES.read_text())),
    )


def databases(board: Json) -> frozenset[str]:
    """The databases that a board's panels and variables ask, each named in its statement."""
    text = json.dumps(board, ensure_ascii=False)
    return frozenset(re.findall(r'(?:FROM|ON) \\"([^"\\]+)\\"(?:\.\.| FROM)', text))
