import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from cities import DAY0
from plan_city import figures_of, statistic, statistics_of

from density.days import to_day
from density.progress import measure
from robodensity.plans import DEMO_QUOTAS, load_plan
from robodensity.seed_files import SeedError
from robodensity.seeds import SEEDS, load_reference

REFERENCE = load_reference()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    shutil.copytree(SEEDS / "plans", tmp_path / "seeds" / "plans")
    return tmp_path / "seeds"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("shanghai-2027", "figure: gross_new", "figure: gross", "measures SH-13 by gross"),
        ("shanghai-2027", "deadline: 2027-12-31", "deadline: yesterday", "deadline"),
        ("shanghai-2027", "unit: {zh: 台, en", "unit: {zh: 家, en", "gives SH-13 in 家"),
        ("shanghai-2027", "id: SH-14", "id: SH-13", "names the target SH-13 twice"),
        ("shanghai-2027", "series: key", "series: keys", "series"),
        ("shanghai-2027", "series: key", "serie: key", "serie"),
        ("shanghai-2027", 'unit: {zh: "%/年"', 'unit: {zh: "亿元"', "gives the growth SH-04 in 亿元"),
        (DEMO_QUOTAS, "plan: shanghai-2027", "plan: other", "assigns quotas of the plan other"),
        (DEMO_QUOTAS, "SH-13:", "SH-14:", "splits SH-14, which is no count"),
        (DEMO_QUOTAS, '"park:P57"', '"park:P99"', "to park:P99"),
        (DEMO_QUOTAS, '"outside-parks": 7735', '"outside-parks": 7736', "gives the parks 20001 of SH-13, not 20000"),
    ],
)
def test_load_plan_names_the_file_the_line_and_the_item(seeds: Path, file: str, old: str, new: str, said: str) -> None:
    path = seeds / "plans" / f"{file}.yaml"
    content = path.read_text(encoding="utf-8")
    head, body = content.split("\n\n", 1)
    assert old in body
    path.write_text(head + "\n\n" + body.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=said) as caught:
        load_plan(REFERENCE, seeds=seeds, quotas=DEMO_QUOTAS)
    at = content.index("SH-13:" if "outside" in old else old, len(head))
    line = content[:at].count("\n") + 1
    assert f"{path} (line {line})" in str(caught.value)


def test_load_plan_names_the_target_that_lacks_its_figure(seeds: Path) -> None:
    path = seeds / "plans" / "shanghai-2027.yaml"
    content = path.read_text(encoding="utf-8").replace("    figure: gross_industrial_output\n", "")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SeedError, match="measures SH-02 by a statistic and names none"):
        load_plan(REFERENCE, seeds=seeds)


def test_load_plan_refuses_a_deadline_before_its_baseline(seeds: Path) -> None:
    path = seeds / "plans" / "xinjiang-2027.yaml"
    content = path.read_text(encoding="utf-8").replace("deadline: 2027-12-31", "deadline: 2023-12-31")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SeedError, match="ends XJ-01 on 2023-12-31, not after its baseline"):
        load_plan(REFERENCE, seeds=seeds, plan="xinjiang-2027")


def test_load_plan_reads_a_plan_of_another_region_as_data() -> None:
    (target,) = load_plan(REFERENCE, plan="xinjiang-2027").targets
    assert (target.id, target.value, target.comparison, target.measured_by) == (
        "XJ-01", 25, "growth_since_baseline", "statistic",
    )  # fmt: skip


def test_load_plan_of_another_region_is_judged_without_further_code() -> None:
    # 400 in 2023 and 460 in 2025 (+15 %): 15 of 25 where half was due; 500 in 2027 is +25 %
    days = to_day(date(2028, 6, 1)) - DAY0
    years = {2023: (400.0, 40), 2025: (460.0, 800), 2027: (500.0, 1_550)}
    rows = [
        statistic("equipment_renewal_investment", str(year), to_day(date(year, 12, 31)), DAY0 + published, value)
        for year, (value, published) in years.items()
    ]
    plan = load_plan(REFERENCE, plan="xinjiang-2027")
    (measured,) = measure(plan, figures_of(days), statistics_of(*rows))
    assert measured.actual[0, [800, 1_550]] == pytest.approx([15, 25])
    assert measured.progress[0, 800] == pytest.approx(0.6)
    assert measured.lead[0, 800] == pytest.approx((0.6 - 731 / 1_461) * 100)
    assert measured.status[0, [799, 800, 1_462, 1_550]].tolist() == ["no_data", "on_track", "no_data", "met"]


def test_load_plan_marks_the_three_targets_that_the_board_shows() -> None:
    plan = load_plan(REFERENCE)
    assert [target.id for target in plan.targets] == [f"SH-{number:02}" for number in range(1, 22)]
    assert {each.id: (each.figure, each.series, each.value) for each in plan.headlines} == {
        "SH-11": ("smart_factories", "total", 500),
        "SH-13": ("gross_new", "total", 20_000),
        "SH-14": ("density_12m", "key", 500),
    }
    assert plan.headlines[2].published_baseline == 383
    assert {(str(each.baseline_day), str(each.deadline)) for each in plan.headlines} == {("2023-12-31", "2027-12-31")}


def test_load_plan_keeps_the_words_of_the_page() -> None:
    page = Path(__file__).parent / "page.txt"
    words = re.sub(r"\s", "", page.read_text(encoding="utf-8"))
    for plan in ("shanghai-2027", "xinjiang-2027"):
        for target in load_plan(REFERENCE, plan=plan).targets:
            assert target.sentence in words, target.id


def test_load_plan_has_quotas_that_sum_to_the_target_twice() -> None:
    quotas = load_plan(REFERENCE, quotas=DEMO_QUOTAS).quotas
    assert quotas is not None
    assert quotas.simulated
    assert (quotas.body[:6], str(quotas.day)) == ("模拟下达单位", "2024-01-01")
    values = quotas.values["SH-13"]
    assert sum(value for scope, value in values.items() if scope.startswith("district:")) == 20_000
    assert sum(value for scope, value in values.items() if not scope.startswith("district:")) == 20_000
    assert len(values) == 57 + 1 + 16


def test_plans_give_a_source_for_every_target_and_published_value() -> None:
    for plan in ("shanghai-2027", "xinjiang-2027"):
        for target in load_plan(REFERENCE, plan=plan).targets:
            assert target.source == "SEED"
            assert (target.published_baseline is None) == (not target.published_source)
            assert target.baseline_day is None or any("20" in each or "day" in each for each in target.inferred)
