from api.registration import Registration
from api.registry import Registry

FIRST = Registration("F1", None, "厂", None, None, "310115", None, "3670", True, (), None)


def test_in_force_takes_the_first_for_all_days_before() -> None:
    registry = Registry()
    registry.register([(1, FIRST.starting(100)), (2, FIRST.starting(200))])
    found = [registry.in_force("F1", day) for day in (0, 100, 199, 200, 10**6)]
    assert [row and row.from_day for row in found] == [100, 100, 100, 200, 200]
    assert registry.in_force("F2", 0) is None


def test_register_keeps_the_later_stamp_in_any_order() -> None:
    early, late = FIRST, Registration(**{**vars(FIRST), "district": "310112"})
    for order in ([(1, early), (2, late)], [(2, late), (1, early)], [(1, early), (2, late), (2, late)]):
        registry = Registry()
        registry.register(order)
        assert [row.district for row in registry.spells("F1")] == ["310112"]


def test_registration_survives_its_row() -> None:
    row = Registration("F1", 3, "厂", "en", "x", "310115", "P01", "3670", False, ("组/node",), 9)
    assert Registration.from_row(row.to_row()) == row
