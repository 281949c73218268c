import threading

from robodensity.threads import Part


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
