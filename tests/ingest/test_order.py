from ingest.arrival import Arrival
from ingest.order import Order


def message(mid: int) -> Arrival:
    return Arrival("t", b"same", arrived_ns=0, dup=False, mid=mid, generation=0, received_s=float(mid))


def test_done_ends_all_before_which_none_is_missing() -> None:
    order, messages = Order(), [message(mid) for mid in range(5)]
    order.take(messages)
    assert order.done([messages[1], messages[3]]) == []
    assert order.oldest is messages[0]
    assert order.done([messages[0]]) == messages[:2]
    assert order.done(messages[2:3]) == messages[2:4]
    assert order.done(messages[4:]) == messages[4:]
    assert order.oldest is None


def test_done_tells_equal_messages_apart() -> None:
    order, messages = Order(), [message(7), message(7)]
    order.take(messages)
    assert order.done([messages[1]]) == []
    assert order.done([messages[0]]) == messages
