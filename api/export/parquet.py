"""Parquet, a row group a piece, given away as it is written."""

import io
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from api.export.table import Table

MEDIA_TYPE = "application/vnd.apache.parquet"


class _Spout(io.RawIOBase):
    """A file that forgets what was taken from it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._length = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def write(self, data: object) -> int:
        block = bytes(memoryview(data))  # type: ignore[arg-type] # pyarrow hands over buffers
        self._held += block
        self._length += len(block)
        return len(block)

    def taken(self) -> bytes:
        """What was written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held


def parquet_blocks(table: Table) -> Iterator[bytes]:
    """The table as Parquet; its provenance stands in columns and in the file's own metadata."""
    marked = table.marked()
    empty = pl.DataFrame(schema=dict(marked.schema)).to_arrow()
    told = {f"robodensity.{name}": str(value) for name, value in table.provenance.columns().items()}
    schema = empty.schema.with_metadata(told)
    spout = _Spout()
    with pq.ParquetWriter(spout, schema, compression="zstd") as writer:
        for piece in marked.pieces:
            if piece.height:
                writer.write_table(pa.Table.from_batches(piece.to_arrow().to_batches()).cast(schema))
            yield spout.taken()
    yield spout.taken()
