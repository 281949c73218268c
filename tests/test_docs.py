import re
import tomllib
from pathlib import Path

import pytest
import typer

from robodensity.__main__ import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
TWINS = [(ROOT / "README.md", ROOT / "README.zh-CN.md")]

LINK = re.compile(r"\]\(([^)#\s]+)")
CODE = re.compile(r"`([^`\n]+)`|^ {4}(.+)$", re.MULTILINE)
TEST = re.compile(r"`(test_[a-z0-9_]+)`")
COMMANDS = typer.main.get_command(app).commands


def _code(page: Path) -> list[str]:
    return [inline or block for inline, block in CODE.findall(page.read_text())]


def _links(page: Path) -> list[str]:
    return [link for link in LINK.findall(page.read_text()) if "://" not in link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_to_files(page: Path) -> None:
    assert [link for link in _links(page) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_of_a_page_are_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for code in _code(page) for target in re.findall(r"^make ([a-z]+)", code)}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_a_page_exist_with_their_options(page: Path) -> None:
    for code in _code(page):
        called = re.match(r"(?:\.venv/bin/)?robodensity ([a-z]+)", code)
        if called:
            assert called[1] in COMMANDS, code
        demo = re.match(r"make demo", code)
        if called or demo:
            options = {each for option in COMMANDS[called[1] if called else "up"].params for each in option.opts}
            assert set(re.findall(r"(?<![\w-])--[a-z-]+", code)) <= options, code


def test_guarantees_name_tests_that_exist() -> None:
    tests = {
        name
        for module in ROOT.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", module.read_text(), re.MULTILINE)
    }
    named = set(TEST.findall((ROOT / "docs" / "guarantees.md").read_text()))
    assert named
    assert named - tests == set()


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: twins[0].stem)
def test_twins_have_the_same_sections_tables_and_links(twins: tuple[Path, Path]) -> None:
    def shape(page: Path) -> tuple[list[str], int, list[str]]:
        text = page.read_text()
        rows = len(re.findall(r"^\|", text, re.MULTILINE))
        names = {twin.name for twin in twins}
        return re.findall(r"^#+", text, re.MULTILINE), rows, sorted(set(_links(page)) - names)

    assert shape(twins[0]) == shape(twins[1])


def test_folders_of_the_readme_are_those_of_the_repository() -> None:
    named = re.findall(r"^\| `([a-z]+)/` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert named
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(project["tool"]["importlinter"]["root_packages"]) <= set(named)
