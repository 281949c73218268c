"""Chinese first; English by switch or by what the browser asks for."""

from typing import Literal

Language = Literal["zh", "en"]


def choose_language(asked: str | None, accepted: str | None) -> Language:
    """The language of a page: what the switch says, else the better of both in Accept-Language, else Chinese."""
    if asked in {"zh", "en"}:
        return "en" if asked == "en" else "zh"
    weights = {"zh": 0.0, "en": 0.0}
    for part in (accepted or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.lower().split("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _quality(parameter))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
