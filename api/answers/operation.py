"""Keys, and whether the system lives, as they are answered."""

from typing import Literal

from api.access.caller import Given
from api.answers.form import Answered, Moment, Next


class Key(Answered):
    """A key without its secret."""

    key: str
    name: str
    role: Given
    areas: list[str]
    factories: list[str]
    made: Moment
    revoked: Moment | None
    """From then on it opens nothing."""


class OneKey(Answered):
    """A key."""

    key: Key


class NewKey(OneKey):
    """A key that was made."""

    secret: str
    """Told this once and kept nowhere."""


class KeyList(Answered):
    """The oldest first."""

    keys: list[Key]
    next: Next


class Health(Answered):
    """That the process answers."""

    alive: Literal[True]


class Ready(Answered):
    """Whether the system takes work."""

    ready: bool
    reasons: list[str]
    """Why not, in sentences."""
