"""Small cities for tests: reports from short rows, and random ones for Hypothesis."""

from dataclasses import replace
from datetime import date
from functools import cache
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


_FACTORIES = ("F1", "F2", "F3")


@cache
def _one_of(*values: Any) -> st.SearchStrategy[Any]:
    """Made once, as is each strategy here: one made anew for a draw is looked through anew."""
    return st.sampled_from(values)


_DAYS = st.integers(DAY0 - 3, DAY0 + 40)
# so long before that a transit of 180 days or a service life of 12 years ends within the figures
_EVENT_DAYS = st.one_of(_DAYS, _DAYS, _DAYS, _one_of(DAY0 - 160, DAY0 - 4_363))


_LATER = st.lists(_DAYS, max_size=2, unique=True)
_UNTIL = st.one_of(st.none(), st.integers(DAY0 + 5, DAY0 + 45))
_NAMES = st.sampled_from(
    ["commissioned"] * 5 + ["moved_in"] * 2 + ["moved_out"] * 2 + ["decommissioned", "changed", "changed", "installed"]
)
# each list holds what is usual so often that most robots count
_PLATES = st.fixed_dictionaries(
    {
        "manufacturer": _one_of("FANUC", "FANUC", "发那科", "ABB"),
        "model": _one_of("M-20", "m 20", "M-20", "X-9"),
        "serial": _one_of("E-001", "e001", "E２", "E-003"),
        "category": _one_of(*["articulated"] * 4, "scara", "agv_amr", "other"),
        "axes": _one_of(None, None, 6, 6, 2),
    }
)


@cache
@st.composite
def _events(draw: st.DrawFn) -> Row:
    name, day = draw(_NAMES), draw(_EVENT_DAYS)
    row = event(
        draw(_one_of(*_FACTORIES)),
        draw(_one_of("R1", "R2")),
        name,
        day,
        hour=draw(_one_of(0, 9, 20)),
    )
    if name in {"installed", "commissioned", "moved_in"} or (name == "changed" and draw(st.booleans())):
        row |= draw(_PLATES)
    row["purpose"] = draw(_one_of(None, None, None, "production", "production", "research"))
    row["span_first_day"] = draw(_one_of(day, day, day, None, day - 30))
    return row


@cache
@st.composite
def _voids(draw: st.DrawFn) -> Row:
    target = draw(_events())
    row = event(target["factory"], target["robot"], "void", target["span_last_day"])
    return row | {"voids_event": target["event"], "voids_at_us": target["at_us"]}


@cache
@st.composite
def _sites(draw: st.DrawFn, factory: str) -> list[Row]:
    rows = []
    for since in [None, *draw(_LATER)]:
        closed = draw(_one_of(None, None, None, DAY0 + 20))
        rows.append(
            site(
                factory,
                from_day=since,
                closed_day=closed,
                district=draw(_one_of("310114", "310115")),
                park=draw(_one_of(None, "P01", "P02")),
                industry=draw(_one_of("3610", "2684", "2611", "1711")),
                above_scale=draw(_one_of(True, True, False)),
            )
        )
    return rows


@cache
@st.composite
def _periods(draw: st.DrawFn) -> Row:
    months = draw(_one_of(1, 3, 12))
    end = draw(_one_of(DAY0 - 390, DAY0 - 1, DAY0, DAY0 + 31, DAY0 + 60))
    average = draw(_one_of(None, 0, 49, 50, 120, 200))
    factory = draw(_one_of(*_FACTORIES))
    changes = {"period": f"{months} months to {end}", "period_months": months}
    return period(factory, end, average, end_of_period=draw(_one_of(0, 30, 90)), **changes)


@cache
@st.composite
def _designations(draw: st.DrawFn, known: tuple[str, ...]) -> Row:
    kind = draw(_one_of(*["smart_factory"] * 3, "chain_leader", "service_provider", "innovation_centre"))
    until = draw(_UNTIL)
    if kind == "smart_factory":
        grade = draw(_one_of("示范性", "标杆性", "先进级", "领航级"))
        return designation(draw(_one_of(*known)), draw(_DAYS), until, grade=grade)
    subject = {"subject_factory": draw(_one_of(None, *known))}
    if subject["subject_factory"] is None:
        district = draw(_one_of("310114", "310115"))
        subject = {"subject_factory": None, "subject_name": "某机构", "subject_district": district}
    return designation(None, draw(_DAYS), until, kind=kind, grade=None, **subject)


def _rows(rows: st.SearchStrategy[Row], *slot: str, most: int) -> st.SearchStrategy[list[Row]]:
    """Rows of different slots: which of one slot counts is a matter of stamps, not of days."""
    return st.lists(rows, max_size=most, unique_by=lambda row: tuple(row.get(name) for name in slot))


_INVENTORIES = _rows(
    st.builds(inventory, _one_of(*_FACTORIES), _EVENT_DAYS, st.integers(0, 3)), "factory", "as_of_day", most=3
)
_ASSESSMENTS = _rows(st.builds(assessment, _one_of(*_FACTORIES), _DAYS), "factory", "on_day", most=2)
_FRAMES = _rows(
    st.builds(frame, _one_of("city", "district:310115"), _DAYS, st.integers(0, 400)), "scope", "published_day", most=2
)
_SETTLEMENTS = _rows(st.builds(settlement, _one_of("e 001", "E2"), same=st.booleans()), "serial", most=1)
_REVIEWS = _rows(st.builds(review, _one_of("M20", "X-9"), counts=st.booleans()), "model", most=2)


@cache
def _honours(known: tuple[str, ...]) -> st.SearchStrategy[list[Row]]:
    subject = ("kind", "subject_factory", "subject_name", "subject_district", "grade", "from_day")
    return _rows(_designations(known), *subject, most=5)


@cache
def _life(least: int) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.one_of(_events(), _events(), _events(), _voids()), min_size=least, max_size=16)


@cache
def _work(least: int) -> st.SearchStrategy[list[Row]]:
    return st.lists(_periods(), min_size=least, max_size=8)


@st.composite
def cities(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Contradicting, imprecise, voided and repeated reports of three factories around the first day."""
    known = draw(_one_of(_FACTORIES, _FACTORIES, _FACTORIES[:2], _FACTORIES[:1]))
    least = draw(_one_of(8, 8, 8, 0))
    return stamped(
        registration=[row for factory in known for row in draw(_sites(factory))],
        lifecycle=draw(_life(least)),
        workforce=draw(_work(least // 2)),
        inventory=draw(_INVENTORIES),
        designation=draw(_honours(known)),
        assessment=draw(_ASSESSMENTS),
        statistic=draw(_FRAMES),
        settlement=draw(_SETTLEMENTS),
        review=draw(_REVIEWS),
    )
