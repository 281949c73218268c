"""Every statement that boards and alert rules ask the store, read from their JSON: what is checked in is checked."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "json"
ALERT_RULES = Path(__file__).parent / "provisioned" / "alert_rules.json"


@dataclass(frozen=True)
class Asked:
    """One statement.

    Attributes:
        board: uid of the board, or of the alert rule.
        place: title of the panel or rule, or name of the variable.
        statement: with Grafana's macros and variables.
        format: how the answer is read: time_series, table, or variable.
        panel: the panel's JSON; of a variable the variable's, of an alert rule that of the target and its time range.
    """

    board: str
    place: str
    statement: str
    format: str
    panel: Mapping[str, Any]


def checked_in() -> list[dict[str, Any]]:
    """The boards' JSON as it lies in the repository."""
    return [read(path) for path in sorted(FOLDER.glob("*/*.json"))]


def read(path: Path) -> dict[str, Any]:
    """One board's JSON."""
    board: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return board


def asked(boards: Iterable[Mapping[str, Any]]) -> Iterator[Asked]:
    """All statements of boards: of every panel, then of every variable."""
    for board in boards:
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                yield Asked(board["uid"], panel["title"], target["query"], target["resultFormat"], panel)
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                yield Asked(board["uid"], variable["name"], variable["query"], "variable", variable)


def watched(path: Path = ALERT_RULES) -> Iterator[Asked]:
    """All statements of alert rules."""
    for group in json.loads(path.read_text(encoding="utf-8")):
        for rule in group["rules"]:
            for asks in rule["data"]:
                model = asks["model"]
                if "query" in model:
                    yield Asked(rule["uid"], rule["title"], model["query"], model["resultFormat"], asks)
