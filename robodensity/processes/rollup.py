"""The process of the rollup."""

import time

from rich.console import Console

from robodensity.assembly import connect_influx, load_law, rollup_options
from robodensity.metrics import rollup_metrics, vital_metrics
from robodensity.processes.running import preparation, serve_beside, vitals
from robodensity.settings import Settings
from robodensity.threads import Part
from robodensity.vitals.rows import ProcessRow, RollupRow
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital
from rollup.job import Rollup
from rollup.sharing import SharedStore
from store.schema import ROLLUP_VITALS


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
    probe = preparation(store, "rollup", settings)
    rows = (ProcessRow(store, probe), RollupRow(store, job.state, time.time_ns))
    told = vitals(settings, store, Vital(ROLLUP_VITALS, "rollup", rows))

    def metrics() -> dict[str, float]:
        return {**vital_metrics(told, ROLLUP_VITALS, "cursor_age_s"), **rollup_metrics(job.state)}

    parts = [Part("rollup", probe.before(job.run)), Part("vitals", probe.before(told.run))]
    serve_beside(settings, parts, probe, metrics, console)
    store.close()
