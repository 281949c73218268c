from ingest.batch import Batch
from ingest.wire.receipt import Receipt
from ingest.wire.status import status_columns
from store.schema import ROBOT_STATUS

NOW_US = 1_795_406_400 * 10**6


def test_frames_say_that_a_time_is_that_of_arrival_only_where_it_is() -> None:
    samples = [
        {"robot": "R-1", "state": "idle", "at": "2026-11-23T08:00:00+08:00"},
        {"robot": "R-2", "state": "idle"},
    ]
    batch = Batch()
    batch.take("status", status_columns(samples, {}, Receipt("F1", NOW_US)))
    assert batch.frames()[ROBOT_STATUS].select("robot", "at_is_arrival").rows() == [("R-1", None), ("R-2", True)]
