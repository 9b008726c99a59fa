"""Parquet of exchanges: the columns of our NDJSON form, one row an exchange."""

from collections.abc import Iterator
from io import BytesIO

from stanch.errors import InputError
from stanch.traffic.exchange import Exchange, Unreadable
from stanch.traffic.reader.ndjson import row_exchange
from stanch.traffic.reader.stream import Stream


def read_parquet(stream: Stream, name: str) -> Iterator[Exchange | Unreadable]:
    """Give the rows in order, a batch at a time; the file itself is held, as its index stands at its end."""
    try:
        import pyarrow as pa  # noqa: PLC0415 -- an extra: only those who read Parquet need it
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise InputError("Parquet needs the extra 'parquet'", where=name, hint="pip install 'stanch[parquet]'") from None
    try:
        file = parquet.ParquetFile(BytesIO(stream.read()))
        names = set(file.schema_arrow.names)
        if not {"method", "url"} <= names:
            raise InputError(
                "the Parquet file has no columns 'method' and 'url'",
                where=name,
                hint="docs/ndjson.md lists the columns",
            )
        number = 0
        for batch in file.iter_batches(batch_size=256):
            for row in batch.to_pylist():
                yield row_exchange(row, f"{name}#row[{number}]")
                number += 1
    except (pa.ArrowException, OSError):
        raise InputError("the Parquet file is damaged", where=name) from None
