"""`robodensity doctor`: are the seeds, the settings and the running system fit to make figures from?"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from robodensity.assembly import load_law
from robodensity.errors import Refusal
from robodensity.finding import Finding
from robodensity.seed_checks import examine_seeds
from robodensity.seeds import SEEDS
from robodensity.settings import Settings, load_settings, secret
from robodensity.system_checks import examine_register, examine_store

SETTINGS = "settings"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def examine(
    *, today: date, seeds: Path = SEEDS, admin_key_file: Path | None = None, api_url: str | None = None
) -> Iterator[Finding]:
    """Every finding, the seeds first; each is found when it is asked for.

    Args:
        today: the day in Shanghai.
        seeds: the folder of reference data.
        admin_key_file: holds the key of the API's administrator, instead of the setting.
        api_url: where the API is, instead of the setting.

    Raises:
        Refusal: the key's file cannot be read.
    """
    yield from examine_seeds(seeds, today)
    try:
        settings = load_settings(**({"api_url": api_url} if api_url else {}))
        law = load_law(settings)
    except Refusal as refusal:
        yield Finding("error", SETTINGS, str(refusal))
        return
    yield from examine_settings(settings)
    yield examine_store(settings)
    key = _key(admin_key_file) if admin_key_file else secret(settings.admin_key)
    yield from examine_register(settings.api_url, key, law.reference)


def examine_settings(settings: Settings) -> Iterator[Finding]:
    """What settings that are right one by one leave open."""
    sentence = f"The plan is {settings.plan}, with {settings.quotas or 'no'} quotas; the key set is "
    yield Finding("ok", SETTINGS, sentence + (settings.key_set or "the default of seeds/key_sets.yaml") + ".")
    if settings.mqtt_host not in _LOOPBACK and settings.mqtt_tls_ca is None:
        yield _open("MQTT_TLS_CA", f"passwords go to the broker at {settings.mqtt_host} in the clear")
    if settings.api_host not in _LOOPBACK and settings.audit_file is None:
        yield _open("AUDIT_FILE", "no change through the API is kept in an audit log")
    if settings.admin_key is None:
        yield _open("ADMIN_KEY", "the API refuses all that needs it")


def _open(name: str, so: str) -> Finding:
    return Finding("warn", SETTINGS, f"ROBODENSITY_{name} is not set, so {so}; set it (.env.example).")


def _key(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refusal(f"The admin key's file {file} cannot be read ({error}): name another.") from error
