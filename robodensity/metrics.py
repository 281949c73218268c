"""What the parts say of themselves, as numbers for Prometheus."""

from collections.abc import Mapping

from ingest.state import IngestState
from robodensity.vitals.writer import VitalsWriter
from rollup.job import RollupState
from store.schema import BROKER_VITALS, Measurement

PROCESS = ("started_us", "rss_bytes", "cpu_s", "store_calls", "store_errors", "ready")
BROKER = tuple(field.name for field in BROKER_VITALS.fields)


def ingest_metrics(state: IngestState) -> Mapping[str, float]:
    """The gauges and counters of an ingest worker."""
    return {
        "ingest_connected": state.connected,
        "ingest_subscribed": state.subscribed,
        "ingest_oldest_unacknowledged_seconds": state.oldest_unacknowledged_s,
        "ingest_waiting_messages": state.waiting,
        "ingest_in_flight_bytes": state.in_flight_bytes,
        **{f"ingest_{name}_total": count for name, count in state.counters.items()},
    }


def rollup_metrics(state: RollupState) -> Mapping[str, float]:
    """The gauges and counters of the rollup."""
    return {
        "rollup_folds_total": state.folds,
        "rollup_fold_seconds": state.fold_s,
        "rollup_write_seconds": state.write_s,
        "rollup_points": state.points,
        "rollup_reports": state.reports,
        "rollup_undated_robots": state.undated,
        "rollup_store_available": state.store_available,
        "rollup_figures_written_timestamp_seconds": state.folded_ns / 1e9,
    }


def vital_metrics(vitals: VitalsWriter, measurement: Measurement, *more: str) -> Mapping[str, float]:
    """What the state of a part does not tell: its process, and what was read from the store or the broker."""
    fields = BROKER if measurement is BROKER_VITALS else (*PROCESS, *more)
    return vitals.metrics(measurement, fields)
