import stat
from pathlib import Path

import pytest

from robodensity.errors import Refusal
from robodensity.up.folder import admin_key, held


def test_held_refuses_a_second_holder_and_names_the_first(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(Refusal, match=r"in use by `robodensity up` \(process \d+\)"), held(tmp_path):
        pass


def test_held_can_be_taken_again_after_its_end(tmp_path: Path) -> None:
    for _ in range(2):
        with held(tmp_path) as folder:
            assert folder == tmp_path


def test_held_refuses_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match=r"cannot be written: .*--data-dir"), held(tmp_path / "file"):
        pass


def test_admin_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key = admin_key(tmp_path)
    assert len(key) >= 32
    assert admin_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "admin.key").stat().st_mode) == 0o600
