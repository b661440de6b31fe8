"""Order lines of two sides as files, with differences planted by a hash of the row number, and what they come to.

SQL of DuckDB makes them, so that nothing but what `parallel` needs has to be installed. The same number of rows gives
the same values with one version of DuckDB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

KEY: Final = ("order_id", "line_no")
COLUMNS: Final = (*KEY, "store", "sku", "qty", "price", "currency", "status", "ts", "customer")
_FATES: Final = {
    "missing": 50, "extra": 30, "qty": 50, "status": 50, "sku": 20, "rounding": 200, "twice": 40, "conflict": 10
}  # fmt: skip
"""Of 100,000 rows each. All rows of store 17 that have no other fate are shifted by two hours besides."""
_SHIFTED_STORE: Final = 17
NEAR: Final = 300
"""How many rows differ near cut-over."""

_ROWS: Final = """
select range as i, hash(range, 1) as a, hash(range, 2) as b, hash(range, 3) % 100000 as fate,
    'SO' || lpad((range // 2)::varchar, 9, '0') as order_id, (range % 2 + 1)::integer as line_no,
    (hash(range // 2, 4) % 200 + 1)::smallint as store,
    'SKU' || lpad((hash(range, 1) % 50000)::varchar, 6, '0') as sku, (hash(range, 2) % 11 + 1)::integer as qty,
    ((hash(range, 5) % 30000 + 1)::decimal(12, 0) / 100)::decimal(12, 2) as price,
    case when store <= 120 then 'EUR' when store <= 170 then 'GBP' else 'PLN' end as currency,
    ['new', 'picked', 'shipped', 'shipped', 'shipped', 'returned', 'cancelled'][(hash(range, 6) % 7)::integer + 1] as status,
    timestamp '2024-09-01' + to_seconds((hash(range // 2, 7) % 604800)::integer) as ts,
    'C' || lpad((hash(range // 2, 8) % 900000)::varchar, 8, '0') as customer
from range({rows})
"""
_SCATTERED: Final = "case {fates} when store = {store} then 'shifted' else 'same' end"
_FEW: Final = "case when i % {every} = 7 and i // {every} < {near} then 'qty' else 'same' end"
_CHANGED: Final = {
    "order_id": "case when what = 'extra' then 'XO' || lpad(i::varchar, 9, '0') else order_id end",
    "sku": "case when what = 'sku' then sku || 'X' || (a % 7)::varchar else sku end",
    "qty": "(case when what = 'qty' then qty + 13 + (b % 5)::integer else qty end)::integer",
    "price": "(case when what = 'rounding' then price + 0.01 else price end)::decimal(12, 2)",
    "status": "case when what = 'status' then 'held-' || (a % 97)::varchar else status end",
    "ts": "case when what = 'shifted' then ts + interval '2' hour else ts end",
}


def write(folder: Path, rows: int, *, near: bool = False, csv: bool = False) -> dict[str, int]:
    """Write ``legacy`` and ``new`` and give the counts that a comparison has to find, by class of row or field."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        engine.execute("set threads = 2; set preserve_insertion_order = false; set memory_limit = '4GB'")
        engine.execute(f"set temp_directory = '{folder / 'spill'}'")
        engine.execute(f"create view given as select *, {_what(rows, near)} as what from ({_ROWS.format(rows=rows)})")
        plain, new = ", ".join(COLUMNS), ", ".join(f"{_CHANGED.get(name, name)} as {name}" for name in COLUMNS)
        again = new.replace(_CHANGED["status"], "case when what = 'conflict' then 'void' else status end")
        legacy = f"select {plain} from given where what <> 'extra'"
        sides = f"""select {plain} from (
            select b, {new} from given where what <> 'missing' union all
            select a, {again} from given where what in ('twice', 'conflict')) order by b"""
        for name, query in (("legacy", legacy), ("new", sides)):
            engine.execute(f"copy ({query}) to '{folder / name}.parquet' (format parquet, compression zstd)")
            if csv:
                read = f"from read_parquet('{folder / name}.parquet')"
                engine.execute(f"copy ({read}) to '{folder / name}.csv' (format csv, header)")
        found = dict(engine.execute("select what, count(*) from given group by what").fetchall())
    return _expected(found)


def _what(rows: int, near: bool) -> str:
    if near:
        return _FEW.format(every=max(rows // NEAR, 8), near=NEAR)
    whens, start = [], 0
    for name, count in _FATES.items():
        whens.append(f"when fate >= {start} and fate < {start + count} then '{name}'")
        start += count
    return _SCATTERED.format(fates=" ".join(whens), store=_SHIFTED_STORE)


def _expected(found: dict[str, Any]) -> dict[str, int]:
    """In the words of the summary; a field class is ``field CLASS``."""
    counts = {
        "MISSING_IN_NEW": found.get("missing", 0),
        "EXTRA_IN_NEW": found.get("extra", 0),
        "FIELD": sum(found.get(name, 0) for name in ("qty", "status", "sku", "rounding", "shifted")),
        "identical": found.get("twice", 0),
        "conflicting": found.get("conflict", 0),
        "price ROUNDING": found.get("rounding", 0),
        "ts TZ_SHIFT": found.get("shifted", 0),
    }
    return {name: count for name, count in counts.items() if count}


if __name__ == "__main__":
    _folder, _rows, *_more = sys.argv[1:]
    _truth = write(Path(_folder), int(_rows), near="near" in _more, csv="csv" in _more)
    (Path(_folder) / "truth.json").write_text(json.dumps(_truth), encoding="utf-8")
