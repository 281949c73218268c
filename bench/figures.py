"""The fold of the whole city and of a country, from memory; reading and writing the store beside it."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from bench.cold import time_cold_influx
from bench.fold_process import REPEATS
from bench.late import time_late_report
from bench.result import Result
from density.days import to_date
from density.reports import Reports
from rollup.memory import Memory
from store.embedded import EmbeddedStore
from store.folded import no_reports
from store.schema import ROLLUP, STATE

_ALL_S = 2.0
_MEMORY_MIB = 600
_CITIES = 20
_GROWTH = 1.2 * _CITIES

Answer = TypeVar("Answer")


def time_figures(data: Path, *, whole: bool) -> list[Result]:
    """Time on the reports that a demo left in its data folder.

    Args:
        data: of a demo that has ended.
        whole: whether it was the whole city, which the limits are for.
    """
    store = EmbeddedStore(data)
    try:
        memory = Memory(store)
        arrived, read_s = timed(memory.follow)
        day = to_date(int(store.read(STATE, ROLLUP)["day"][0]))
    finally:
        store.close()
    reports = no_reports().extended(arrived)
    with tempfile.TemporaryDirectory(prefix="robodensity-fold-") as folder:
        _put_down(reports, Path(folder))
        one, many = (_process(Path(folder), day, cities) for cities in (1, _CITIES))
    count = sum(getattr(reports, each.name).height for each in fields(Reports))
    limit, memory_limit = (_ALL_S, _MEMORY_MIB) if whole else (None, None)
    return [
        Result("figures, plan and forecasts of the whole city, from memory", one["all_s"], "s", limit,
               f"{count:,} reports, best of {REPEATS}; the fold alone {one['fold_s']:.2f} s"),
        Result("peak memory of that process", one["peak_mib"], "MiB", memory_limit, "reports, figures, plan"),
        Result(f"the same of {_CITIES} cities ÷ of one", many["all_s"] / one["all_s"], "", _GROWTH,
               f"{many['all_s']:.1f} s and {many['peak_mib']:,.0f} MiB"),
        Result("reading the reports from the store", read_s, "s", None, "embedded, from a cold start"),
        *time_late_report(data, day),
        *time_cold_influx(reports, day, whole=whole),
    ]  # fmt: skip


def _put_down(reports: Reports, folder: Path) -> None:
    for each in fields(Reports):
        getattr(reports, each.name).write_parquet(folder / f"{each.name}.parquet")


def _process(folder: Path, day: date, cities: int) -> dict[str, float]:
    """Each in a process of its own, so that one's memory is not the other's."""
    command = [sys.executable, "-m", "bench.fold_process", str(folder), day.isoformat(), str(cities)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return answer


def timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """An answer and how long it took [s]."""
    began = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - began
