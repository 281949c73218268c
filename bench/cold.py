"""Figures from a cold InfluxDB, and writing them to it."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from pathlib import Path

from bench.result import Result
from density.city import City, Told
from density.forecast import forecasts
from density.progress import measure
from density.reports import Reports
from robodensity.assembly import load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from rollup.causes import Causes
from rollup.memory import Memory
from rollup.writing import Written
from store.folded import FOLDED, no_reports
from store.influx import InfluxStore
from store.schema import MARK, REPORTS

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from services import InfluxServer  # type: ignore[import-not-found]

_COLD_S = 8.0
_ROWS = 20_000


def time_cold_influx(reports: Reports, day: date, *, whole: bool) -> list[Result]:
    """Start InfluxDB on what it has on disk, read, fold, judge and forecast; then write everything once."""
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    with tempfile.TemporaryDirectory(prefix="robodensity-cold-") as folder:
        with _running(Path(folder)) as store:
            _fill(store, reports)
        with _running(Path(folder)) as store:
            began = time.perf_counter()
            arrived = Memory(store).follow()
            read_s = time.perf_counter() - began
            city = City(no_reports().extended(arrived), law.reference, law.definition, day)
            standing = measure(law.plan, city.figures, city.reports.standing("statistic"))
            forecast = forecasts(standing, city.figures)
            cold_s = time.perf_counter() - began
            began = time.perf_counter()
            points = Written(store, sorted(law.reference.districts), time.time_ns).update(
                city.figures, Told(whole=True), standing, forecast, causes=Causes({}, city.sources), published=0
            )
            write_s = time.perf_counter() - began
    return [
        Result("the same from a cold InfluxDB", cold_s, "s", _COLD_S if whole else None, f"read in {read_s:.2f} s"),
        Result("writing all of it to InfluxDB", write_s, "s", None, f"{points:,} points, once, on the same two cores"),
    ]


@contextmanager
def _running(folder: Path) -> Iterator[InfluxStore]:
    server = InfluxServer(folder)
    server.start()
    store = InfluxStore(server.url, token=server.token, org=server.org, flavour="influx1")
    try:
        store.prepare(simulated=True)
        yield store
    finally:
        store.close()
        server.stop()


def _fill(store: InfluxStore, reports: Reports) -> None:
    newest = 0
    for kind in FOLDED:
        frame = getattr(reports, kind.name)
        for start in range(0, frame.height, _ROWS):
            store.write(REPORTS, {kind: frame[start : start + _ROWS]})
        newest = max(newest, frame["time"].max() or 0)
    marks = {writer for each in fields(Reports) for writer in getattr(reports, each.name)["writer"].unique()}
    store.write(REPORTS, {MARK: MARK.frame([{"time": 0, "writer": name, "through": newest} for name in sorted(marks)])})
