"""Replay, numbering and silence over a real broker, two workers and a real InfluxDB."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import polars as pl
import pytest
from listened import SUMMING, sites_of
from services import InfluxServer
from workers import Gateway, all_points, now_ms, register_factories, running, sample, wait_for

from density.days import day_of_ns
from ingest.options import IngestOptions
from ingest.replay import Replayer
from rollup.deliveries import DeliveryStep
from store.base import Store
from store.influx import InfluxStore
from store.schema import ACCOUNTING, CONTACT, DELIVERY, INVENTORY, NUMBERING, REFUSAL, ROBOT_STATUS, SILENCE

pytestmark = [pytest.mark.broker, pytest.mark.influx]

SITES = sites_of("F00001")


@pytest.fixture
def influx(influx_server: InfluxServer) -> Iterator[InfluxStore]:
    opened = influx_server.store()
    for database in ("reports", "telemetry", "activity", "refused", "state", "figures"):
        opened._query(f'DROP DATABASE "{database}"')
    opened._known.clear()
    opened.prepare(simulated=True)
    yield opened
    opened.close()


def _accounts(store: Store) -> dict[str, tuple[int, ...]]:
    summed = all_points(store, ACCOUNTING).group_by("factory").agg(pl.col("arrived", "stored", "refused").sum())
    return {factory: tuple(counts) for factory, *counts in summed.rows() if any(counts)}


def test_refused_of_an_unknown_factory_is_stored_once_it_is_registered(
    influx: InfluxStore, options: IngestOptions, gateway: Gateway
) -> None:
    with running(influx, options):
        gateway.report("inventory", {"as_of": "2026-10-31", "stock": 7, "complete": True, "ext": {'a "b"': "\\,="}})
        gateway.report("status", {"robots": [sample("R-1", now_ms()), sample("R-2", now_ms() - 1_000)]})
        wait_for(lambda: all_points(influx, REFUSAL).height == 2, "both are refused")
        wait_for(lambda: _accounts(influx) == {"?": (3, 0, 3)}, "both are counted")
        worker = Replayer(influx, telemetry_days=90, clock_ns=time.time_ns, poll_s=0.05)
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=(stop,))
        thread.start()
        register_factories(influx, "F00001")
        wait_for(lambda: _accounts(influx) == {"F00001": (3, 3, 0)}, "both are stored")
        stop.set()
        thread.join(20)
    assert all_points(influx, INVENTORY)["stock"].to_list() == [7]
    assert sorted(all_points(influx, ROBOT_STATUS)["robot"]) == ["R-1", "R-2"]
    assert all_points(influx, REFUSAL)["settled_us"].null_count() == 0


def test_two_workers_of_one_subscription_tell_one_numbering(
    influx: InfluxStore, options: IngestOptions, gateway: Gateway, worker_name: str
) -> None:
    register_factories(influx, "F00001")
    left_out = {7, 8, 30}
    with ExitStack() as stack:
        for name in ("a", "b"):
            stack.enter_context(running(influx, replace(options, worker=f"{worker_name}-{name}", shared=True)))
        for seq in (each for each in range(60) if each not in left_out):
            gateway.report("status", {"seq": seq, "boot": "b1", "robots": [sample("R-1", now_ms() - 2_000)]})
        wait_for(lambda: _accounts(influx).get("F00001", (0,))[0] == 57, "all are accounted for")
        wait_for(lambda: _told(influx) == (57, 3, 0), "all are told: the mark comes after the accounts")
        _check_of_57(influx)
        gateway.report("status", {"seq": 7, "boot": "b1", "robots": [sample("R-1", now_ms())]})
        wait_for(lambda: _accounts(influx)["F00001"][0] == 58, "the late one came")
    assert _told(influx) == (58, 2, 0)


def _told(store: Store) -> tuple[int, ...]:
    """Numbered, missing and unnumbered; a new step each time, which goes on from what the store keeps."""
    DeliveryStep(store, time.time_ns, period_s=0.0).update(SITES, SUMMING, day=day_of_ns(time.time_ns()), now_s=0.0)
    return all_points(store, NUMBERING).select(pl.col("numbered", "missing", "unnumbered").sum()).row(0)


def _check_of_57(store: Store) -> None:
    log = all_points(store, DELIVERY)
    assert log["writer"].n_unique() == 2
    assert sum(last - first + 1 for text in log["numbers"] for first, last in json.loads(text)) == 57
    skew_s = all_points(store, CONTACT)["skew_s"].max()
    assert isinstance(skew_s, float)
    assert 1.9 <= skew_s < 20
    assert all_points(store, SILENCE).select("silent_factories", "heard_factories").rows()[-1] == (0, 1)
