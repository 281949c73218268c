from collections.abc import Iterator
from typing import Any

import polars as pl
from api_city import NOON_NS, TODAY, Writer

from api.disclosure.decisions import Decisions
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


def test_disclosed_pieces_of_nothing_keep_their_columns(store: EmbeddedStore) -> None:
    decisions = Decisions(store, Shelf(store))
    (piece,) = disclosed_pieces([pl.DataFrame(schema=dict(SCHEMA))], lambda: decisions, set[str]().__contains__)
    assert (piece.height, piece.schema) == (0, pl.DataFrame(schema=dict(SCHEMA)).schema)
