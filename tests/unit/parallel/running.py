"""A small workspace with one plan, and runs of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from retailctl import api
from retailctl.model.report import Report

PLAN = """\
version: 1
entity: order_line
key: [order_id]
sources:
  legacy: {csv: legacy.csv}
  new: {csv: new.csv}
fields:
  - {name: order_id, type: text, pii: none}
  - {name: store, type: int, pii: none}
  - {name: qty, type: int, severity: stock, pii: none}
  - {name: price, type: decimal, scale: 2, severity: money, pii: none}
  - {name: currency, type: text, severity: money, pii: none}
  - {name: ts, type: timestamp, pii: none}
  - {name: mail, type: text, severity: customer}
event_time: {field: ts, zone: UTC}
amount: {field: price, times: qty, currency: currency}
totals:
  - {group_by: [store, business_day], measures: [rows, net]}
dimensions: [store]
"""
HEAD = "order_id,store,qty,price,currency,ts,mail"
DAY = date(2026, 11, 20)


def line(
    order: str, store: int = 1, qty: int = 2, price: str = "10.00", currency: str = "EUR",
    ts: str = "2026-11-18 10:00:00", mail: str = "ada@shop.example",
) -> str:  # fmt: skip
    """One row of either side."""
    return f"{order},{store},{qty},{price},{currency},{ts},{mail}"


def workspace(root: Path, legacy: list[str], new: list[str], plan: str = PLAN) -> Path:
    """The plan ``orders`` of one wave, and its two files."""
    folder = root / "migrations" / "w2-orders" / "parallel"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    (folder / "orders.yaml").write_text(plan, encoding="utf-8")
    for name, rows in (("legacy", legacy), ("new", new)):
        (root / f"{name}.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return root


def run(root: Path, *, day: date = DAY, **more: Any) -> Report:
    """Run the plan."""
    options = api.RunOptions(**{"threads": 1, "memory": "256MB", **more})
    return api.parallel_run("orders", root, api.AuditOptions(as_of=day, use_cache=False), options)
