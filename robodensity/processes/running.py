"""How every process of the real deployment runs: its parts over InfluxDB, its health, its end."""

import time
from collections.abc import Callable, Mapping

from rich.console import Console

from api.options import Readiness
from api.probe import StoreProbe
from robodensity.errors import Refusal
from robodensity.health import health_app
from robodensity.preparation import Preparation
from robodensity.server import Server
from robodensity.settings import Settings
from robodensity.signals import stop_event
from robodensity.threads import Part
from robodensity.up import ports
from robodensity.vitals.writer import Vital, VitalsWriter
from store.base import Store

POLL_S = 0.2


def probe_of(store: Store, name: str) -> StoreProbe:
    """Whether the store answers, seen as the writer of a name."""
    return StoreProbe(store, writer=name, clock_ns=time.time_ns)


def preparation(store: Store, name: str, settings: Settings) -> Preparation:
    """Prepares the store as soon as it answers, before a process begins its work."""
    return Preparation(store, probe_of(store, name), simulated=settings.simulated)


def vitals(settings: Settings, store: Store, *told: Vital) -> VitalsWriter:
    """Writes what a process tells of itself, as often as the settings say."""
    return VitalsWriter(store, told, clock_ns=time.time_ns, every_s=settings.vitals_s)


def serve_beside(
    settings: Settings,
    parts: list[Part],
    probe: Callable[[], Readiness],
    metrics: Callable[[], Mapping[str, float]],
    console: Console,
) -> None:
    """Run parts, and serve their health and metrics beside them.

    Raises:
        Refusal: the port is taken, or a part has stopped by itself.
    """
    host, port = settings.health_host, settings.health_port
    bound, _ = ports.claim(host, port, port, purpose="health and metrics")
    run([*parts, Part("health", Server(health_app(probe, metrics), bound).run)], console)


def run(parts: list[Part], console: Console) -> None:
    """Run parts until SIGTERM, SIGINT, or one of them ends.

    Raises:
        Refusal: a part has stopped by itself.
    """
    stop = stop_event()
    for part in parts:
        part.start()
    console.print(f"Running: {', '.join(part.name for part in parts)}.")
    while not stop.wait(POLL_S) and not any(part.ended for part in parts):
        pass
    for part in parts:
        part.stop()
    for part in parts:
        if isinstance(part.failure, Refusal):
            raise part.failure
        if part.failure is not None:
            raise Refusal(f"The part {part.name} has stopped: {part.failure!r}. Start it again; nothing is lost.")
    console.print("Stopped; what had arrived is finished.")
