"""The uids of everything that Grafana is given: fixed, since links, alert rules and deletions go by them.

A uid holds at most 40 letters, digits, `-` and `_`. tests/dashboards/uids.txt lists them all, and one that changes
fails a test: Grafana stops to reconcile a provisioned file in silence when a uid in it changes.
"""

from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Board = Literal["city", "district", "park", "factory", "quality", "platform"]
BOARDS: tuple[Board, ...] = ("city", "district", "park", "factory", "quality", "platform")

DATA_SOURCE = "robodensity-influxdb"


def folder_uid(language: Language) -> str:
    """The folder of one language's boards."""
    return f"robodensity-{language}"


def board_uid(board: Board, language: Language) -> str:
    """One board in one language."""
    return f"robodensity-{board}-{language}"


def alert_folder_uid() -> str:
    """The folder of the alert rules."""
    return "robodensity-alerts"


def alert_uid(rule: str) -> str:
    """One alert rule by its own short name."""
    return f"robodensity-alert-{rule}"
