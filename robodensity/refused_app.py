"""`robodensity refused list | export | replay`."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from robodensity.settings import load_settings, secret

if TYPE_CHECKING:
    from robodensity.system import System

app = typer.Typer(help="What was not taken in: list it, export it, replay it once its cause is gone.")

Factory = Annotated[str | None, typer.Option(help="As in the topic.")]
Reason = Annotated[str | None, typer.Option(help="unknown_factory, invalid_field, …")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of arrival, Asia/Shanghai.")]
Settled = Annotated[Literal["no", "yes", "all"], typer.Option(help="Whether a replay has settled it.")]
KeyFile = Annotated[Path | None, typer.Option(help="Instead of ROBODENSITY_ADMIN_KEY.")]
Url = Annotated[str | None, typer.Option(help="Instead of ROBODENSITY_API_URL.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of sentences.")]


def system_of(api_url: str | None, admin_key_file: Path | None) -> "System":
    """The running system that the options and settings name.

    Raises:
        Refusal: the key's file cannot be read.
    """
    from robodensity.explain import key_of  # noqa: PLC0415
    from robodensity.system import System  # noqa: PLC0415

    settings = load_settings(**({"api_url": api_url} if api_url else {}))
    key = key_of(admin_key_file) if admin_key_file else secret(settings.admin_key)
    return System(settings.api_url, key)


def _day(day: datetime | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


@app.command(name="list")
def list_(
    *,
    factory: Factory = None,
    reason: Reason = None,
    day: Day = None,
    settled: Settled = "no",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    admin_key_file: KeyFile = None,
    api_url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Tell what is refused, the newest first."""
    from robodensity.refused import line, listed  # noqa: PLC0415

    system = system_of(api_url, admin_key_file)
    for row in listed(system, limit, factory=factory, reason=reason, day=_day(day), settled=settled):
        sys.stdout.write((json.dumps(row, ensure_ascii=False) if as_json else line(row)) + "\n")


@app.command()
def export(
    *,
    form: Annotated[Literal["csv", "jsonl"], typer.Option("--format")] = "csv",
    factory: Factory = None,
    reason: Reason = None,
    day: Day = None,
    settled: Settled = "no",
    admin_key_file: KeyFile = None,
    api_url: Url = None,
) -> None:
    """Write what is refused to stdout, with its payloads decoded."""
    system = system_of(api_url, admin_key_file)
    chosen = {"factory": factory, "reason": reason, "day": _day(day), "settled": settled}
    for block in system.download(f"/v1/export/refused.{form}", **chosen):
        sys.stdout.buffer.write(block)


@app.command()
def replay(
    *,
    factory: Factory = None,
    reason: Reason = None,
    everything: Annotated[bool, typer.Option("--everything", help="Of every factory, for every reason.")] = False,
    patience_s: Annotated[float, typer.Option(min=0.0, help="How long to wait for its end.")] = 300.0,
    admin_key_file: KeyFile = None,
    api_url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Judge what is refused again; what is good now is stored, what is not stays with its reason."""
    from robodensity.errors import Refusal  # noqa: PLC0415
    from robodensity.refused import outcome, replayed  # noqa: PLC0415

    if factory is None and reason is None and not everything:
        raise Refusal("Name a --factory or a --reason, or say --everything.")
    system = system_of(api_url, admin_key_file)
    answer = replayed(system, factory=factory, reason=reason, patience_s=patience_s)
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if as_json else outcome(answer)) + "\n")
