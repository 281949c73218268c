"""The commands of docs/roles.md, one after another, over a real API."""

import re
import shlex
from pathlib import Path

import pytest
from api_city import KEY, Serve, clock, factory, plan, reference, serve, store
from typer.testing import CliRunner

from robodensity.__main__ import app

__all__ = ["clock", "plan", "reference", "serve", "store"]

PAGE = Path(__file__).parents[2] / "docs/roles.md"
LINES = re.findall(r"^    robodensity (key .+)$", PAGE.read_text(), re.MULTILINE)


def test_commands_of_the_document_make_list_and_revoke_keys(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve()
    client.headers["Authorization"] = f"Bearer {KEY}"
    client.post("/v1/factories", json=factory(42)).raise_for_status()
    monkeypatch.setenv("ROBODENSITY_ADMIN_KEY", KEY)
    monkeypatch.setenv("ROBODENSITY_API_URL", str(client.base_url))
    assert len(LINES) >= 4
    for line in LINES:
        words = shlex.split(line)
        if "revoke" in words:
            words[-1] = client.get("/v1/keys").json()["keys"][0]["key"]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, (line, done.output)
    keys = client.get("/v1/keys").json()["keys"]
    assert {(key["role"], *key["areas"], *key["factories"]) for key in keys} == {
        ("area", "district:310115", "zone:lingang"), ("factory", "F00042"),
    }  # fmt: skip
    assert [key["revoked"] is not None for key in keys] == [True, False]
