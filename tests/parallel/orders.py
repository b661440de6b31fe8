"""A plan of order lines as an old system exports them, and both sides of it: the same facts in two forms."""

from __future__ import annotations

from pathlib import Path

from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.plans.checking import plan_problems
from retailctl.workspace.boundary import validate
from retailctl.workspace.document import Document
from retailctl.workspace.problems import Problem
from retailctl.workspace.reader import parse_bytes

PLAN = """\
version: 1
entity: order_line
key: [order_id, line_no]
sources:
  legacy: {csv: exports/orders-*.csv, delimiter: ";"}
  new: {parquet: lake/orders.parquet}
fields:
  - {name: order_id, legacy: {col: ORDNO, normalisers: [trim, {pad: {width: 9}}, {prefix: SO}]}, pii: none}
  - {name: line_no, type: int, legacy: LINENR, pii: none}
  - {name: store, type: int, legacy: {col: FILIALE, normalisers: [strip_zeros]}, pii: none}
  - {name: sku, legacy: {col: ARTNR, normalisers: [{prefix: SKU}]}, severity: stock, pii: none}
  - {name: qty, type: int, unit: piece, legacy: MENGE, severity: stock, pii: none}
  - {name: price, type: decimal, scale: 2, legacy: {col: PREIS, normalisers: [{decimal: de}]}, compare: minor_units, severity: money}
  - {name: currency, legacy: {col: WAEHR, normalisers: [{map: {eur: EUR, gbp: GBP, pln: PLN}}]}, severity: money, pii: none}
  - {name: status, legacy: {col: STAT, normalisers: [{map: {"10": new, "20": picked, "30": shipped, "80": returned, "90": cancelled}}]}, pii: none}
  - {name: ts, type: timestamp, legacy: {col: ZEIT, normalisers: [{date_format: "%d.%m.%Y %H:%M:%S"}, {tz: {zone: Europe/Berlin, fold: reject}}]}, pii: none}
  - {name: customer, legacy: {col: KUNDE}, severity: customer}
event_time: {field: ts, zone: Europe/Berlin}
calendar: {zone: Europe/Berlin, day_starts: "04:00", closed: [2024-12-25]}
window: {last: 1d}
lag: 15m
amount: {field: price, times: qty, currency: currency}
totals: [{group_by: [store, business_day, currency], measures: [rows, qty, net]}]
dimensions: [store, business_day, hour, currency]
partition_by: [business_day, store_group]
accepted:
  - {predicate: {row_class: ROUNDING, field: price}, reason: Rounded per line., owner: team-erp, expires: 2025-03-31, max_rows: 500}
gates:
  - {metric: missing, limit: 0, streak: 10}
  - {metric: unexplained, limit: 50ppm, scope: {severity: money}}
"""  # fmt: skip

LEGACY = """\
ORDNO;LINENR;FILIALE;ARTNR;MENGE;PREIS;WAEHR;STAT;ZEIT;KUNDE
0;1;0030;022400;5;203,04;eur;80;01.09.2024 02:00:22;C00006606
 17 ;2;0130;000007;1;1.234,50;gbp;20;15.01.2024 23:30:00;C00006607
4711;10;0200;999999;11;0,01;pln;30;29.02.2024 00:59:59;C1
1000000000;1;0001;0;1;-5,00;eur;10;27.10.2024 03:00:00;
"""
NEW = """\
SO000000000,1,30,SKU022400,5,203.04,EUR,returned,2024-09-01 00:00:22,C00006606
SO000000017,2,130,SKU000007,1,1234.50,GBP,picked,2024-01-15 22:30:00,C00006607
SO000004711,10,200,SKU999999,11,0.01,PLN,shipped,2024-02-28 23:59:59,C1
SO1000000000,1,1,SKU0,1,-5.00,EUR,new,2024-10-27 02:00:00,
"""
COLUMNS = {"order_id": "varchar", "line_no": "integer", "store": "smallint", "sku": "varchar", "qty": "integer",
           "price": "decimal(12, 2)", "currency": "varchar", "status": "varchar", "ts": "timestamp with time zone",
           "customer": "varchar"}  # fmt: skip


def document(text: str = PLAN) -> Document:
    return parse_bytes("migrations/w2/parallel/orders.yaml", text.encode())


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong in the text of a plan, in its form or in what it says."""
    checked = validate(document(text).data, TablePlan)
    return checked.problems if checked.value is None else tuple(plan_problems(checked.value))


def plan_of(text: str = PLAN) -> TablePlan:
    """The plan of a text that is right."""
    checked = validate(document(text).data, TablePlan)
    assert checked.value is not None, checked.problems
    assert list(plan_problems(checked.value)) == []
    return checked.value


def csv(path: Path, text: str, delimiter: str = ";") -> str:
    """Write a file, and the relation that reads it: every column as text."""
    path.write_text(text, encoding="utf-8")
    return f"read_csv('{path}', delim='{delimiter}', header=true, all_varchar=true)"


def typed(path: Path, text: str = NEW) -> str:
    """The same for a file whose columns have types."""
    path.write_text(text, encoding="utf-8")
    columns = ", ".join(f"'{name}': '{type}'" for name, type in COLUMNS.items())
    return f"read_csv('{path}', header=false, columns={{{columns}}})"
