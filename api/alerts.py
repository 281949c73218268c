"""Alerts as the API shows them: what the rollup stored, with what officials said to each."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from api.answer import shanghai_time
from density.days import day_of_ns, to_date, to_day

ACK, MUTE, EXPLAIN = "ack", "mute", "explain"

Row = Mapping[str, Any]


def alert_id(row: Row) -> str:
    """The name of an alert, for ever: rule, scope, target, and the day on which it was first told to have begun."""
    return f"{row['rule']}.{row['scope']}.{row['target']}.{to_date(day_of_ns(row['time']))}"


def alert_json(row: Row, notes: Iterable[Row], *, today: date) -> dict[str, object]:
    """An alert with the newest acknowledgement and mute, and every explanation.

    Args:
        row: of the measurement `alert`.
        notes: on it, the oldest first.
        today: a mute ends on its day.
    """
    said = list(notes)
    ack, mute = (next((note for note in reversed(said) if note["action"] == action), None) for action in (ACK, MUTE))
    return {
        "id": alert_id(row),
        **{name: row[name] for name in ("rule", "scope", "target", "state", "was", "became", "ended_as")},
        "since": to_date(row["since_day"]),
        "cleared": to_date(row["cleared_day"]) if row["cleared_day"] else None,
        "raised": shanghai_time(row["raised_us"]),
        "actual": row["actual"],
        "planned": row["planned"],
        "acknowledged": None if ack is None else note_json(ack),
        "muted": None if mute is None or mute["until_day"] <= to_day(today) else note_json(mute),
        "explanations": [note_json(note) for note in said if note["action"] == EXPLAIN],
    }


def note_json(note: Row) -> dict[str, object]:
    """Who said what, when and why."""
    until = {"until": to_date(note["until_day"])} if note["action"] == MUTE else {}
    return {"who": note["who"], "at": shanghai_time(note["time"] // 1_000), "why": note["why"], **until}
