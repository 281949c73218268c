"""`robodensity key add | list | revoke`."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from api.access.caller import Given
from robodensity.refused_app import AsJson, KeyFile, Url, system_of
from robodensity.system import System

app = typer.Typer(help="Keys of the API: who may see and do what.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Whom it is for, as the audit log tells it.")],
    role: Annotated[Given, typer.Option(help="What it opens.")],
    *,
    area: Annotated[list[str], typer.Option(help="Of a role area: district:310115, zone:lingang; repeatable.")] = [],  # noqa: B006 - typer copies it
    factory: Annotated[list[str], typer.Option(help="Of a role factory: F00042; repeatable.")] = [],  # noqa: B006
    admin_key_file: KeyFile = None,
    api_url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Make a key; its secret is told this once."""
    asked = {"name": name, "role": role, "areas": area, "factories": factory}
    answer = system_of(api_url, admin_key_file).post("/v1/keys", json.dumps(asked).encode())
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    sys.stderr.write(line(answer["key"]) + "\nIts secret is kept nowhere; hand it on now:\n")
    sys.stdout.write(answer["secret"] + "\n")


@app.command(name="list")
def list_(*, admin_key_file: KeyFile = None, api_url: Url = None, as_json: AsJson = False) -> None:
    """Tell every key, the oldest first; no secret."""
    for key in _keys(system_of(api_url, admin_key_file)):
        sys.stdout.write((json.dumps(key, ensure_ascii=False) if as_json else line(key)) + "\n")


def _keys(system: System) -> Iterator[Mapping[str, Any]]:
    cursor: str | None = None
    while True:
        page = system.get("/v1/keys", cursor=cursor)
        yield from page["keys"]
        cursor = page["next"]
        if cursor is None:
            return


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Its id, as `robodensity key list` tells it.")],
    *,
    admin_key_file: KeyFile = None,
    api_url: Url = None,
    as_json: AsJson = False,
) -> None:
    """End a key for good."""
    answer = system_of(api_url, admin_key_file).delete(f"/v1/keys/{key}")["key"]
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if as_json else line(answer)) + "\n")


def line(key: Mapping[str, Any]) -> str:
    """A key in one line."""
    opens = " ".join([*key["areas"], *key["factories"]])
    ended = f"  revoked {key['revoked']}" if key["revoked"] else ""
    return f"{key['key']}  {key['role']:7}  {key['name']}  {opens}{ended}".rstrip()
