"""`robodensity check`: what would come of a message, asked of the running system, or judged here without a register."""

from collections.abc import Mapping
from typing import Any

from api.checking import Anybody, checked
from ingest.wire.topics import Kind
from robodensity.system import NoSystem, System

OFFLINE = "not asked: no system answers, so whether the factory is registered is not known"
_MOST = 20


def judged(
    system: System, kind: Kind, payload: bytes, *, factory: str | None, now_ns: int, telemetry_days: int
) -> dict[str, Any]:
    """The verdicts on a message, and what the register was asked.

    Args:
        system: that is asked first.
        kind: of the message.
        payload: its bytes.
        factory: who would send it; none asks no register.
        now_ns: the time of arrival, where no system answers.
        telemetry_days: how old a status may be, likewise.

    Raises:
        Refusal: the system refuses to answer; says why.
    """
    try:
        return system.post(f"/v1/check/{kind}", payload, factory=factory)
    except NoSystem:
        found = checked(
            kind, payload, factory=factory or "F", known=Anybody(), now_ns=now_ns, telemetry_days=telemetry_days
        )
        return {**found, "factory": factory, "register": OFFLINE}


def as_text(answer: Mapping[str, Any]) -> str:
    """Verdicts for people: one line each, and what was judged."""
    verdicts = answer["verdicts"]
    lines = [f"{each['reason']}  {each['path'] or 'the message'}: {each['detail']}" for each in verdicts[:_MOST]]
    if len(verdicts) > _MOST:
        lines.append(f"… and {len(verdicts) - _MOST} more.")
    told = f"{answer['good']} of {answer['items']} items would be stored, {answer['refused']} refused."
    return "\n".join([*lines, f"{told} The register was {answer['register']}."])
