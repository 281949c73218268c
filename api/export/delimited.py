"""CSV that Excel and pandas both read: UTF-8 with a byte-order mark, one header, texts that are no formulas."""

import io
from collections.abc import Iterator

import polars as pl

from api.export.table import Table

MEDIA_TYPE = "text/csv; charset=utf-8"

_BOM = b"\xef\xbb\xbf"
# What a spreadsheet takes for a formula, in its full-width forms too.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


def csv_blocks(table: Table) -> Iterator[bytes]:
    """The table as CSV; its provenance stands in columns of every row."""
    marked = table.marked()
    yield _BOM + ",".join(marked.schema).encode() + b"\r\n"
    for piece in marked.pieces:
        yield _text(_harmless(piece))


def _harmless(piece: pl.DataFrame) -> pl.DataFrame:
    """With an apostrophe before each text that a spreadsheet would compute; numbers stay numbers."""
    texts = [name for name, type_ in piece.schema.items() if type_ == pl.String]
    return piece.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )


def _text(piece: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    piece.write_csv(out, include_header=False, line_terminator="\r\n")
    return out.getvalue()
