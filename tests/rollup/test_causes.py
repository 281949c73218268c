import json
from datetime import date

import polars as pl
import pytest
from cities import (
    CASE_DEFINITION,
    CASE_REFERENCE,
    DAY0,
    KINDS,
    Row,
    at,
    designation,
    event,
    frame,
    reports,
    site,
    stamped,
)

from density.city import City
from density.sources import Sources
from rollup.causes import LOOKED_AT, Cause, Causes


@pytest.fixture(scope="module")
def sources() -> Sources:
    subject = designation(None, DAY0, kind="service_provider", subject_name="某", subject_district="310114")
    rows = stamped(
        registration=[site("F1", park="P01"), site("F2", industry="1711"), site("F1", park="P02", from_day=DAY0)],
        designation=[subject],
    )
    return City(reports(rows), CASE_REFERENCE, CASE_DEFINITION, date(2024, 1, 31)).sources


def arrived(*told: tuple[str, Row]) -> dict[str, list[pl.DataFrame]]:
    """Reports with stamps 100, 101 and so on."""
    return {
        kind: [KINDS[kind].frame([row | {"time": 100 + place, "writer": "w"}])
               for place, (each, row) in enumerate(told) if each == kind]
        for kind in {kind for kind, _ in told}
    }  # fmt: skip


def test_of_is_the_newest_report_that_concerns_a_scope(sources: Sources) -> None:
    first, second = (("lifecycle", event(factory, "R1", "commissioned", DAY0)) for factory in ("F1", "F2"))
    causes = Causes(arrived(first, second), sources)
    # F1 was in P01 before it came to P02
    stamps = {scope: causes.of(scope).stamp for scope in ("park:P01", "park:P02", "zone:Z1", "industry:36")}
    assert set(stamps.values()) == {100}
    assert {causes.of(scope).stamp for scope in ("city", "district:310115", "industry:1711")} == {101}


def test_of_a_scope_that_no_report_concerns_is_the_newest_of_all(sources: Sources) -> None:
    causes = Causes(arrived(("lifecycle", event("F1", "R1", "installed", DAY0))), sources)
    cause = causes.of("district:310114")
    assert (cause.writer, cause.stamp) == ("w", 100)
    slot = {"factory": "F1", "robot": "R1", "event": "installed", "at_us": at(DAY0)}
    assert json.loads(cause.slot) == {"kind": "lifecycle"} | slot


def test_of_the_scope_of_a_statistic_and_of_a_named_subject(sources: Sources) -> None:
    subject = designation(None, DAY0 + 1, kind="service_provider", subject_name="某", subject_district="310114")
    later = ("lifecycle", event("F1", "R1", "commissioned", DAY0))
    causes = Causes(arrived(("statistic", frame("park:P02", DAY0, 9)), ("designation", subject), later), sources)
    assert [causes.of(scope).stamp for scope in ("district:310114", "park:P02", "district:310115")] == [101, 102, 102]
    alone = Causes(arrived(("statistic", frame("district:310115", DAY0, 9)), ("designation", subject)), sources)
    assert [alone.of(scope).stamp for scope in ("district:310115", "city", "industry:36")] == [100, 101, 101]


def test_of_a_flood_looks_at_the_newest_reports(sources: Sources) -> None:
    flood = [("lifecycle", event("F2", f"R{number}", "commissioned", DAY0)) for number in range(LOOKED_AT)]
    old = ("lifecycle", event("F1", "R1", "commissioned", DAY0))
    newest = 100 + LOOKED_AT
    rows = arrived(old, *flood)
    assert Causes({kind: [pl.concat(frames)] for kind, frames in rows.items()}, sources).of("park:P01").stamp == newest


def test_of_nothing_is_no_report(sources: Sources) -> None:
    assert Causes({}, sources).of("city") == Cause()
