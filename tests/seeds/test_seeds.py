import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from robodensity.seeds import SEEDS, default_key_set, load_reference
from simulators.shape import INDUSTRIES as SIMULATED

FILES = sorted(SEEDS.rglob("*.yaml"))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_seeds_have_a_header_that_names_their_sources(path: Path) -> None:
    header = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert re.search(r"Sources?( of [a-z ]+)?:", " ".join(header)), header


@pytest.mark.parametrize(
    ("file", "items"),
    [("districts", "districts"), ("parks", "parks"), ("zones", "zones"), ("industries", "industries"),
     ("key_sets", "key_sets"), ("manufacturers", "manufacturers"), ("crosswalk", "rows"),
     ("holidays", "holidays")],
)  # fmt: skip
def test_seeds_give_a_source_for_every_item(file: str, items: str) -> None:
    rows = _read(SEEDS / f"{file}.yaml")[items]
    assert rows
    assert all(row["source"] for row in rows)


def test_load_reference_has_16_districts_57_parks_and_31_divisions() -> None:
    reference = load_reference()
    assert len(reference.districts) == 16
    assert len(reference.parks) == 57
    assert {park.district for park in reference.parks.values()} <= set(reference.districts)
    assert {code for code in reference.industries if len(code) == 2} == {str(code) for code in range(13, 44)}


def test_load_reference_has_every_group_of_the_standard() -> None:
    codes = load_reference().industries
    groups = [code for code in codes if len(code) == 3]
    assert len(groups) == 179  # GB/T 4754-2017, section C
    assert {code[:2] for code in groups} == {str(code) for code in range(13, 44)}
    assert {code[:3] for code in codes if len(code) == 4} <= set(groups)


def test_load_reference_has_the_zones_of_the_law_as_whole_parks() -> None:
    reference = load_reference()
    towns = {"new-town-jiading", "new-town-qingpu", "new-town-songjiang", "new-town-fengxian", "new-town-nanhui"}
    assert set(reference.zones) == {"lingang", "chemical", "changxing", "zhangjiang", *towns}
    for zone in reference.zones.values():
        assert zone.parks
        if zone.id == "lingang":
            assert {reference.parks[park].district for park in zone.parks} == {"310115", "310120"}
    committees = {
        "lingang": "临港新片区管理委员会",
        "chemical": "上海化学工业区管理委员会",
        "changxing": "长兴岛管理委员会",
    }
    for park in reference.parks.values():
        run_by = [zone for zone, body in committees.items() if body == park.administering_body]
        assert [zone for zone in committees if park.id in reference.zones[zone].parks] == run_by


def test_load_reference_dates_the_key_sets_and_the_grades() -> None:
    reference = load_reference()
    assert {each.id: each.from_day.isoformat() for each in reference.key_sets.values()} == {
        "bureau6": "2023-01-01", "plan6": "2024-01-01",
    }  # fmt: skip
    assert reference.crosswalk.counts_from["national-2024", "先进级"].isoformat() == "2024-10-29"


def test_industries_name_every_class_of_the_simulated_city() -> None:
    assert set(SIMULATED) <= set(load_reference().industries)


@pytest.mark.parametrize(
    ("industry", "bureau6", "plan6"),
    [("3973", True, True), ("3670", True, True), ("2614", True, True), ("2682", False, True), ("3581", True, True),
     ("3130", True, True), ("3421", True, True), ("2929", False, True), ("1411", False, True), ("4011", False, True),
     ("4210", False, False)],
)  # fmt: skip
def test_load_reference_has_the_key_sets_of_the_law(industry: str, *, bureau6: bool, plan6: bool) -> None:
    sets = load_reference().key_sets
    assert default_key_set() == "bureau6"
    assert (sets["bureau6"].holds(industry), sets["plan6"].holds(industry)) == (bureau6, plan6)


def test_load_reference_has_the_holidays_of_five_years() -> None:
    holidays = load_reference().holidays
    assert {each.last_day.year for each in holidays} == {2023, 2024, 2025, 2026, 2027}
    assert {each.last_day.year for each in holidays if not each.announced} == {2027}
    rest = {each.id: (each.last_day - each.first_day).days + 1 for each in holidays}
    assert (rest["spring-festival-2025"], rest["spring-festival-2026"], rest["national-day-2025"]) == (8, 9, 8)


def test_load_reference_names_every_figure_of_the_law() -> None:
    named = {
        "stock", "gross_new", "flow", "persons", "stock_counted", "persons_counted", "density", "density_12m",
        "density_annual", "response", "frame_coverage", "connected_stock", "operating_stock", "undeclared", "unseen",
        "inventory_gap", "smart_factories", "smart_claimed",
    }  # fmt: skip
    assert named <= set(load_reference().terms)


def test_load_reference_counts_the_grades_of_the_crosswalk() -> None:
    counts = load_reference().crosswalk.counts
    assert {("shanghai-2023", "示范性"), ("shanghai-2023", "标杆性"), ("national-2024", "先进级")} <= counts
    assert ("national-2024", "基础级") not in counts
    assert _read(SEEDS / "crosswalk.yaml")["official"] is False
