import json
from pathlib import Path

import pytest

from simulators.cursor import Cursor, SimulateError


def test_read_goes_on_where_the_last_run_stopped(tmp_path: Path) -> None:
    path = tmp_path / "cursor.json"
    Cursor.read(path, seed=1, scale=0.5).advance("workforce", 1_700_000_000)
    assert Cursor.read(path, seed=1, scale=0.5).through_s == {"workforce": 1_700_000_000}
    assert json.loads(path.read_text())["simulated"] is True
    assert list(tmp_path.iterdir()) == [path]


def test_read_refuses_the_cursor_of_another_city(tmp_path: Path) -> None:
    path = tmp_path / "cursor.json"
    Cursor.read(path, seed=1, scale=0.5).write()
    with pytest.raises(SimulateError, match="another simulated city"):
        Cursor.read(path, seed=1, scale=1.0)


@pytest.mark.parametrize("content", ["", "[]", '{"city": {}}', '{"city": 3, "through_s": [1]}'])
def test_read_refuses_what_is_no_cursor(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cursor.json"
    path.write_text(content)
    with pytest.raises(SimulateError, match="cannot be read"):
        Cursor.read(path, seed=1, scale=1.0)


def test_write_says_when_it_cannot(tmp_path: Path) -> None:
    cursor = Cursor(tmp_path / "missing" / "cursor.json", {})
    with pytest.raises(SimulateError, match="cannot be written"):
        cursor.write()
