"""Ingest, rollup and API in one process, over one broker and one store."""

import socket
import time
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from api.app import create_app
from api.options import ApiOptions
from api.probe import StoreProbe
from ingest.options import IngestOptions
from ingest.pipeline import Ingest
from ingest.replay import Replayer
from robodensity.assembly import Law, prepared
from robodensity.metrics import ingest_metrics, rollup_metrics, vital_metrics
from robodensity.readiness import WorkerProbe
from robodensity.server import Server
from robodensity.threads import Part, after
from robodensity.up import broker, children
from robodensity.vitals.answers import CountedAnswers
from robodensity.vitals.broker import BrokerWatch
from robodensity.vitals.rows import ApiRow, ProcessRow, RollupRow, ingest_row
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital, VitalsWriter
from rollup.job import Rollup, RollupOptions
from store.embedded import EmbeddedStore
from store.schema import API_VITALS, BROKER_VITALS, INGEST_VITALS, ROLLUP_VITALS

STORE_MB = 256
FIRST_PAGE_S = 15.0  # how long the first fold gives way to the first page


@dataclass(frozen=True)
class Place:
    """Where a platform runs.

    Attributes:
        folder: its data.
        http: the bound socket of the API.
        mqtt_port: the broker's port on loopback.
        admin_key: the key of the API's administrator.
        simulated: what the store is born as.
    """

    folder: Path
    http: socket.socket
    mqtt_port: int
    admin_key: str
    simulated: bool

    @property
    def url(self) -> str:
        """Where the API answers."""
        host, port = self.http.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Platform:
    """All parts, started in the order in which the data flows and stopped in it too.

    Args:
        place: where it runs.
        law: what the figures are made by.
        options: how the rollup runs.

    Raises:
        Refusal: broker or store do not start.
    """

    def __init__(self, place: Place, law: Law, options: RollupOptions | None = None) -> None:
        self.place = place
        opened = prepared(EmbeddedStore(place.folder, memory_limit_mb=STORE_MB), simulated=place.simulated)
        self.store = WatchedStore(opened)
        try:
            self.broker = broker.start(place.folder / "broker", place.mqtt_port)
        except BaseException:
            self.store.close()
            raise
        sources = IngestOptions(port=place.mqtt_port, protocol=self.broker.protocol, worker="ingest-1", sparkplug=True)
        self.ingest = Ingest(self.store, sources, clock_ns=time.time_ns)
        self.rollup = Rollup(
            self.store,
            law.reference,
            law.definition,
            law.plan,
            clock_ns=time.time_ns,
            options=options or RollupOptions(),
        )
        probe = WorkerProbe(
            StoreProbe(self.store, writer="up", clock_ns=time.time_ns),
            lambda: self.ingest.state,
        )
        replayer = Replayer(self.store, telemetry_days=sources.telemetry_days, clock_ns=time.time_ns)
        api = self._app(law, probe)
        app = CountedAnswers(api)
        watch = BrokerWatch(sources, limit_bytes=broker.QUEUE_BYTES)
        self._vitals = self._told(probe, watch, app)
        self._parts = [
            Part("ingest", self.ingest.run),
            Part("replay", replayer.run),
            # The first fold takes every core for long, and what is shown first is stored already.
            Part("rollup", after(api.state.service.board.opened, self.rollup.run, patience_s=FIRST_PAGE_S)),
            Part("api", Server(app, place.http, closing=api.state.service.feed.close).run),
            Part("broker-watch", watch.run),
            Part("vitals", self._vitals.run),
        ]

    def _told(self, probe: WorkerProbe, watch: BrokerWatch, app: CountedAnswers) -> VitalsWriter:
        """The three parts tell of the one process, each what is its own."""
        process = ProcessRow(self.store, probe)
        vitals = (
            Vital(INGEST_VITALS, "ingest-1", (process, lambda: ingest_row(self.ingest.state))),
            Vital(BROKER_VITALS, "ingest-1", (watch.row,)),
            Vital(ROLLUP_VITALS, "rollup", (process, RollupRow(self.store, self.rollup.state, time.time_ns))),
            Vital(API_VITALS, "api-1", (process, ApiRow(self.store, app, time.time_ns))),
        )
        return VitalsWriter(self.store, vitals, clock_ns=time.time_ns)

    def _app(self, law: Law, probe: WorkerProbe) -> FastAPI:
        options = ApiOptions(
            admin_key=self.place.admin_key,
            simulated=self.place.simulated,
            audit_path=self.place.folder / "audit.jsonl",
            first_day=law.definition.first_day,
        )
        return create_app(
            self.store,
            reference=law.reference,
            definition=law.definition,
            plan=law.plan,
            options=options,
            clock_ns=time.time_ns,
            readiness=probe,
            metrics=self._metrics,
        )

    def _metrics(self) -> dict[str, float]:
        told = [vital_metrics(self._vitals, kind) for kind in (API_VITALS, BROKER_VITALS)]
        told.append(vital_metrics(self._vitals, ROLLUP_VITALS, "cursor_age_s"))
        own = {name: value for each in told for name, value in each.items()}
        return {**own, **ingest_metrics(self.ingest.state), **rollup_metrics(self.rollup.state)}

    def start(self) -> None:
        """Start every part."""
        for part in self._parts:
            part.start()

    def failure(self) -> str | None:
        """What has ended that should not have, as a sentence."""
        for part in self._parts:
            if part.ended:
                return f"The part {part.name} has stopped: {part.failure!r}. Start again: nothing is lost."
        if self.broker.process.poll() is not None:
            return f"The broker {self.broker.name} has stopped. Look at {self.place.folder / 'broker'} and start again."
        return None

    def settled(self) -> bool:
        """Whether every message that the broker handed over is stored, and is in the figures."""
        state = self.ingest.state
        return state.waiting == 0 and state.in_flight_bytes == 0 and self.rollup.caught_up()

    def stop(self) -> None:
        """Stop every part; what is in hand is finished, and nothing is lost or repeated."""
        for part in self._parts:
            part.stop()
        children.stop(self.broker.process)
        self.store.close()
