"""What `robodensity doctor` asks of seeds/ beyond what every start demands."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from density.register import Reference
from robodensity.finding import Finding, listed
from robodensity.plans import load_plan
from robodensity.seed_files import SeedError
from robodensity.seeds import load_reference
from store.schema import (
    COMPARISON,
    CROSSING,
    FIGURE,
    FLOW,
    FORECAST,
    PLAN_STATUS,
    ROBOT_ACTIVITY,
    Measurement,
)

AREA = "seeds"

_SHOWN: tuple[tuple[Measurement, str], ...] = (
    (FIGURE, ""), (CROSSING, ""), (FLOW, "flow_"), (COMPARISON, ""), (PLAN_STATUS, ""), (ROBOT_ACTIVITY, ""),
    (FORECAST, ""),
)  # fmt: skip  # with what stands before a field's name in its term
_WORDS = (
    "met", "missed", "no_quota", "no_data", "too_early", "lagging", "at_risk", "on_track", "at_reference",
    "below_reference", "plan", "assigned", "reference", "none", "very_likely", "likely", "uncertain", "unlikely",
    "very_unlikely", "mom", "yoy", "total", "all", "key", "simulated", "monitoring", "data_until", "restatement",
)  # fmt: skip  # statuses, bases, chances, comparisons, series, and what stands beside every figure


def examine_seeds(seeds: Path, today: date) -> Iterator[Finding]:
    """Every finding about the files in a folder.

    Args:
        seeds: the folder.
        today: for whether the holidays of the year are known.
    """
    try:
        reference = load_reference(seeds)
    except SeedError as error:
        yield Finding("error", AREA, str(error))
        return
    yield Finding("ok", AREA, _counts(reference))
    yield _terms(reference)
    yield _holidays(reference, today)
    yield from _plans(seeds, reference)


def unnamed(reference: Reference) -> list[str]:
    """What figures, flows, comparisons, plans and forecasts show and no term names."""
    fields = [
        before + field.name
        for measurement, before in _SHOWN
        for field in measurement.fields
        if not field.name.endswith("_known")
    ]
    series = [f"key:{each}" for each in reference.key_sets]
    wanted = dict.fromkeys([*fields, *_WORDS, *series])
    return [each for each in wanted if each not in reference.terms]


def _counts(reference: Reference) -> str:
    return (
        f"{len(reference.districts)} districts, {len(reference.parks)} parks each in one of them, "
        f"{len(reference.zones)} zones of known parks, {len(reference.industries)} industries, "
        f"{len(reference.key_sets)} key sets of known codes and none twice, "
        f"{len(set(reference.manufacturers.values()))} manufacturers, "
        f"{len(reference.crosswalk.counts)} grades that count."
    )


def _terms(reference: Reference) -> Finding:
    missing = unnamed(reference)
    if missing:
        return Finding("error", AREA, f"terms.yaml does not name {listed(missing)}; add them in both languages.")
    return Finding("ok", AREA, f"{len(reference.terms)} terms name all that is shown, in both languages.")


def _holidays(reference: Reference, today: date) -> Finding:
    years = {each.last_day.year for each in reference.holidays if each.announced}
    if today.year in years:
        return Finding("ok", AREA, f"The public holidays of {today.year} are those that were announced.")
    return Finding("warn", AREA, f"holidays.yaml has no announced holidays of {today.year}; add the notice's days.")


def _plans(seeds: Path, reference: Reference) -> Iterator[Finding]:
    for path in sorted((seeds / "plans").glob("*.yaml")):
        of_plan = re.search(r"(?m)^plan: *(\S+)", path.read_text(encoding="utf-8"))
        try:
            if of_plan:
                load_plan(reference, seeds=seeds, plan=of_plan[1], quotas=path.stem)
                yield Finding("ok", AREA, f"The quotas {path.stem} sum to the targets of {of_plan[1]}.")
            else:
                plan = load_plan(reference, seeds=seeds, plan=path.stem)
                yield Finding("ok", AREA, f"The plan {path.stem} has {len(plan.targets)} targets that can be followed.")
        except SeedError as error:
            yield Finding("error", AREA, str(error))
