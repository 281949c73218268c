"""The process of one ingest worker."""

import time

from rich.console import Console

from ingest.pipeline import Ingest
from ingest.replay import Replayer
from robodensity.assembly import connect_influx, demand_broker, ingest_options
from robodensity.metrics import ingest_metrics, vital_metrics
from robodensity.processes.running import preparation, serve_beside, vitals
from robodensity.readiness import WorkerProbe
from robodensity.settings import Settings
from robodensity.threads import Part
from robodensity.vitals.broker import BrokerWatch
from robodensity.vitals.rows import ProcessRow, ingest_row
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital
from store.schema import BROKER_VITALS, INGEST_VITALS


def run_ingest(settings: Settings, console: Console, *, retire: bool = False) -> None:
    """Run one ingest worker until it is told to stop, or until it has retired.

    Raises:
        Refusal: the broker is not there, or the store holds the other kind of data.
    """
    demand_broker(settings.mqtt_host, settings.mqtt_port)
    store, options = WatchedStore(connect_influx(settings)), ingest_options(settings, retire=retire)
    worker = Ingest(store, options, clock_ns=time.time_ns)
    ready = preparation(store, settings.worker, settings)
    probe = WorkerProbe(ready, lambda: worker.state)
    watch = BrokerWatch(options, limit_bytes=settings.mqtt_queue_bytes)
    told = vitals(
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
    serve_beside(settings, parts, probe, metrics, console)
    store.close()
