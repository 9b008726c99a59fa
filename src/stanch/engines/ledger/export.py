"""Answers as Parquet, for those who work on with them."""

from io import BytesIO

from stanch.engines.ledger.extra import load
from stanch.ledger.answer import Affected
from stanch.ledger.render import COLUMNS, rows


def render_parquet(answer: Affected) -> bytes:
    pa, parquet = load("pyarrow"), load("pyarrow.parquet")
    whole = {name for name in COLUMNS if name.startswith(("n_", "people_", "recipients_"))}
    columns = list(zip(*rows(answer), strict=True)) or [()] * len(COLUMNS)
    table = pa.table({name: pa.array(cells, pa.int64() if name in whole else pa.string()) for name, cells in zip(COLUMNS, columns, strict=True)})
    out = BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return out.getvalue()
