import polars as pl

from density.attention import CLOCK_S, LISTED, REFUSED_SHARE, most_urgent

QUIET = {
    "district": "310115", "silent": False, "last_us": 0, "silent_after_s": 3_600, "missing_30_days": 0,
    "missing_today": 0, "skew_s": 0.0, "late": 0, "refused": 0, "arrived": 100,
}  # fmt: skip


def lists(*factories: dict[str, object]) -> dict[str, list[tuple[str, str, int]]]:
    rows = [{"factory": f"F{place:03}", **QUIET, **each} for place, each in enumerate(factories)]
    told = most_urgent(pl.DataFrame(rows, schema_overrides={"skew_s": pl.Float64}))
    return {
        str(concern): part.select("district", "factory", "rank").rows()
        for (concern,), part in told.group_by("concern", maintain_order=True)
    }


def test_most_urgent_of_a_quiet_city_is_nobody() -> None:
    assert lists({}, {"skew_s": None}, {"skew_s": CLOCK_S}, {"refused": int(100 * REFUSED_SHARE)}) == {}


def test_most_urgent_puts_first_where_a_call_still_helps() -> None:
    assert lists({"silent": True, "last_us": 5}, {"silent": True, "last_us": 9}, {"last_us": 99})["silent"] == [
        ("310115", "F001", 1), ("310115", "F000", 2),
    ]  # fmt: skip


def test_most_urgent_puts_what_is_missing_today_before_more_of_other_days() -> None:
    told = lists(
        {"missing_30_days": 900}, {"missing_30_days": 2, "missing_today": 1}, {"missing_30_days": 3, "missing_today": 1}
    )
    assert [factory for _, factory, _ in told["missing"]] == ["F002", "F001", "F000"]


def test_most_urgent_takes_a_clock_that_is_off_either_way() -> None:
    told = lists({"skew_s": 61.0}, {"skew_s": -3_600.0})
    assert [factory for _, factory, _ in told["clock"]] == ["F001", "F000"]


def test_most_urgent_counts_what_was_refused_and_not_its_share() -> None:
    told = lists({"refused": 60, "arrived": 1_000}, {"refused": 6}, {"refused": 7, "arrived": 7})
    assert [factory for _, factory, _ in told["refused"]] == ["F000", "F002", "F001"]


def test_most_urgent_lists_so_many_of_each_district() -> None:
    silent = [{"silent": True, "last_us": each, "district": f"31010{each % 2}"} for each in range(3 * LISTED)]
    told = lists(*silent)["silent"]
    assert len(told) == 2 * LISTED
    assert {rank for _, _, rank in told} == set(range(1, LISTED + 1))


def test_most_urgent_holds_the_facts_of_its_concern_alone() -> None:
    (row,) = most_urgent(
        pl.DataFrame([{"factory": "F1", **QUIET, "missing_30_days": 3, "missing_today": 1}])
    ).to_dicts()
    assert {name for name, value in row.items() if value is not None} == {
        "concern", "district", "factory", "rank", "missing_30_days", "missing_today",
    }  # fmt: skip
