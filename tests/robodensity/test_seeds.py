import re
import shutil
from pathlib import Path

import pytest

from robodensity.seed_files import SeedError
from robodensity.seeds import SEEDS, load_reference


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("districts.yaml", '"310101"', '"31010"', r"is wrong at districts\.0\.id"),
        ("districts.yaml", "source: GEO1, en_source", "sauce: GEO1, en_source", "is wrong at"),
        ("districts.yaml", '"310104"', '"310101"', "names the district 310101 twice"),
        ("parks.yaml", 'district: "310115"', 'district: "310199"', "puts the park P01 in the district 310199"),
        ("parks.yaml", "id: P02", "id: P01", "names the park P01 twice"),
        ("parks.yaml", "    district:", "    id: P01\n    district:", "the key id stands twice"),
        ("zones.yaml", "P48", "P99", "names the park P99 in the zone chemical"),
        ("key_sets.yaml", "default: bureau6", "default: bureau7", "has the default bureau7"),
        ("key_sets.yaml", '["36"]', '["3699"]', "uses the industry 3699 in the key set bureau6"),
        ("key_sets.yaml", '["36"]', '["36", "39"]', "puts 39 into .* and Automobiles of the key set bureau6"),
        ("key_sets.yaml", '["27", "358"]', '["27", "35"]', "puts 35 into .* and Biomedicine of the key set bureau6"),
        ("key_sets.yaml", '["268"]', '["358"]', "excludes 358 from .* which does not include it"),
        (
            "manufacturers.yaml",
            "[ABB, ABB Robotics",
            "[FANUC, ABB Robotics",
            "gives the name FANUC to FANUC and to ABB",
        ),
        (
            "terms.yaml",
            "unit: {zh: 台, en: robots}",
            'unit: {zh: 台, en: ""}',
            "gives the unit of stock in one language",
        ),
        ("holidays.yaml", "last_day: 2023-01-27", "last_day: 2023-01-20", "ends spring-festival-2023 on 2023-01-20"),
        ("holidays.yaml", "[2023-01-28", "[2023-01-30", "lets 2023-01-30 be worked"),
        ("holidays.yaml", "first_day: 2023-04-05", "first_day: 2023-01-27", "begins qingming-2023 on 2023-01-27"),
    ],
)
def test_load_reference_names_the_file_the_line_and_the_item(
    seeds: Path, file: str, old: str, new: str, said: str
) -> None:
    path = seeds / file
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=said) as caught:
        load_reference(seeds)
    line = content[: content.index(old)].count("\n") + 1  # or the line above, where its row begins
    assert re.search(rf"{re.escape(str(path))} \(line ({line}|{line - 1})\)", str(caught.value))
    assert "\n" not in str(caught.value)


def test_load_reference_says_which_division_is_missing(seeds: Path) -> None:
    path = seeds / "industries.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('code: "13"', 'code: "1311"'), encoding="utf-8")
    with pytest.raises(SeedError, match=r"industries\.yaml \(line [0-9]+\) lacks the division 13"):
        load_reference(seeds)


def test_load_reference_says_where_yaml_breaks(seeds: Path) -> None:
    path = seeds / "terms.yaml"
    content = path.read_text(encoding="utf-8").replace("terms:", "terms: [")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SeedError, match=r"terms\.yaml \(line [0-9]+\) is not YAML: .*; correct it"):
        load_reference(seeds)


def test_load_reference_says_which_file_is_missing(seeds: Path) -> None:
    (seeds / "parks.yaml").unlink()
    with pytest.raises(SeedError, match=r"parks\.yaml cannot be read"):
        load_reference(seeds)
