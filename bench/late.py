"""How long a late report takes from the moment it is stored until the figures hold it."""

import shutil
import statistics
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import polars as pl

from bench.result import Result
from density.days import DAY_US, to_day
from robodensity.assembly import load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from rollup.job import Rollup, RollupOptions, cursors
from store.embedded import EmbeddedStore
from store.ledger import LedgerWriter
from store.schema import LIFECYCLE, REPORTS, WORKFORCE

_LATE_S = 2.0
_TIMES = 6
_MONTH_US = 30 * DAY_US


def time_late_report(data: Path, day: date) -> list[Result]:
    """Send late headcounts and decommissionings, one after the other, to a rollup that follows a copy of the store."""
    with tempfile.TemporaryDirectory(prefix="robodensity-late-") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy)
        store = EmbeddedStore(copy)
        try:
            seconds, points, write_s = _followed(store, day)
        finally:
            store.close()
    median = statistics.median(seconds)
    note = f"slowest of {len(seconds)}, median {median:.2f} s; the last wrote {points:,} points in {write_s:.2f} s"
    return [Result("one late report: from stored until in the figures", max(seconds), "s", _LATE_S, note)]


def _followed(store: EmbeddedStore, day: date) -> tuple[list[float], int, float]:
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    options = RollupOptions(fixed_day=day)
    job = Rollup(store, law.reference, law.definition, law.plan, clock_ns=time.time_ns, options=options)
    job.publish_history()
    stop = threading.Event()
    thread = threading.Thread(target=job.run, args=(stop,))
    thread.start()
    try:
        while not job.state.folds or not job.caught_up():
            time.sleep(0.1)
        writer = LedgerWriter(store, "bench", time.time_ns)
        seconds = [_one(store, writer, day, number) for number in range(_TIMES)]
    finally:
        stop.set()
        thread.join()
    return seconds, job.state.points, job.state.write_s


def _one(store: EmbeddedStore, writer: LedgerWriter, day: date, number: int) -> float:
    """A headcount that is corrected, or a robot that left, a year ago."""
    kind, then = (WORKFORCE, LIFECYCLE)[number % 2], to_day(day) - 365
    if kind is LIFECYCLE:
        rows = store.read(REPORTS, kind, where={"event": "commissioned"}).filter(pl.col("span_last_day") > then)
        row = rows[number].with_columns(event=pl.lit("decommissioned"), at_us=pl.col("at_us") + _MONTH_US)
    else:
        rows = store.read(REPORTS, kind).filter(pl.col("period_end_day") > then)
        row = rows[number].with_columns(average=pl.col("average").fill_null(0) + 7)
    entry = writer.stamp({kind: row.drop("time", "writer")})
    writer.write(entry)
    began = time.perf_counter()
    while cursors(store).get(writer.writer, 0) < entry.through:
        time.sleep(0.02)
    return time.perf_counter() - began
