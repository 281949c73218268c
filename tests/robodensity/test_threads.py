import threading
import time

from robodensity.threads import Part, after


def test_part_stops_when_told() -> None:
    part = Part("waits", lambda stop: stop.wait() and None).start()
    assert not part.ended
    part.stop()
    assert part.ended
    assert part.failure is None


def test_part_keeps_the_failure_that_ended_it() -> None:
    def fail(_: threading.Event) -> None:
        raise RuntimeError("the disk is gone")

    part = Part("fails", fail).start()
    part.stop()
    assert part.ended
    assert repr(part.failure) == "RuntimeError('the disk is gone')"


def test_after_begins_when_something_has_happened() -> None:
    happened, begun = threading.Event(), threading.Event()
    part = Part("waits", after(happened, lambda _: begun.set(), patience_s=60)).start()
    assert not begun.wait(0.2)
    happened.set()
    assert begun.wait(10)
    part.stop()


def test_after_begins_at_last_without_it() -> None:
    began_s = time.monotonic()
    after(threading.Event(), lambda _: None, patience_s=0.2)(threading.Event())
    assert time.monotonic() - began_s >= 0.2


def test_after_waits_no_longer_than_its_part_is_to_run() -> None:
    part = Part("waits", after(threading.Event(), lambda stop: stop.wait() and None, patience_s=600)).start()
    part.stop()
    assert part.ended
