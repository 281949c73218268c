"""The simulated city as a process; it holds no database and no server."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from robodensity.errors import Refusal
from robodensity.settings import Settings, secret
from robodensity.signals import stop_event
from simulators.run import SimulateOptions, describe_city, simulate


def run_simulator(  # noqa: PLR0913 - a command's options
    settings: Settings,
    *,
    scale: float,
    history: date,
    once: bool,
    describe: bool,
    cursor: Path | None,
    admin_key_file: Path | None,
    as_json: bool,
    sparkplug: bool = False,
) -> None:
    """Publish the simulated city, or print its shape.

    Raises:
        Refusal: the key's file cannot be read.
    """
    key = _key(admin_key_file) if admin_key_file else secret(settings.admin_key)
    options = SimulateOptions(
        scale=scale,
        history_from=history,
        once=once,
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        protocol=settings.mqtt_protocol,
        username=settings.mqtt_username,
        password=secret(settings.mqtt_password),
        api_url=settings.api_url,
        admin_key=key or "",
        cursor_path=cursor,
        json_progress=as_json,
        sparkplug=sparkplug,
    )
    if describe:
        sys.stdout.write(describe_city(options) + "\n")
        return
    simulate(options, now=lambda: datetime.now(UTC), stop=stop_event())


def _key(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise Refusal(
            f"The key's file {path} cannot be read: {error.strerror}. Name another --admin-key-file."
        ) from error
