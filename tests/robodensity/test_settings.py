import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from robodensity.errors import Refusal
from robodensity.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of the person who runs the tests


def test_example_names_every_setting_with_its_default() -> None:
    documented = dict(re.findall(r"^# ROBODENSITY_([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}

    def shown(value: object) -> str:
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    assert documented == {name: shown(value) for name, value in defaults.items()}


def test_example_explains_every_setting_in_the_words_of_the_table() -> None:
    prose = EXAMPLE.read_text().lower()
    assert [
        name for name, field in Settings.model_fields.items() if (field.description or "?").lower() not in prose
    ] == []


@pytest.mark.parametrize("placeholder", ["changeme", "CHANGETHIS", " password "])
def test_load_settings_refuses_a_placeholder_secret(placeholder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBODENSITY_ADMIN_KEY", placeholder)
    with pytest.raises(Refusal, match=r"ROBODENSITY_ADMIN_KEY is wrong: .*placeholder"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MQTT_PORT", "0"),
        ("FIRST_DAY", "soon"),
        ("WORKER", "a b"),
        ("INFLUX_FLAVOUR", "influx3"),
        ("PUBLISH_DAY", "29"),
    ],
)
def test_load_settings_names_what_is_wrong(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ROBODENSITY_{name}", value)
    with pytest.raises(Refusal, match=f"ROBODENSITY_{name} is wrong"):
        load_settings()


def test_settings_do_not_print_their_secrets() -> None:
    assert "s3cret-of-mine" not in repr(Settings(_env_file=None, admin_key=SecretStr("s3cret-of-mine")))


def test_load_settings_reads_env_file_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ROBODENSITY_WORKER=ingest-7\nOTHER=1\n")
    assert load_settings().worker == "ingest-7"
