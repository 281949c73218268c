from pathlib import Path

import pytest

from robodensity.seed_lines import Key, line_of, located

TEXT = """# a comment

parks:
  - id: P01
    name: {zh: 甲, en: A}
  - id: P02
    district: "310115"
quotas:
  SH-13:
    "park:P01": 3
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "parks.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("keys", "line"),
    [((), 3), (("parks",), 3), (("parks", 0), 4), (("parks", 0, "name", "en"), 5), (("parks", 1, "district"), 7),
     (("quotas", "SH-13", "park:P01"), 10)],
)  # fmt: skip
def test_line_of_counts_from_one(path: Path, keys: tuple[Key, ...], line: int) -> None:
    assert line_of(path, *keys) == line


@pytest.mark.parametrize("keys", [("parks", 1, "name"), ("parks", 1, "name", "zh"), ("parks", 1, 5)])
def test_line_of_what_is_missing_is_that_of_its_holder(path: Path, keys: tuple[Key, ...]) -> None:
    assert line_of(path, *keys) == 6


def test_line_of_an_empty_file_is_the_first(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("")
    assert line_of(tmp_path / "empty.yaml", "parks") == 1


def test_located_names_file_and_line(path: Path) -> None:
    assert located(path, "parks", 1, "district") == f"{path} (line 7)"
