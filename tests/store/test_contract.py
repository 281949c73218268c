import math
import threading
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from store.base import Store
from store.errors import PointsRejected, StoreMismatch
from store.known import with_flags
from store.schema import (
    FACTORY_FIGURE,
    FIGURE,
    FIGURES,
    INVENTORY,
    LIFECYCLE,
    MARK,
    REFUSAL,
    REFUSED,
    REPORTS,
    ROBOT_STATUS,
    TELEMETRY,
    district_database,
)

DAY_NS = 86_400 * 10**9
NOW_NS = 1_790_000_000 * 10**9  # September 2026: within every retention


def status(*rows: dict[str, object]) -> pl.DataFrame:
    return ROBOT_STATUS.frame({"time": NOW_NS, "factory": "F1", "robot": "R1", **row} for row in rows)


def test_read_gives_back_every_type(store: Store) -> None:
    rows = LIFECYCLE.frame(
        [
            {"time": NOW_NS, "writer": "w", "factory": "F1", "at_us": -(2**62), "payload_kg": 0.1, "axes": 6},
            {"time": NOW_NS + 1, "writer": "w", "factory": "F2", "collaborative": False, "payload_kg": 1e300},
            {"time": NOW_NS + 2, "writer": "w", "collaborative": True, "payload_kg": -1e-300},
        ]
    )
    store.write(REPORTS, {LIFECYCLE: rows})
    found = store.read(REPORTS, LIFECYCLE)
    assert dict(found.schema) == LIFECYCLE.columns
    assert_frame_equal(found, rows, check_exact=True)


def test_read_of_a_missing_database_is_empty(store: Store) -> None:
    found = store.read(district_database("310115"), FACTORY_FIGURE)
    assert dict(found.schema) == FACTORY_FIGURE.columns
    assert found.is_empty()


def test_read_of_a_missing_measurement_is_empty(store: Store) -> None:
    store.write(REPORTS, {MARK: MARK.frame([{"time": 0, "writer": "w", "through": 1}])})
    assert store.read(REPORTS, INVENTORY).is_empty()


def test_write_creates_a_district_database(store: Store) -> None:
    rows = FACTORY_FIGURE.frame([{"time": NOW_NS, "factory": "F1", "stock": 3, "in_all": True}])
    store.write(district_database("310115"), {FACTORY_FIGURE: rows})
    assert_frame_equal(store.read(district_database("310115"), FACTORY_FIGURE), rows)


def test_write_again_merges_field_by_field(store: Store) -> None:
    store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "idle", "energy_kwh": 1.5})})
    store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "executing", "mode": "manual"})})
    found = store.read(TELEMETRY, ROBOT_STATUS)
    assert found.select("state", "mode", "energy_kwh").rows() == [("executing", "manual", 1.5)]


def test_write_again_of_an_absent_column_leaves_the_field(store: Store) -> None:
    store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "idle", "energy_kwh": 1.5})})
    store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "fault"}).select("time", "factory", "robot", "state")})
    assert store.read(TELEMETRY, ROBOT_STATUS).select("state", "energy_kwh").rows() == [("fault", 1.5)]


def test_write_of_one_key_twice_in_a_frame_merges_in_order(store: Store) -> None:
    twice = status({"state": "idle", "energy_kwh": 1.0}, {"robot": "R2", "state": "off"}, {"state": "fault"})
    store.write(TELEMETRY, {ROBOT_STATUS: twice})
    found = store.read(TELEMETRY, ROBOT_STATUS).sort("robot")
    assert found.select("robot", "state", "energy_kwh").rows() == [("R1", "fault", 1.0), ("R2", "off", None)]


def test_write_of_older_points_after_newer_keeps_both(store: Store) -> None:
    store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "idle"})})
    store.write(TELEMETRY, {ROBOT_STATUS: status({"time": NOW_NS - 1, "state": "off"})})
    assert store.read(TELEMETRY, ROBOT_STATUS)["state"].to_list() == ["off", "idle"]


def test_write_of_nothing_changes_nothing(store: Store) -> None:
    store.write(REPORTS, {INVENTORY: INVENTORY.frame()})
    assert store.read(REPORTS, INVENTORY).is_empty()


def test_write_of_many_rows_keeps_them_all(store: Store) -> None:
    count = 25_000  # more than two requests
    rows = pl.DataFrame({"time": range(NOW_NS, NOW_NS + count)}).with_columns(
        writer=pl.lit("w"), factory=pl.format("F{}", "time"), stock=pl.col("time") % 7
    )
    store.write(REPORTS, {INVENTORY: rows, MARK: MARK.frame([{"time": 0, "writer": "w", "through": NOW_NS}])})
    assert_frame_equal(store.read(REPORTS, INVENTORY).select(rows.columns), rows)
    assert store.read(REPORTS, MARK)["through"].to_list() == [NOW_NS]


def test_write_of_a_null_over_a_figure_reads_null(store: Store) -> None:
    row = {"time": NOW_NS, "scope": "city", "kind": "city", "series": "key", "stock": 1, "density": 260.5}
    store.write(FIGURES, {FIGURE: with_flags(FIGURE, FIGURE.frame([row]))})
    assert store.read(FIGURES, FIGURE)["density"].to_list() == [260.5]
    store.write(FIGURES, {FIGURE: with_flags(FIGURE, FIGURE.frame([row | {"density": None}]))})
    found = store.read(FIGURES, FIGURE)
    assert found.select("density", "density_known").rows() == [(None, False)]


def test_write_rejects_rows_that_can_never_be_stored(store: Store) -> None:
    rows = status(
        {"robot": "R1", "energy_kwh": math.inf},
        {"robot": "R2", "energy_kwh": math.nan},
        {"robot": "R3"},
        {"robot": "R\n4", "state": "idle"},
        {"robot": "R5\\", "state": "idle"},
        {"robot": "R6", "state": "idle", "time": None},
        {"robot": "R7", "state": "idle"},
    )
    with pytest.raises(PointsRejected, match="6 of robot_status") as refused:
        store.write(TELEMETRY, {ROBOT_STATUS: rows})
    assert refused.value.rows["robot_status"]["robot"].to_list() == ["R1", "R2", "R3", "R\n4", "R5\\", "R6"]
    assert store.read(TELEMETRY, ROBOT_STATUS)["robot"].to_list() == ["R7"]


def test_write_of_an_unknown_column_names_it(store: Store) -> None:
    with pytest.raises(ValueError, match="colour"):
        store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "idle"}).with_columns(colour=pl.lit("red"))})


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"after": NOW_NS}, [1, 2, 3]),
        ({"through": NOW_NS + 1}, [0, 1]),
        ({"after": NOW_NS, "through": NOW_NS + 2}, [1, 2]),
        ({"where": {"writer": "b"}}, [1, 3]),
        ({"where": {"writer": "b", "factory": "F3"}}, [3]),
        ({"where": {"factory": "nobody"}}, []),
        ({"newest": 2}, [2, 3]),
        ({"newest": 1, "where": {"writer": "a"}, "through": NOW_NS + 1}, [0]),
    ],
)
def test_read_limits(store: Store, limits: dict[str, object], expected: list[int]) -> None:
    rows = [{"time": NOW_NS + i, "writer": "ab"[i % 2], "factory": f"F{i}", "as_of_day": i} for i in reversed(range(4))]
    store.write(REPORTS, {INVENTORY: INVENTORY.frame(rows)})
    assert store.read(REPORTS, INVENTORY, **limits)["as_of_day"].to_list() == expected


def test_read_of_the_first_and_of_future_times(store: Store) -> None:
    rows = MARK.frame({"time": time, "writer": "w", "through": 1} for time in (0, 4_000_000_000 * 10**9))
    store.write(REPORTS, {MARK: rows})
    assert_frame_equal(store.read(REPORTS, MARK), rows)


def test_prepare_twice_changes_nothing(opener: Callable[[], Store]) -> None:
    opener().prepare(simulated=True)
    opener().prepare(simulated=True)


def test_prepare_refuses_the_other_kind(opener: Callable[[], Store]) -> None:
    store = opener()
    store.prepare(simulated=True)
    with pytest.raises(StoreMismatch, match="holds simulated data"):
        store.prepare(simulated=False)


def test_expire_before_the_retention_deletes_nothing(store: Store) -> None:
    store.write(TELEMETRY, {ROBOT_STATUS: status({"state": "idle"})})
    store.expire(NOW_NS + DAY_NS)
    assert store.read(TELEMETRY, ROBOT_STATUS).height == 1


def test_write_and_read_from_many_threads(store: Store) -> None:
    errors: list[BaseException] = []

    def work(writer: str) -> None:
        try:
            for i in range(10):
                rows = INVENTORY.frame([{"time": NOW_NS + i, "writer": writer, "stock": i}])
                store.write(REPORTS, {INVENTORY: rows})
                assert store.read(REPORTS, INVENTORY, where={"writer": writer}).height == i + 1
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.read(REPORTS, INVENTORY).height == 40


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text("\",\\\n\r ='{}$中😀", max_size=12)
END_MARK = "\n\nname,tags,name\ndatabases,,reports\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=30))
def test_text_survives_a_round_trip(store: Store, texts: list[str]) -> None:
    check_texts(store, texts)


@pytest.mark.parametrize(
    "text", [END_MARK, f'"{END_MARK}', "\\", '\\"', "a\r\nb", "\x00", "\x1b", '"', "'", " ", "${1}"]
)
def test_hard_text_survives_a_round_trip(store: Store, text: str) -> None:
    check_texts(store, [text, f"{text} and more", text])


def check_texts(store: Store, texts: list[str]) -> None:
    rows = REFUSAL.frame(
        {"time": NOW_NS + i, "writer": "w", "reason": "r", "detail": text, "length": i} for i, text in enumerate(texts)
    )
    store.write(REFUSED, {REFUSAL: rows})
    found = store.read(REFUSED, REFUSAL, through=NOW_NS + len(texts) - 1)
    # An empty text reads as null: InfluxDB's CSV cannot tell the two apart.
    assert found["detail"].to_list() == [text or None for text in texts]
    wanted = texts[0]
    if wanted:
        same = store.read(REFUSED, REFUSAL, where={"detail": wanted}, through=NOW_NS + len(texts) - 1)
        assert same["length"].to_list() == [i for i, text in enumerate(texts) if text == wanted]


TAG = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.text("\",\\ ='{}$中😀", max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tag=TAG.filter(lambda text: not text.endswith("\\")))
def test_tag_survives_a_round_trip(store: Store, tag: str) -> None:
    store.write(TELEMETRY, {ROBOT_STATUS: status({"robot": tag, "state": "idle"})})
    found = store.read(TELEMETRY, ROBOT_STATUS, where={"robot": tag})
    assert found.select("factory", "robot", "state").rows() == [("F1", tag, "idle")]
