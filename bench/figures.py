"""The fold of the whole city, and reading and writing the store beside it."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import polars as pl

from bench.result import Result
from density.days import to_date
from density.fold import fold
from density.progress import measure
from density.reports import Reports
from robodensity.assembly import Law, load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from rollup.memory import Memory
from rollup.writing import Written
from store.embedded import EmbeddedStore
from store.schema import ROLLUP, STATE

_FOLD_S = 1.5
_TEN_CITIES = 12.0
_REPEATS = 3

Answer = TypeVar("Answer")


def time_figures(data: Path, *, whole: bool) -> list[Result]:
    """Time on the reports that a demo left in its data folder.

    Args:
        data: of a demo that has ended.
        whole: whether it was the whole city, which the limits are for.
    """
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    store = EmbeddedStore(data)
    try:
        memory, read_s = _timed(lambda: _followed(store))
        day = int(store.read(STATE, ROLLUP)["day"][0])
    finally:
        store.close()
    reports = memory.reports
    count = sum(getattr(reports, each.name).height for each in fields(Reports))
    one_s = _fold_s(reports, law, day)
    ten_s = _fold_s(multiplied(reports, 10), law, day)
    return [
        Result("fold of the whole city", one_s, "s", _FOLD_S if whole else None, f"{count:,} reports, best of 3"),
        Result("fold of ten cities ÷ fold of one", ten_s / one_s, "", _TEN_CITIES, f"{ten_s:.2f} s for ten"),
        Result("judging the plan", _plan_s(reports, law, day), "s", None, "three targets, 74 scopes, every day"),
        Result("reading the reports from the store", read_s, "s", None, "embedded, from a cold start"),
        *_written(reports, law, day),
    ]


def multiplied(reports: Reports, cities: int) -> Reports:
    """So many cities in one, each with factories and machines of its own, in the same parks and districts."""
    return Reports(**{each.name: _repeated(getattr(reports, each.name), cities) for each in fields(Reports)})


def _repeated(frame: pl.DataFrame, cities: int) -> pl.DataFrame:
    names = [name for name in ("factory", "subject_factory", "serial") if name in frame.columns]
    return pl.concat(frame.with_columns(pl.col(name) + f"-{number}" for name in names) for number in range(cities))


def _followed(store: EmbeddedStore) -> Memory:
    memory = Memory(store)
    memory.follow()
    return memory


def _timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - began


def _fold_s(reports: Reports, law: Law, day: int) -> float:
    return min(_timed(lambda: fold(reports, law.reference, law.definition, to_date(day)))[1] for _ in range(_REPEATS))


def _plan_s(reports: Reports, law: Law, day: int) -> float:
    figures = fold(reports, law.reference, law.definition, to_date(day))
    return min(_timed(lambda: measure(law.plan, figures))[1] for _ in range(_REPEATS))


def _written(reports: Reports, law: Law, day: int) -> list[Result]:
    """Time the first writing of every figure to an empty store."""
    figures = fold(reports, law.reference, law.definition, to_date(day))
    standing = measure(law.plan, figures)
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder) / "data")
        store.prepare(simulated=True)
        points, seconds = _timed(lambda: Written(store, sorted(law.reference.districts)).update(figures, standing))
        store.close()
    note = f"{points:,} points of every day since 2023-12-31, embedded, once"
    return [Result("writing all figures to the store", seconds, "s", None, note)]
