"""A table as a file that is downloaded."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from starlette.responses import Response, StreamingResponse

from api.export import delimited, parquet, workbook
from api.export.table import Table
from density.register import Term

Format = Literal["csv", "xlsx", "parquet"]

_STREAMED: Mapping[str, tuple[str, Callable[[Table], Iterator[bytes]]]] = {
    "csv": (delimited.MEDIA_TYPE, delimited.csv_blocks),
    "parquet": (parquet.MEDIA_TYPE, parquet.parquet_blocks),
}
MEDIA_TYPES = (delimited.MEDIA_TYPE, parquet.MEDIA_TYPE, workbook.MEDIA_TYPE)


def download(table: Table, format_: Format, terms: Mapping[str, Term], *, head: bool) -> Response:
    """The table in a format; one that breaks off before its end is cut, and never looks finished.

    Args:
        table: what is told.
        format_: of the file.
        terms: what columns are called.
        head: whether only the headers are asked for.

    Raises:
        ApiError: 422 where it is too large for the format.
    """
    media_type = workbook.MEDIA_TYPE if format_ == "xlsx" else _STREAMED[format_][0]
    headers = {
        "Content-Disposition": f'attachment; filename="{table.name}.{format_}"',
        "Cache-Control": "no-store",
    }
    if head:
        return Response(headers=headers, media_type=media_type)
    blocks = workbook.blocks(workbook.workbook(table, terms)) if format_ == "xlsx" else _STREAMED[format_][1](table)
    return StreamingResponse(blocks, headers=headers, media_type=media_type)
