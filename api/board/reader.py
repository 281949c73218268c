"""Who reads a page, and what is theirs to see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """A reader of the board.

    Attributes:
        id: pages are kept apart by it, so two readers who see different things have different ones.
        sees_factories: single factories.
        sees_evidence: restatements, and what was refused and why.
    """

    id: str
    sees_factories: bool = False
    sees_evidence: bool = False


PUBLIC = Reader("public")
ADMIN = Reader("admin", sees_factories=True, sees_evidence=True)
