import time

from workers import register_factories, register_nodes

from ingest.register import Register
from store.embedded import EmbeddedStore


def test_refresh_sees_what_was_registered_since(store: EmbeddedStore) -> None:
    register = Register(store)
    register.refresh(0.0)
    assert "F1" not in register
    register_factories(store, "F1")
    assert "F1" not in register
    register.refresh(1.0)
    assert "F1" in register


def test_may_refresh_once_a_second(store: EmbeddedStore) -> None:
    register = Register(store)
    assert register.may_refresh(time.monotonic())
    register.refresh(10.0)
    assert not register.may_refresh(10.9)
    assert register.may_refresh(11.0)


def test_sites_count_the_latest_credit_code(store: EmbeddedStore) -> None:
    register_factories(store, "F1", "F2", credit_code="A")
    register_factories(store, "F3")
    register = Register(store)
    register.refresh(0.0)
    assert [register.sites(factory) for factory in ("F1", "F2", "F3", "F9")] == [2, 2, 1, 1]
    register_factories(store, "F2", credit_code="B")
    register.refresh(1.0)
    assert [register.sites(factory) for factory in ("F1", "F2")] == [1, 1]


def test_owners_are_those_of_the_latest_registration(store: EmbeddedStore) -> None:
    paths = {"F1/line1": {"Run": "R-1/Status/Operation"}}
    register_nodes(store, "F1", "F1/line1", "F1/line2", paths=paths)
    register_nodes(store, "F2", "F1/line2")
    register = Register(store)
    register.refresh(0.0)
    assert register.owners("F1/line1") == {"F1"}
    assert register.owners("F1/line2") == {"F1", "F2"}
    assert register.owners("F9/line1") == set()
    assert register.paths("F1/line1") == {"Run": "R-1/Status/Operation"}
    assert register.paths("F1/line2") == {}
    register_nodes(store, "F1", "F1/line1")
    register.refresh(1.0)
    assert register.owners("F1/line2") == {"F2"}
    assert register.paths("F1/line1") == {}
