import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from robodensity.finding import Finding
from robodensity.seed_checks import examine_seeds, unnamed
from robodensity.seeds import SEEDS, load_reference

TODAY = date(2026, 11, 24)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def _bad(seeds: Path, today: date = TODAY) -> list[Finding]:
    return [each for each in examine_seeds(seeds, today) if each.mark != "ok"]


def test_examine_seeds_finds_nothing_in_ours() -> None:
    findings = list(examine_seeds(SEEDS, TODAY))
    assert [each for each in findings if each.mark != "ok"] == []
    assert findings[0].sentence.startswith("16 districts, 57 parks")
    assert len([each for each in findings if "plan" in each.sentence.casefold()]) >= 2


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("parks.yaml", 'district: "310115"', 'district: "310199"', r"parks\.yaml \(line \d+\) puts the park P01"),
        ("zones.yaml", "P48", "P99", r"zones\.yaml \(line \d+\) names the park P99"),
        ("key_sets.yaml", '["36"]', '["3699"]', r"key_sets\.yaml \(line \d+\) uses the industry 3699"),
        ("terms.yaml", "  flow_moved_in:", "  flow_moved:", r"terms\.yaml does not name flow_moved_in; add"),
        ("plans/shanghai-2027.yaml", "series: key", "series: keys", r"shanghai-2027\.yaml \(line \d+\) is wrong"),
    ],
)
def test_examine_seeds_finds_what_is_wrong(seeds: Path, file: str, old: str, new: str, said: str) -> None:
    path = seeds / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    bad = _bad(seeds)
    assert {each.mark for each in bad} == {"error"}
    assert re.search(said, bad[0].sentence)


def test_examine_seeds_goes_on_after_a_plan_that_is_wrong(seeds: Path) -> None:
    for path in (seeds / "plans").glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("source:", "sauce:"), encoding="utf-8")
    assert len(_bad(seeds)) == len(list((seeds / "plans").glob("*.yaml")))


def test_examine_seeds_warns_of_a_year_without_announced_holidays() -> None:
    (finding,) = _bad(SEEDS, date(2027, 1, 1))
    assert (finding.mark, "holidays of 2027" in finding.sentence) == ("warn", True)


@pytest.mark.parametrize(
    "name", ["stock", "flow_reclassified_out", "effect_composition", "trailing_rate", "unseen", "chance", "lagging",
             "very_unlikely", "key:plan6"],
)  # fmt: skip
def test_unnamed_demands_a_term_for_all_that_is_shown(name: str) -> None:
    reference = load_reference()
    assert unnamed(reference) == []
    terms = {key: term for key, term in reference.terms.items() if key != name}
    assert unnamed(replace(reference, terms=terms)) == [name]
