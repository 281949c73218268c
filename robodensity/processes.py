"""The processes of the real deployment, each over InfluxDB."""

import time
from collections.abc import Callable, Mapping

from rich.console import Console

from api.app import create_app
from api.options import ApiOptions, Readiness
from api.probe import StoreProbe
from ingest.pipeline import Ingest
from robodensity.assembly import demand_broker, ingest_options, load_law, open_influx, rollup_options
from robodensity.errors import Refusal
from robodensity.health import health_app
from robodensity.metrics import ingest_metrics, rollup_metrics
from robodensity.readiness import WorkerProbe
from robodensity.server import Server
from robodensity.settings import Settings, secret
from robodensity.signals import stop_event
from robodensity.threads import Part
from robodensity.up import ports
from rollup.job import Rollup
from store.base import Store

POLL_S = 0.2


def run_ingest(settings: Settings, console: Console) -> None:
    """Run one ingest worker until it is told to stop.

    Raises:
        Refusal: broker or store are not there.
    """
    demand_broker(settings.mqtt_host, settings.mqtt_port)
    store = open_influx(settings)
    worker = Ingest(store, ingest_options(settings), clock_ns=time.time_ns)
    probe = WorkerProbe(_probe(store, settings.worker), lambda: worker.state)
    _serve_beside(settings, Part("ingest", worker.run), probe, lambda: ingest_metrics(worker.state), console)
    store.close()


def run_rollup(settings: Settings, console: Console) -> None:
    """Run the rollup until it is told to stop.

    Raises:
        Refusal: the store is not there, or a seed file is wrong.
    """
    law, store = load_law(settings), open_influx(settings)
    job = Rollup(
        store, law.reference, law.definition, law.plan, clock_ns=time.time_ns, options=rollup_options(settings)
    )
    probe = _probe(store, "rollup")
    _serve_beside(settings, Part("rollup", job.run), probe, lambda: rollup_metrics(job.state), console)
    store.close()


def run_api(settings: Settings, console: Console) -> None:
    """Serve the API and the board until told to stop.

    Raises:
        Refusal: the store is not there, the port is taken, or a seed file is wrong.
    """
    law, store = load_law(settings), open_influx(settings)
    bound, _ = ports.claim(settings.api_host, settings.api_port, settings.api_port, purpose="the API")
    options = ApiOptions(
        admin_key=secret(settings.admin_key),
        simulated=settings.simulated,
        writer=settings.api_writer,
        audit_path=settings.audit_file,
        first_day=settings.first_day,
    )
    served = create_app(
        store,
        reference=law.reference,
        definition=law.definition,
        plan=law.plan,
        options=options,
        clock_ns=time.time_ns,
    )
    _run([Part("api", Server(served, bound).run)], console)
    store.close()


def _probe(store: Store, name: str) -> StoreProbe:
    return StoreProbe(store, writer=name, clock_ns=time.time_ns)


def _serve_beside(
    settings: Settings,
    part: Part,
    probe: Callable[[], Readiness],
    metrics: Callable[[], Mapping[str, float]],
    console: Console,
) -> None:
    host, port = settings.health_host, settings.health_port
    bound, _ = ports.claim(host, port, port, purpose="health and metrics")
    _run([part, Part("health", Server(health_app(probe, metrics), bound).run)], console)


def _run(parts: list[Part], console: Console) -> None:
    """Run parts until SIGTERM, SIGINT, or one of them ends."""
    stop = stop_event()
    for part in parts:
        part.start()
    console.print(f"Running: {', '.join(part.name for part in parts)}.")
    while not stop.wait(POLL_S) and not any(part.ended for part in parts):
        pass
    for part in parts:
        part.stop()
    for part in parts:
        if part.failure is not None:
            raise Refusal(f"The part {part.name} has stopped: {part.failure!r}. Start it again; nothing is lost.")
    console.print("Stopped; what had arrived is finished.")
