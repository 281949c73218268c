import threading
from concurrent.futures import ThreadPoolExecutor

from workers import wait_for

from ingest.patience import Patience
from store.errors import StoreUnavailable


def test_trouble_lasts_while_one_thread_still_waits() -> None:
    patience, back = Patience(), threading.Event()

    def away() -> None:
        if not back.is_set():
            raise StoreUnavailable("Reports are away.")

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(patience.insist, away)
        wait_for(lambda: patience.trouble is not None, "it waits")
        patience.insist(lambda: None)
        assert patience.trouble == "Reports are away."
        back.set()
        waiting.result(timeout=10)
    assert patience.trouble is None
