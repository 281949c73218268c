import csv
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_docs_link_to_what_exists(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_docs_name_make_targets_that_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^ +|`)make ([a-z]+)", page.read_text(), re.MULTILINE)) <= targets


def test_readme_of_both_languages_has_the_same_parts() -> None:
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh-CN.md"))
    for part in (r"^## ", r"^\| ", r"^    robodensity/v1/", r"^    make ", r"\]\((?!README)"):
        assert len(re.findall(part, english, re.MULTILINE)) == len(re.findall(part, chinese, re.MULTILINE)), part


def test_readme_calls_figures_by_their_terms() -> None:
    terms = yaml.safe_load((ROOT / "seeds/terms.yaml").read_text())["terms"]
    glossary = (ROOT / "README.zh-CN.md").read_text().partition("## 指标含义")[2].partition("\n## ")[0]
    names = [name for row in re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)[1:] for name in row.split("、")]
    assert "保有量" in names
    assert set(names) - {term["name"]["zh"] for term in terms.values()} == set()


def _tests() -> set[str]:
    modules = ROOT.glob("tests/**/test_*.py")
    return {name for module in modules for name in re.findall(r"def (test_\w+)", module.read_text())}


def test_guarantees_name_a_test_that_exists_in_every_row() -> None:
    table = (ROOT / "docs/guarantees.md").read_text().partition("|---|---|---|---|\n")[2].partition("\n\n")[0]
    shown = {row.split(" | ")[0]: set(re.findall(r"`(test_\w+)`", row.split(" | ")[3])) for row in table.splitlines()}
    assert len(shown) > 20
    assert [row for row, tests in shown.items() if not tests] == []
    assert set().union(*shown.values()) - _tests() == set()


def test_every_rule_of_figures_names_cases_or_tests_that_exist() -> None:
    cases = {path.parent.name for path in ROOT.glob("tests/density/cases/*/expected.json")}
    table = csv.DictReader((ROOT / "tests/density/status.csv").read_text().splitlines())
    known = cases | _tests() | {f"status.csv: {line['case']}" for line in table}
    rows = re.findall(r"^\| (.+?) \|.* \| (.*) \|$", (ROOT / "docs/figures.md").read_text(), re.MULTILINE)
    shown = {rule: set(re.findall(r"`([^`]+)`", by)) for rule, by in rows if rule != "rule"}
    assert len(shown) > 50
    assert [rule for rule, by in shown.items() if not by] == []
    assert set().union(*shown.values()) - known == set()
