from collections.abc import Iterator
from typing import Any

import polars as pl
from api_city import NOON_NS, TODAY, Writer
from hypothesis import given, settings
from hypothesis import strategies as st

from api.disclosure.decisions import Decisions
from api.disclosure.told import closed, softened
from api.export.disclosed import disclosed_pieces
from api.export.figures import SCHEMA
from api.figures import Shelf
from density.days import to_day
from store.embedded import EmbeddedStore

ROW: dict[str, Any] = {"day": TODAY, "kind": "district", "scope": "district:310115", "series": "total", "stock": 100}


def test_disclosed_pieces_close_what_is_decided_while_a_file_is_told(store: EmbeddedStore, write: Writer) -> None:
    shelf = Shelf(store)
    decisions = Decisions(store, shelf)

    def decide() -> Decisions:
        decisions.follow(shelf.folded())
        return decisions

    def pieces() -> Iterator[pl.DataFrame]:
        for number, why in enumerate(("open", "few")):
            write.open((ROW["scope"], "total", to_day(TODAY)), why=why)
            write.folded(at_us=NOON_NS // 1_000 + number)
            yield pl.DataFrame([ROW], schema=dict(SCHEMA))

    told = [piece.row(0, named=True) for piece in disclosed_pieces(pieces(), decide, set[str]().__contains__)]
    assert [(row["stock"], row["suppressed"]) for row in told] == [(100, None), (None, "few")]


class _Decided:
    """Decisions as they are given."""

    def __init__(self, why: dict[str, str]) -> None:
        self._why = why

    def why_closed(self, scope: str, _kind: str, _series: str, _day: int) -> str | None:
        return self._why.get(scope)


_NUMBERS = {
    pl.Int64(): st.none() | st.integers(0, 2_000_000),
    pl.Float64(): st.none() | st.floats(0, 1e7, allow_nan=False) | st.floats(0, 1).map(lambda part: round(part, 6)),
}
_ROWS = st.fixed_dictionaries(
    {
        **{name: _NUMBERS[kind] for name, kind in SCHEMA.items() if kind in _NUMBERS},
        "day": st.just(TODAY), "kind": st.just("district"), "series": st.just("key"), "suppressed": st.none(),
        "scope": st.sampled_from(("open", "own", "closed", "closed and own")),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_ROWS, max_size=6))
def test_disclosed_pieces_are_told_as_single_answers_are(rows: list[dict[str, Any]]) -> None:
    piece, why = pl.DataFrame(rows, schema=dict(SCHEMA)), {"closed": "few", "closed and own": "few"}
    law = {"open": softened, "closed": lambda row: closed(row, "few")}
    (told,) = disclosed_pieces([piece], lambda: _Decided(why), {"own", "closed and own"}.__contains__)  # type: ignore[arg-type, return-value]
    expected = [law.get(row["scope"], dict)(row) for row in piece.iter_rows(named=True)]
    assert told.to_dicts() == expected
    assert told.schema == piece.schema


def test_disclosed_pieces_of_nothing_keep_their_columns(store: EmbeddedStore) -> None:
    decisions = Decisions(store, Shelf(store))
    (piece,) = disclosed_pieces([pl.DataFrame(schema=dict(SCHEMA))], lambda: decisions, set[str]().__contains__)
    assert (piece.height, piece.schema) == (0, pl.DataFrame(schema=dict(SCHEMA)).schema)
