"""What the parts say of themselves, as numbers for Prometheus."""

from collections.abc import Mapping

from ingest.state import IngestState
from rollup.job import RollupState


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
