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
from robodensity.assembly import Law, prepared
from robodensity.metrics import ingest_metrics, rollup_metrics
from robodensity.readiness import WorkerProbe
from robodensity.server import Server
from robodensity.threads import Part
from robodensity.up import broker, children
from rollup.job import Rollup, RollupOptions
from store.embedded import EmbeddedStore

STORE_MB = 256


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
        self.store = prepared(EmbeddedStore(place.folder, memory_limit_mb=STORE_MB), simulated=place.simulated)
        try:
            self.broker = broker.start(place.folder / "broker", place.mqtt_port)
        except BaseException:
            self.store.close()
            raise
        sources = IngestOptions(port=place.mqtt_port, protocol=self.broker.protocol, worker="ingest-1")
        self.ingest = Ingest(self.store, sources, clock_ns=time.time_ns)
        self.rollup = Rollup(
            self.store,
            law.reference,
            law.definition,
            law.plan,
            clock_ns=time.time_ns,
            options=options or RollupOptions(),
        )
        self._parts = [
            Part("ingest", self.ingest.run),
            Part("rollup", self.rollup.run),
            Part("api", Server(self._app(law), place.http).run),
        ]

    def _app(self, law: Law) -> FastAPI:
        options = ApiOptions(
            admin_key=self.place.admin_key,
            simulated=self.place.simulated,
            audit_path=self.place.folder / "audit.jsonl",
            first_day=law.definition.first_day,
        )
        probe = StoreProbe(self.store, writer="up", clock_ns=time.time_ns)
        return create_app(
            self.store,
            reference=law.reference,
            definition=law.definition,
            plan=law.plan,
            options=options,
            clock_ns=time.time_ns,
            readiness=WorkerProbe(probe, lambda: self.ingest.state),
            metrics=lambda: {**ingest_metrics(self.ingest.state), **rollup_metrics(self.rollup.state)},
        )

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
