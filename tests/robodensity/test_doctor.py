import json
from datetime import date
from pathlib import Path

import pytest
from services import free_port
from typer.testing import CliRunner

from robodensity.__main__ import app
from robodensity.doctor import examine, examine_settings
from robodensity.errors import Refusal
from robodensity.settings import load_settings

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROBODENSITY_INFLUX_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ROBODENSITY_API_URL", f"http://127.0.0.1:{free_port()}")


def test_examine_looks_at_seeds_settings_store_and_system() -> None:
    findings = list(examine(today=TODAY))
    assert list(dict.fromkeys(each.area for each in findings)) == ["seeds", "settings", "store", "system"]
    assert {each.mark for each in findings} == {"ok", "warn"}


def test_examine_ends_where_the_settings_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBODENSITY_KEY_SET", "seven")
    last = list(examine(today=TODAY))[-1]
    assert (last.mark, last.area) == ("error", "settings")
    assert "ROBODENSITY_KEY_SET is seven" in last.sentence


def test_examine_refuses_a_key_file_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"admin key's file .*none cannot be read"):
        list(examine(today=TODAY, admin_key_file=tmp_path / "none"))


def test_examine_reads_the_key_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "admin.key").write_text("a-key-of-its-own\n")
    last = list(examine(today=TODAY, admin_key_file=tmp_path / "admin.key"))[-1]
    assert "No API answers" in last.sentence


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mqtt_host": "broker.example"}, "ROBODENSITY_MQTT_TLS_CA is not set"),
        ({"api_host": "0.0.0.0"}, "ROBODENSITY_AUDIT_FILE is not set"),
        ({"admin_key": None}, "ROBODENSITY_ADMIN_KEY is not set"),
    ],
)
def test_examine_settings_warns_of_what_is_left_open(given: dict[str, object], said: str) -> None:
    findings = list(examine_settings(load_settings(**{"admin_key": "a-key-of-its-own", **given})))
    assert [each.mark for each in findings] == ["ok", "warn"]
    assert said in findings[1].sentence


def test_doctor_ends_well_without_an_error() -> None:
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"] is True


def test_doctor_ends_with_1_on_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBODENSITY_PLAN", "no-such-plan")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].startswith("error  settings  The seed file ")
