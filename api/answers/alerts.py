"""Alerts as they are answered."""

from typing import Literal

from api.answers.form import Answered, Day, Moment, Next


class Note(Answered):
    """What an official said."""

    who: str
    at: Moment
    why: str


class Mute(Note):
    """That an alert keeps quiet, and until when."""

    until: Day
    """The first day on which it is heard again."""


class Alert(Answered):
    """What calls for somebody; its name holds for ever."""

    id: str
    rule: Literal["lagging", "chance_fell"]
    scope: str
    target: str
    state: Literal["standing", "cleared", "withdrawn"]
    was: str | None
    """Status or chance before."""
    became: str | None
    """Status or chance that raised it."""
    ended_as: str | None
    """Status or chance that cleared it."""
    since: Day
    cleared: Day | None
    raised: Moment
    """When it was first told."""
    actual: float | None
    """On its first day, in the target's unit."""
    planned: float | None
    """Where the plan stood on that day, in the target's unit."""
    acknowledged: Note | None
    """The newest."""
    muted: Mute | None
    """While it holds."""
    explanations: list[Note]
    """The oldest first."""


class Alerts(Answered):
    """The one that began last first."""

    alerts: list[Alert]
    next: Next


class OneAlert(Answered):
    """An alert, with what was just said."""

    alert: Alert
