import pkgutil
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import typer
from fastapi.openapi.utils import get_openapi

from api import routes
from robodensity.__main__ import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
CODE = re.compile(r"`([^`\n]+)`|^ {4}(.+)$", re.MULTILINE)
GROUPS = typer.main.get_command(app).commands
# A command of a group is named by both words.
COMMANDS = GROUPS | {
    f"{name} {inner}": command
    for name, group in GROUPS.items()
    for inner, command in getattr(group, "commands", {}).items()
}


def _calls(page: Path) -> list[tuple[str, str]]:
    """Every call of the command in a page's code, with its name; `make demo` passes its options to `up`."""
    calls = []
    for inline, block in CODE.findall(page.read_text()):
        code = inline or block
        called = re.match(r"(?:\.venv/bin/)?robodensity ([a-z]+)(?: ([a-z]+))?", code)
        if called or code.startswith("make demo"):
            both = " ".join(filter(None, called.groups())) if called else "up"
            calls.append((both if both in COMMANDS else both.split()[0], code))
    return calls


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_docs_call_commands_that_exist_with_options_that_exist(page: Path) -> None:
    for command, code in _calls(page):
        assert command in COMMANDS, code
        options = {each for option in COMMANDS[command].params for each in option.opts}
        assert set(re.findall(r"(?<![\w-])--[a-z-]+", code)) <= options, code


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    """Every route of the API, as OpenAPI describes it."""
    modules = [import_module(f"api.routes.{each.name}") for each in pkgutil.iter_modules(routes.__path__)]
    found = [route for module in modules if hasattr(module, "router") for route in module.router.routes]
    return get_openapi(title="", version="", routes=found)["paths"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_docs_name_routes_that_exist_with_parameters_that_exist(page: Path, paths: dict[str, Any]) -> None:
    for method, path, query in re.findall(r"(GET|POST) (/v1/[\w/{}]+)(?:\?([^`]*))?", page.read_text()):
        route = paths.get(path, {}).get(method.lower())
        assert route is not None, f"{method} {path}"
        assert {name for name, _ in parse_qsl(query)} <= {each["name"] for each in route.get("parameters", [])}, path


def test_readme_names_the_folders_of_the_repository() -> None:
    named = re.findall(r"^\| `([a-z]+)/` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    assert set(project["tool"]["importlinter"]["root_packages"]) <= set(named)
