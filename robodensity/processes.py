"""The processes of the real deployment, each over InfluxDB."""

import time
from collections.abc import Callable, Mapping

from rich.console import Console

from api.app import create_app
from api.options import ApiOptions, Readiness
from api.probe import StoreProbe
from ingest.pipeline import Ingest
from ingest.replay import Replayer
from robodensity.assembly import (
    connect_influx,
    demand_broker,
    ingest_options,
    load_law,
    open_influx,
    rollup_options,
)
from robodensity.errors import Refusal
from robodensity.health import health_app
from robodensity.identity import oidc_of
from robodensity.metrics import ingest_metrics, rollup_metrics, vital_metrics
from robodensity.preparation import Preparation
from robodensity.readiness import WorkerProbe
from robodensity.server import Server
from robodensity.settings import Settings, secret
from robodensity.signals import stop_event
from robodensity.threads import Part
from robodensity.up import ports
from robodensity.vitals.answers import CountedAnswers
from robodensity.vitals.broker import BrokerWatch
from robodensity.vitals.rows import ApiRow, ProcessRow, RollupRow, ingest_row
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital, VitalsWriter
from rollup.job import Rollup
from rollup.sharing import SharedStore
from store.base import Store
from store.schema import API_VITALS, BROKER_VITALS, INGEST_VITALS, ROLLUP_VITALS

POLL_S = 0.2


def run_ingest(settings: Settings, console: Console, *, retire: bool = False) -> None:
    """Run one ingest worker until it is told to stop, or until it has retired.

    Raises:
        Refusal: the broker is not there, or the store holds the other kind of data.
    """
    demand_broker(settings.mqtt_host, settings.mqtt_port)
    store, options = WatchedStore(connect_influx(settings)), ingest_options(settings, retire=retire)
    worker = Ingest(store, options, clock_ns=time.time_ns)
    ready = _preparation(store, settings.worker, settings)
    probe = WorkerProbe(ready, lambda: worker.state)
    watch = BrokerWatch(options, limit_bytes=settings.mqtt_queue_bytes)
    told = _vitals(
        settings, store,
        Vital(INGEST_VITALS, settings.worker, (ProcessRow(store, probe), lambda: ingest_row(worker.state))),
        Vital(BROKER_VITALS, settings.worker, (watch.row,)),
    )  # fmt: skip

    def metrics() -> dict[str, float]:
        own, broker = vital_metrics(told, INGEST_VITALS), vital_metrics(told, BROKER_VITALS)
        return {**own, **broker, **ingest_metrics(worker.state)}

    parts = [
        Part("ingest", ready.before(worker.run)),
        Part("broker-watch", watch.run),
        Part("vitals", ready.before(told.run)),
    ]
    if settings.worker == settings.replay_worker:
        replayer = Replayer(store, telemetry_days=settings.telemetry_days, clock_ns=time.time_ns)
        parts.append(Part("replay", ready.before(replayer.run)))
    _serve_beside(settings, parts, probe, metrics, console)
    store.close()


def run_rollup(settings: Settings, console: Console) -> None:
    """Run the rollup until it is told to stop.

    Raises:
        Refusal: a seed file is wrong, or the store holds the other kind of data.
    """
    law, store = load_law(settings), WatchedStore(connect_influx(settings))
    shared = SharedStore(store, law.reference)
    job = Rollup(
        shared, law.reference, law.definition, law.plan, clock_ns=time.time_ns, options=rollup_options(settings)
    )
    probe = _preparation(store, "rollup", settings)
    rows = (ProcessRow(store, probe), RollupRow(store, job.state, time.time_ns))
    told = _vitals(settings, store, Vital(ROLLUP_VITALS, "rollup", rows))

    def metrics() -> dict[str, float]:
        return {**vital_metrics(told, ROLLUP_VITALS, "cursor_age_s"), **rollup_metrics(job.state)}

    parts = [Part("rollup", probe.before(job.run)), Part("vitals", probe.before(told.run))]
    _serve_beside(settings, parts, probe, metrics, console)
    store.close()


def run_api(settings: Settings, console: Console) -> None:
    """Serve the API and the board until told to stop.

    Raises:
        Refusal: the store is not there, the port is taken, or a seed file is wrong.
    """
    law, store = load_law(settings), WatchedStore(open_influx(settings))
    bound, _ = ports.claim(settings.api_host, settings.api_port, settings.api_port, purpose="the API")
    options = ApiOptions(
        admin_key=secret(settings.admin_key),
        simulated=settings.simulated,
        writer=settings.api_writer,
        audit_path=settings.audit_file,
        first_day=settings.first_day,
        telemetry_days=settings.telemetry_days,
        oidc=oidc_of(settings),
    )
    probe = _probe(store, settings.api_writer)
    served = create_app(
        store,
        reference=law.reference,
        definition=law.definition,
        plan=law.plan,
        options=options,
        clock_ns=time.time_ns,
        readiness=probe,
        metrics=lambda: vital_metrics(told, API_VITALS),
    )
    counted = CountedAnswers(served)
    rows = (ProcessRow(store, probe), ApiRow(store, counted, time.time_ns))
    told = _vitals(settings, store, Vital(API_VITALS, settings.api_writer, rows))
    server = Server(counted, bound, closing=served.state.service.feed.close)
    _run([Part("api", server.run), Part("vitals", told.run)], console)
    store.close()


def _probe(store: Store, name: str) -> StoreProbe:
    return StoreProbe(store, writer=name, clock_ns=time.time_ns)


def _preparation(store: Store, name: str, settings: Settings) -> Preparation:
    return Preparation(store, _probe(store, name), simulated=settings.simulated)


def _vitals(settings: Settings, store: Store, *vitals: Vital) -> VitalsWriter:
    return VitalsWriter(store, vitals, clock_ns=time.time_ns, every_s=settings.vitals_s)


def _serve_beside(
    settings: Settings,
    parts: list[Part],
    probe: Callable[[], Readiness],
    metrics: Callable[[], Mapping[str, float]],
    console: Console,
) -> None:
    host, port = settings.health_host, settings.health_port
    bound, _ = ports.claim(host, port, port, purpose="health and metrics")
    _run([*parts, Part("health", Server(health_app(probe, metrics), bound).run)], console)


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
        if isinstance(part.failure, Refusal):
            raise part.failure
        if part.failure is not None:
            raise Refusal(f"The part {part.name} has stopped: {part.failure!r}. Start it again; nothing is lost.")
    console.print("Stopped; what had arrived is finished.")
