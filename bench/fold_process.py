"""A process that folds what parquet files hold and prints what that took."""

import json
import sys
import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import polars as pl

from bench import memory
from density.city import City
from density.forecast import forecasts
from density.progress import measure
from density.reports import Reports
from robodensity.assembly import load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings

REPEATS = 5  # a neighbour of a virtual machine takes seconds at a time


def main(folder: Path, day: date, cities: int) -> dict[str, float]:
    """Fold, judge and forecast, best of REPEATS; the peak of memory is that of the first time.

    Args:
        folder: a parquet file for each kind of reports.
        day: the last day of the figures.
        cities: so many cities in one, each with factories and machines of its own.
    """
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    reports = multiplied(read(folder), cities)
    runs, peak_mib = [], 0.0
    for _ in range(REPEATS):
        began = time.perf_counter()
        city = City(reports, law.reference, law.definition, day)
        folded = time.perf_counter()
        standing = measure(law.plan, city.figures, city.reports.standing("statistic"))
        forecasts(standing, city.figures)
        runs.append((time.perf_counter() - began, folded - began))
        peak_mib = peak_mib or memory.peak_mib()
        del city, standing
    return {"all_s": min(runs)[0], "fold_s": min(runs)[1], "peak_mib": peak_mib}


def read(folder: Path) -> Reports:
    """The reports that `bench.figures` has put down."""
    return Reports(**{each.name: pl.read_parquet(folder / f"{each.name}.parquet") for each in fields(Reports)})


def multiplied(reports: Reports, cities: int) -> Reports:
    """So many cities in one, each with factories and machines of its own, in the same parks and districts."""
    return Reports(**{each.name: _repeated(getattr(reports, each.name), cities) for each in fields(Reports)})


def _repeated(frame: pl.DataFrame, cities: int) -> pl.DataFrame:
    names = [name for name in ("factory", "subject_factory", "subject_name", "serial") if name in frame.columns]
    if cities == 1 or not names:
        return frame
    return pl.concat(frame.with_columns(pl.col(name) + f"-{number}" for name in names) for number in range(cities))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3]))) + "\n")
