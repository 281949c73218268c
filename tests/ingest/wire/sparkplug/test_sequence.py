from ingest.wire.sparkplug.sequence import MOST_HELD, Sequence


def _placed(sequence: Sequence[str], *numbers: int, now_s: float = 0.0, may_wait: bool = True) -> list[int | None]:
    return [
        turn.place
        for number in numbers
        for turn in sequence.place(number, str(number), now_s, may_wait=may_wait)
    ]  # fmt: skip


def test_place_counts_on_where_numbers_wrap() -> None:
    sequence: Sequence[str] = Sequence()
    sequence.begin(250)
    assert _placed(sequence, *(number % 256 for number in range(251, 600))) == list(range(1, 350))
    assert sequence.missing == 0


def test_place_leaves_a_hole_where_numbers_never_came() -> None:
    sequence: Sequence[str] = Sequence(reorder_s=5.0)
    sequence.begin(0)
    assert _placed(sequence, 1, 5, 6, 9) == [1]
    assert [turn.place for turn in sequence.expire(5.0)] == [5, 6, 9]
    assert (sequence.missing, sequence.due_s) == (5, None)


def test_place_waits_for_no_more_than_is_bounded() -> None:
    sequence: Sequence[str] = Sequence()
    sequence.begin(0)
    assert _placed(sequence, *range(2, MOST_HELD + 2)) == []
    assert len(_placed(sequence, MOST_HELD + 2)) == MOST_HELD + 1
    assert sequence.missing == 1


def test_place_of_what_may_not_wait_gives_up_the_gap_at_once() -> None:
    sequence: Sequence[str] = Sequence()
    sequence.begin(0)
    assert _placed(sequence, 3, 4, may_wait=False) == [3, 4]
    assert sequence.missing == 2


def test_place_tells_no_place_of_a_late_or_repeated_number() -> None:
    sequence: Sequence[str] = Sequence()
    sequence.begin(0)
    assert _placed(sequence, 1, 2, 2, 1, 3) == [1, 2, None, None, 3]
    assert sequence.missing == 0


def test_expire_waits_from_the_first_that_is_out_of_turn() -> None:
    sequence: Sequence[str] = Sequence(reorder_s=5.0)
    sequence.begin(0)
    assert _placed(sequence, 2, now_s=1.0) == []
    assert _placed(sequence, 3, now_s=4.0) == []
    assert sequence.expire(5.9) == []
    assert [turn.item for turn in sequence.expire(6.0)] == ["2", "3"]
