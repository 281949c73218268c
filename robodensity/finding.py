"""What `robodensity doctor` finds, and how it is told."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Mark = Literal["ok", "warn", "error"]

_SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        mark: ok, warn (it runs, and somebody should know) or error (figures or the system are wrong).
        area: seeds, settings, store, system or register.
        sentence: the thing, the reason and the next step.
    """

    mark: Mark
    area: str
    sentence: str


def listed(names: Sequence[str]) -> str:
    """Names in one line, the first ten of many."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def failed(findings: Sequence[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(each.mark == "error" for each in findings)


def as_text(findings: Sequence[Finding]) -> str:
    """One line a finding: mark, area, sentence."""
    return "\n".join(f"{each.mark:<5}  {each.area:<8}  {each.sentence}" for each in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """One JSON object: `ok`, false where any finding is an error, and `findings`."""
    told = {"ok": not failed(findings), "findings": [asdict(each) for each in findings]}
    return json.dumps(told, ensure_ascii=False)
