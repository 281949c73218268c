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
        ("districts.yaml", '"310101"', '"31010"', r"districts\.yaml is wrong at districts\.0\.id"),
        ("districts.yaml", "source: GEO1, en_source", "sauce: GEO1, en_source", r"districts\.yaml is wrong at"),
        ("districts.yaml", '"310104"', '"310101"', "names the district 310101 twice"),
        ("parks.yaml", 'district: "310115"', 'district: "310199"', "puts the park P01 in the district 310199"),
        ("parks.yaml", "id: P02", "id: P01", "names the park P01 twice"),
        ("zones.yaml", "P48", "P99", "names the park P99 in the zone chemical"),
        ("industries.yaml", 'code: "13"', 'code: "1311"', "lacks the division 13"),
        ("key_sets.yaml", "default: bureau6", "default: bureau7", "has the default bureau7"),
        ("key_sets.yaml", '["36"]', '["3699"]', "uses the industry 3699 in the key set bureau6"),
        (
            "manufacturers.yaml",
            "[ABB, ABB Robotics",
            "[FANUC, ABB Robotics",
            "gives the name FANUC to FANUC and to ABB",
        ),
        ("terms.yaml", "terms:", "terms: [", "is not YAML"),
    ],
)
def test_load_reference_names_the_file_and_the_item(seeds: Path, file: str, old: str, new: str, said: str) -> None:
    path = seeds / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=said) as caught:
        load_reference(seeds)
    assert file in str(caught.value)
    assert "\n" not in str(caught.value)


def test_load_reference_says_which_file_is_missing(seeds: Path) -> None:
    (seeds / "parks.yaml").unlink()
    with pytest.raises(SeedError, match=r"parks\.yaml cannot be read"):
        load_reference(seeds)
