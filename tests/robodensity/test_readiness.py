import pytest

from api.options import Readiness
from ingest.state import IngestState
from robodensity.readiness import WorkerProbe

AWAY = "The store does not answer."
LOST = "The broker has gone."


def _worker(*trouble: str, subscribed: bool) -> IngestState:
    return IngestState(
        connected=True, subscribed=subscribed, oldest_unacknowledged_s=0, waiting=0, in_flight_bytes=0, trouble=trouble
    )


@pytest.mark.parametrize(
    ("store", "worker", "reasons"),
    [
        ((), _worker(subscribed=True), ()),
        ((AWAY,), _worker(subscribed=True), (AWAY,)),
        ((), _worker(subscribed=False), ("The broker has not granted the subscription yet; wait.",)),
        ((AWAY,), _worker(LOST, subscribed=False), (AWAY, LOST)),
    ],
)
def test_worker_probe_gathers_what_is_wrong(
    store: tuple[str, ...], worker: IngestState, reasons: tuple[str, ...]
) -> None:
    probe = WorkerProbe(lambda: Readiness(ready=not store, reasons=store), lambda: worker)
    assert probe() == Readiness(ready=not reasons, reasons=reasons)
