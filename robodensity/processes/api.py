"""The process of the API and the board."""

import time

from rich.console import Console

from api.app import create_app
from api.options import ApiOptions
from robodensity.assembly import load_law, open_influx
from robodensity.identity import oidc_of
from robodensity.metrics import vital_metrics
from robodensity.processes.running import probe_of, run, vitals
from robodensity.server import Server
from robodensity.settings import Settings, secret
from robodensity.threads import Part
from robodensity.up import ports
from robodensity.vitals.answers import CountedAnswers
from robodensity.vitals.rows import ApiRow, ProcessRow
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital
from store.schema import API_VITALS


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
    probe = probe_of(store, settings.api_writer)
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
    told = vitals(settings, store, Vital(API_VITALS, settings.api_writer, rows))
    server = Server(counted, bound, closing=served.state.service.feed.close)
    run([Part("api", server.run), Part("vitals", told.run)], console)
    store.close()
