"""Settings in, running parts out."""

import socket
import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from density.definition import Definition
from density.plan import Plan
from density.register import Reference
from ingest.options import IngestOptions
from robodensity.errors import Refusal
from robodensity.plans import DEFAULT_PLAN, load_plan
from robodensity.seed_files import SeedError
from robodensity.seeds import default_key_set, load_reference
from robodensity.settings import Settings, secret
from rollup.job import RollupOptions
from store.base import Store
from store.errors import StoreMismatch, StoreUnavailable

if TYPE_CHECKING:
    from store.influx import InfluxStore


@dataclass(frozen=True)
class Law:
    """What the figures are made by."""

    reference: Reference
    definition: Definition
    plan: Plan


def load_law(settings: Settings) -> Law:
    """Read seeds/ and choose among them as the settings say.

    Raises:
        Refusal: a seed file, the plan or the key set is wrong or missing.
    """
    try:
        reference = load_reference()
        plan = load_plan(reference, plan=settings.plan or DEFAULT_PLAN, quotas=settings.quotas)
        key_set = settings.key_set or default_key_set()
    except SeedError as error:
        raise Refusal(str(error)) from error
    if key_set not in reference.key_sets:
        known = ", ".join(sorted(reference.key_sets))
        raise Refusal(
            f"ROBODENSITY_KEY_SET is {key_set}, which seeds/key_sets.yaml does not have: choose one of {known}."
        )
    definition = Definition(
        key_set=reference.key_sets[key_set],
        manufacturers=reference.manufacturers,
        crosswalk=reference.crosswalk,
        other_key_sets=tuple(each for each in reference.key_sets.values() if each.id != key_set),
        first_day=settings.first_day,
        baseline_day=_baseline(plan, settings),
    )
    return Law(reference, definition, plan)


def open_influx(settings: Settings) -> "InfluxStore":
    """The InfluxDB of the settings, prepared.

    Raises:
        Refusal: it does not answer, or holds the other kind of data.
    """
    store = connect_influx(settings)
    prepared(store, simulated=settings.simulated)
    return store


def connect_influx(settings: Settings) -> "InfluxStore":
    """The InfluxDB of the settings, not asked anything yet.

    Raises:
        Refusal: the token's file is not there.
    """
    from store.influx import InfluxStore  # noqa: PLC0415 - its client takes seconds to load and `up` has no use for it

    return InfluxStore(
        settings.influx_url,
        token=influx_token(settings) or "",
        org=settings.influx_org,
        flavour=settings.influx_flavour,
        telemetry_days=settings.telemetry_days,
    )


def influx_token(settings: Settings) -> str | None:
    """The token for the store, as it is set or as its file holds it.

    Raises:
        Refusal: the file is set and not there.
    """
    token, file = secret(settings.influx_token), settings.influx_token_file
    if token is not None or file is None:
        return token
    try:
        return file.read_text().strip()
    except OSError as error:
        raise Refusal(
            f"ROBODENSITY_INFLUX_TOKEN_FILE {file} can not be read ({error.strerror}): "
            "make it with `robodensity prepare --write-token`."
        ) from error


def prepared(store: Store, *, simulated: bool) -> Store:
    """Make a store ready to be used.

    Raises:
        Refusal: it does not answer, or holds the other kind of data.
    """
    try:
        store.prepare(simulated=simulated)
        store.expire(time.time_ns())
    except (StoreUnavailable, StoreMismatch) as error:
        store.close()
        raise Refusal(str(error)) from error
    return store


def ingest_options(settings: Settings, *, retire: bool = False) -> IngestOptions:
    """What an ingest worker is told."""
    return IngestOptions(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        protocol=settings.mqtt_protocol,
        worker=settings.worker,
        shared=settings.shared,
        retire=retire,
        sparkplug=settings.sparkplug_worker,
        rebirth=settings.sparkplug_rebirth,
        reorder_s=settings.sparkplug_reorder_s,
        username=settings.mqtt_username,
        password=secret(settings.mqtt_password),
        tls_ca=settings.mqtt_tls_ca,
        receive_maximum=settings.receive_maximum,
        max_bytes=settings.max_bytes,
        telemetry_days=settings.telemetry_days,
    )


def rollup_options(settings: Settings) -> RollupOptions:
    """What the rollup is told."""
    return RollupOptions(poll_s=settings.rollup_poll_s, publish_day=settings.publish_day)


def demand_broker(host: str, port: int) -> None:
    """Check once that something listens there.

    Raises:
        Refusal: nothing does.
    """
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        raise Refusal(
            f"No broker answers at {host}:{port} ({error}): start it, or set ROBODENSITY_MQTT_HOST and _PORT."
        ) from error


def _baseline(plan: Plan, settings: Settings) -> date:
    """The day after which a robot is new: that of the plan's target for new robots."""
    days = [target.baseline_day for target in plan.targets if target.figure == "gross_new" and target.baseline_day]
    return days[0] if days else settings.first_day
