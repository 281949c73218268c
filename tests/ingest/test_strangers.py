from ingest.arrival import Arrival
from ingest.strangers import Strangers


def message(topic: str, received_s: float) -> Arrival:
    return Arrival(topic, b"", arrived_ns=0, dup=False, mid=1, generation=0, received_s=received_s)


def test_sift_lets_known_ones_pass_and_holds_strangers_back() -> None:
    strangers = Strangers({"known"}.__contains__)
    messages = [message("known", 0.0), message("strange", 1.0), message("known", 2.0)]
    assert strangers.sift(messages) == [messages[0], messages[2]]
    assert (len(strangers), strangers.waiting, strangers.ready) == (1, True, False)


def test_learn_lets_strangers_be_refused_that_arrived_before_the_register_was_asked() -> None:
    strangers = Strangers(lambda _: False)
    early, late = message("strange", 1.0), message("strange", 3.0)
    strangers.sift([early, late])
    strangers.learn(2.0)
    assert (strangers.waiting, strangers.ready) == (True, True)
    assert strangers.sift([message("strange", 1.5)]) == [early, message("strange", 1.5)]
    strangers.learn(4.0)
    assert strangers.sift([]) == [late]
    assert len(strangers) == 0


def test_learn_lets_all_go_on_that_are_known_now_in_their_order() -> None:
    known: set[str] = set()
    strangers = Strangers(known.__contains__)
    first, second, third = (message("new", received_s) for received_s in (1.0, 3.0, 5.0))
    strangers.sift([first, second])
    known.add("new")
    strangers.learn(2.0)
    assert strangers.sift([third]) == [first, second, third]
