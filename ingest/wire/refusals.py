"""Why something is refused: a code of the contract, a sentence, and the place in the message."""

import json
from dataclasses import dataclass, replace
from typing import Literal

Code = Literal[
    "not_json", "too_large", "invalid_field", "unknown_field", "unknown_kind", "unknown_factory", "identity_mismatch",
    "placeholder_serial", "entity_headcount", "clock_ahead", "too_old",
]  # fmt: skip

_PATH_LENGTH = 200
_SHOWN_LENGTH = 60


@dataclass(frozen=True)
class Refusal:
    """A whole message or one of its items, refused.

    Attributes:
        code: of the contract.
        detail: a sentence that names the thing, the reason and the next step.
        path: such as `robots.3.state`; empty for the whole message.
        position: the item's place in its message; None for the whole message.
    """

    code: Code
    detail: str
    path: str = ""
    position: int | None = None

    def within(self, items: str, position: int) -> "Refusal":
        """The same refusal of the item at a position of a batch."""
        path = f"{items}.{position}.{self.path}" if self.path else f"{items}.{position}"
        return replace(self, path=path, position=position)


class WireError(ValueError):
    """Something breaks the contract; carries the refusal that says what."""

    def __init__(self, code: Code, detail: str, path: str = "") -> None:
        super().__init__(detail)
        self.refusal = Refusal(code, clean(detail), clean(path)[:_PATH_LENGTH])


def clean(text: str) -> str:
    """Text that every store and every JSON reader takes: control characters and lone surrogates replaced."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return encodable if encodable.isprintable() else "".join(c if c.isprintable() else "�" for c in encodable)


def shown(value: object) -> str:
    """A value as JSON for a sentence, cut where it is long."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        value = value[: _SHOWN_LENGTH + 1]
    elif isinstance(value, int) and value.bit_length() > 128:
        return "a huge number"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
