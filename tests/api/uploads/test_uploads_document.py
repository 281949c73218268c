"""The commands of docs/uploads.md, one after another in a real shell, as a plant would type them."""

import json
import re
import subprocess
from pathlib import Path

from api_city import KEY, Serve, factory
from tables import xlsx

from store.embedded import EmbeddedStore
from store.schema import REPORTS, WORKFORCE

PAGE = Path(__file__).parents[3] / "docs/uploads.md"
LINES = re.findall(r"^    (curl .+)$", PAGE.read_text(), re.MULTILINE)


def test_commands_of_the_document_take_a_table_in(serve: Serve, store: EmbeddedStore, tmp_path: Path) -> None:
    client = serve()
    client.post("/v1/factories", json=factory(1), headers={"Authorization": f"Bearer {KEY}"}).raise_for_status()
    (tmp_path / "workforce.xlsx").write_bytes(xlsx([("工厂编号", "期间", "平均用工人数"), ("F00001", "2026-10", 410)]))
    environment = {"URL": str(client.base_url).rstrip("/"), "KEY": KEY, "PATH": "/usr/bin:/bin"}
    for line in LINES:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stderr)
        if "-F " in line:
            environment["ID"] = json.loads(done.stdout)["id"]
    (row,) = store.read(REPORTS, WORKFORCE).to_dicts()
    assert (row["factory"], row["period"], row["average"]) == ("F00001", "2026-10", 410)
    assert (tmp_path / "marked.xlsx").read_bytes().startswith(b"PK")


def test_document_has_a_command_for_each_step() -> None:
    assert ["templates" in LINES[0], "-F " in LINES[1], "confirm" in LINES[2], "marked" in LINES[3]] == [True] * 4
