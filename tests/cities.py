"""Small cities for tests: reports from short rows, and random ones for Hypothesis."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from density.days import DAY_US, OFFSET_US, to_day
from density.definition import Definition
from density.register import Crosswalk, District, KeyIndustry, KeySet, Name, Park, Reference, Zone
from density.reports import Reports
from store.schema import (
    ASSESSMENT,
    DESIGNATION,
    INVENTORY,
    LIFECYCLE,
    REGISTRATION,
    REVIEW,
    SETTLEMENT,
    STATISTIC,
    WORKFORCE,
)

KINDS = {
    kind.name: kind for kind in (
        LIFECYCLE, WORKFORCE, INVENTORY, REGISTRATION, DESIGNATION, ASSESSMENT, STATISTIC, SETTLEMENT, REVIEW,
    )
}  # fmt: skip
FIRST = date(2023, 12, 31)
DAY0 = to_day(FIRST)
Row = dict[str, Any]

_NAME = Name("名", "name")
CROSSWALK = Crosswalk(dict.fromkeys([("shanghai-2023", "示范性"), ("shanghai-2023", "标杆性")], date(2022, 1, 1)))
KEY = KeySet("test", _NAME, (KeyIndustry(_NAME, ("36", "26"), ("268",)),))
REFERENCE = Reference(
    districts={adcode: District(adcode, _NAME) for adcode in ("310114", "310115")},
    parks={park: Park(park, _NAME, "310115", "") for park in ("P01", "P02")},
    industries=dict.fromkeys(("26", "36", "17"), _NAME),
    key_sets={"test": KEY},
    manufacturers={"发那科": "fanuc"},
    terms={},
    crosswalk=CROSSWALK,
)
DEFINITION = Definition(KEY, REFERENCE.manufacturers, CROSSWALK, first_day=FIRST, baseline_day=FIRST)
WIDE_KEY = KeySet("plan6", _NAME, (KeyIndustry(_NAME, ("26", "17")),))
ZONES = {zone: Zone(zone, _NAME, parks) for zone, parks in (("Z1", ("P01", "P02")), ("Z2", ("P02",)))}
CASE_REFERENCE = replace(REFERENCE, zones=ZONES, key_sets={"test": KEY, "plan6": WIDE_KEY})
DATED = Crosswalk({**CROSSWALK.counts_from, ("shanghai-2023", "领航级"): date(2024, 2, 1)})
CASE_DEFINITION = replace(DEFINITION, crosswalk=DATED, other_key_sets=(WIDE_KEY,))


def at(day: int, hour: int = 12) -> int:
    """The instant of an hour of a Shanghai day [µs]."""
    return day * DAY_US - OFFSET_US + hour * 3_600_000_000


def site(factory: str, **changes: Any) -> Row:
    row = {"factory": factory, "district": "310115", "park": None, "industry": "3610", "above_scale": True}
    return row | {"from_day": None, "closed_day": None} | changes


def event(factory: str, robot: str, name: str, day: int, **changes: Any) -> Row:
    hour = changes.pop("hour", 12)
    plate = name in {"installed", "commissioned", "moved_in"}
    nameplate = {"manufacturer": "FANUC", "model": "M-20", "serial": robot, "category": "articulated"} if plate else {}
    row = {"factory": factory, "robot": robot, "event": name, "at_us": at(day, hour)}
    return row | {"span_first_day": day, "span_last_day": day} | nameplate | changes


def period(factory: str, end_day: int, average: int | None, **changes: Any) -> Row:
    row = {"factory": factory, "period": f"month ending {end_day}", "period_end_day": end_day, "period_months": 1}
    return row | {"average": average, "end_of_period": None} | changes


def inventory(factory: str, day: int, stock: int = 0) -> Row:
    return {"factory": factory, "as_of_day": day, "stock": stock}


def designation(factory: str | None, from_day: int, to_day: int | None = None, **changes: Any) -> Row:
    row = {"kind": "smart_factory", "scheme": "shanghai-2023", "grade": "示范性", "subject_factory": factory}
    return row | {"subject_name": None, "subject_district": None, "from_day": from_day, "to_day": to_day} | changes


def assessment(factory: str, day: int, level: int = 2) -> Row:
    return {"factory": factory, "standard": "GB/T 39116-2020", "level": level, "on_day": day}


def frame(scope: str, published_day: int, persons: int) -> Row:
    """The official frame of 2022 as it was published on a day."""
    row = {"figure": "frame_persons", "scope": scope, "period": "2022", "period_end_day": DAY0 - 365}
    return row | {"unit": "人", "source": "test", "published_day": published_day, "value": float(persons)}


def settlement(serial: str, *, same: bool = True) -> Row:
    """Whether FANUC's M-20 and X-9 of one serial are one machine."""
    return {"manufacturer": "FANUC", "serial": serial, "model": "M-20", "other_model": "X-9", "same": same}


def review(model: str, *, counts: bool = True) -> Row:
    return {"manufacturer": "FANUC", "model": model, "counts": counts}


def stamped(**rows: list[Row]) -> dict[str, list[Row]]:
    """The rows of every kind, each with a stamp in the order given."""
    return {
        kind: [{"time": stamp, "writer": "w"} | row for stamp, row in enumerate(rows.get(kind, []), start=1)]
        for kind in KINDS
    }


def reports(rows: dict[str, list[Row]]) -> Reports:
    return Reports(**{name: kind.frame(rows.get(name, [])) for name, kind in KINDS.items()})


_FACTORIES = ["F1", "F2", "F3"]
_DAYS = st.integers(DAY0 - 3, DAY0 + 40)
# so long before that a transit of 180 days or a service life of 12 years ends within the figures
_EVENT_DAYS = st.one_of(_DAYS, _DAYS, _DAYS, st.sampled_from([DAY0 - 160, DAY0 - 4_363]))


_NAMES = st.sampled_from(
    ["commissioned"] * 5 + ["moved_in"] * 2 + ["moved_out"] * 2 + ["decommissioned", "changed", "changed", "installed"]
)
# each list holds what is usual so often that most robots count
_PLATES = st.fixed_dictionaries(
    {
        "manufacturer": st.sampled_from(["FANUC", "FANUC", "发那科", "ABB"]),
        "model": st.sampled_from(["M-20", "m 20", "M-20", "X-9"]),
        "serial": st.sampled_from(["E-001", "e001", "E２", "E-003"]),
        "category": st.sampled_from(["articulated"] * 4 + ["scara", "agv_amr", "other"]),
        "axes": st.sampled_from([None, None, 6, 6, 2]),
    }
)


@st.composite
def _events(draw: st.DrawFn) -> Row:
    name, day = draw(_NAMES), draw(_EVENT_DAYS)
    row = event(
        draw(st.sampled_from(_FACTORIES)),
        draw(st.sampled_from(["R1", "R2"])),
        name,
        day,
        hour=draw(st.sampled_from([0, 9, 20])),
    )
    if name in {"installed", "commissioned", "moved_in"} or (name == "changed" and draw(st.booleans())):
        row |= draw(_PLATES)
    row["purpose"] = draw(st.sampled_from([None, None, None, "production", "production", "research"]))
    row["span_first_day"] = draw(st.sampled_from([day, day, day, None, day - 30]))
    return row


@st.composite
def _voids(draw: st.DrawFn) -> Row:
    target = draw(_events())
    row = event(target["factory"], target["robot"], "void", target["span_last_day"])
    return row | {"voids_event": target["event"], "voids_at_us": target["at_us"]}


@st.composite
def _sites(draw: st.DrawFn, factory: str) -> list[Row]:
    rows = []
    for since in [None, *draw(st.lists(_DAYS, max_size=2, unique=True))]:
        closed = draw(st.sampled_from([None, None, None, DAY0 + 20]))
        rows.append(
            site(
                factory,
                from_day=since,
                closed_day=closed,
                district=draw(st.sampled_from(["310114", "310115"])),
                park=draw(st.sampled_from([None, "P01", "P02"])),
                industry=draw(st.sampled_from(["3610", "2684", "2611", "1711"])),
                above_scale=draw(st.sampled_from([True, True, False])),
            )
        )
    return rows


@st.composite
def _periods(draw: st.DrawFn) -> Row:
    months = draw(st.sampled_from([1, 3, 12]))
    end = draw(st.sampled_from([DAY0 - 390, DAY0 - 1, DAY0, DAY0 + 31, DAY0 + 60]))
    average = draw(st.sampled_from([None, 0, 49, 50, 120, 200]))
    factory = draw(st.sampled_from(_FACTORIES))
    changes = {"period": f"{months} months to {end}", "period_months": months}
    return period(factory, end, average, end_of_period=draw(st.sampled_from([0, 30, 90])), **changes)


@st.composite
def _designations(draw: st.DrawFn, known: list[str]) -> Row:
    kind = draw(st.sampled_from(["smart_factory"] * 3 + ["chain_leader", "service_provider", "innovation_centre"]))
    until = draw(st.one_of(st.none(), st.integers(DAY0 + 5, DAY0 + 45)))
    if kind == "smart_factory":
        grade = draw(st.sampled_from(["示范性", "标杆性", "先进级", "领航级"]))
        return designation(draw(st.sampled_from(known)), draw(_DAYS), until, grade=grade)
    subject = {"subject_factory": draw(st.sampled_from([None, *known]))}
    if subject["subject_factory"] is None:
        district = draw(st.sampled_from(["310114", "310115"]))
        subject = {"subject_factory": None, "subject_name": "某机构", "subject_district": district}
    return designation(None, draw(_DAYS), until, kind=kind, grade=None, **subject)


def _rows(rows: st.SearchStrategy[Row], *slot: str, most: int) -> st.SearchStrategy[list[Row]]:
    """Rows of different slots: which of one slot counts is a matter of stamps, not of days."""
    return st.lists(rows, max_size=most, unique_by=lambda row: tuple(row.get(name) for name in slot))


@st.composite
def cities(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Contradicting, imprecise, voided and repeated reports of three factories around the first day."""
    known = draw(st.sampled_from([_FACTORIES, _FACTORIES, _FACTORIES[:2], _FACTORIES[:1]]))
    least = draw(st.sampled_from([8, 8, 8, 0]))
    factories = st.sampled_from(_FACTORIES)
    inventories = st.builds(inventory, factories, _EVENT_DAYS, st.integers(0, 3))
    frames = st.builds(frame, st.sampled_from(["city", "district:310115"]), _DAYS, st.integers(0, 400))
    subject = ("kind", "subject_factory", "subject_name", "subject_district", "grade", "from_day")
    return stamped(
        registration=[row for factory in known for row in draw(_sites(factory))],
        lifecycle=draw(st.lists(st.one_of(_events(), _events(), _events(), _voids()), min_size=least, max_size=16)),
        workforce=draw(st.lists(_periods(), min_size=least // 2, max_size=8)),
        inventory=draw(_rows(inventories, "factory", "as_of_day", most=3)),
        designation=draw(_rows(_designations(known), *subject, most=5)),
        assessment=draw(_rows(st.builds(assessment, factories, _DAYS), "factory", "on_day", most=2)),
        statistic=draw(_rows(frames, "scope", "published_day", most=2)),
        settlement=draw(
            _rows(st.builds(settlement, st.sampled_from(["e 001", "E2"]), same=st.booleans()), "serial", most=1)
        ),
        review=draw(_rows(st.builds(review, st.sampled_from(["M20", "X-9"]), counts=st.booleans()), "model", most=2)),
    )
