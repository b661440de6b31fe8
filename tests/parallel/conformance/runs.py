"""A whole run of one plan, wherever its rows lie: an old system's export against a new one's tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from retailctl import api
from retailctl.parallel.columns import Type
from retailctl.report import formats
from tests.parallel.conformance.orders import Orders, orders
from tests.parallel.conformance.places import Table, parquet_file

PLAN = """\
version: 1
entity: order_line
key: [order_id, line_no]
sources:
  legacy: {LEGACY}
  new: {NEW}
fields:
  - {name: order_id, legacy: {col: ORDNO, normalisers: [trim, {pad: {width: 6}}, {prefix: SO}]}, pii: none}
  - {name: line_no, type: int, legacy: LINENR, pii: none}
  - {name: store, type: int, legacy: {col: FILIALE, normalisers: [strip_zeros]}, pii: none}
  - {name: sku, legacy: ARTNR, severity: stock, pii: none}
  - {name: qty, type: int, legacy: MENGE, severity: stock, pii: none}
  - {name: price, type: decimal, scale: 2, legacy: {col: PREIS, normalisers: [{decimal: de}]}, severity: money, pii: none}
  - {name: currency, legacy: {col: WAEHR, normalisers: [{casefold_ascii: upper}]}, severity: money, pii: none}
  - {name: status, legacy: {col: STAT, normalisers: [{map: {"10": new, "20": picked, "30": shipped, "80": returned}}]}, pii: none}
  - {name: ts, type: timestamp, legacy: {col: ZEIT, normalisers: [{date_format: "%d.%m.%Y %H:%M:%S"}, {tz: Europe/Berlin}]}, pii: none}
  - {name: customer, legacy: {col: KUNDE, normalisers: [nfc]}, severity: customer}
  - {name: payment, legacy: ZAHLART}
  - {name: paid, type: bool, legacy: BEZAHLT, compare: ignore}
event_time: {field: ts, zone: Europe/Berlin}
calendar: {zone: Europe/Berlin, day_starts: "04:00"}
window: {from: 2024-09-02, to: 2024-09-09}
lag: 30m
amount: {field: price, times: qty, currency: currency}
totals:
  - {group_by: [store, business_day, currency], measures: [rows, qty, net]}
  - {group_by: [payment], measures: [rows]}
  - {measures: [rows, qty]}
dimensions: [store, business_day, hour, currency, payment]
accepted:
  - {predicate: {row_class: ROUNDING, field: price}, reason: Rounded per line., owner: team-erp, expires: 2026-12-31, max_rows: 5000}
gates:
  - {metric: missing, limit: 0}
  - {metric: field, scope: {severity: money}, limit: "1%"}
  - {metric: unexplained, limit: 50ppm}
"""
OLD = ("ORDNO", "LINENR", "FILIALE", "ARTNR", "MENGE", "PREIS", "WAEHR", "STAT", "ZEIT", "KUNDE", "ZAHLART", "BEZAHLT")
NEW = {
    "order_id": Type(), "line_no": Type("int"), "store": Type("int"), "sku": Type(), "qty": Type("int"),
    "price": Type("decimal", 2), "currency": Type(), "status": Type(), "ts": Type("timestamp"), "customer": Type(),
    "payment": Type(), "paid": Type("bool"),
}  # fmt: skip
_CODES = {"new": "10", "picked": "20", "shipped": "30", "returned": "80"}
_BERLIN, _UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
_LATE = timedelta(minutes=20)
START = datetime(2024, 9, 3)  # noqa: DTZ001 - UTC
"""A day after the window of the plan begins."""


class Data(NamedTuple):
    """The export as texts, and the tables of the new system."""

    legacy: Table
    new: Table


def data(given: Orders | None = None) -> Data:
    """Some 3,000 lines with every kind of difference that a run tells, late and rejected rows among them."""
    given = given or orders(seed=11, count=1200)
    last = max(row[7] for row in given.legacy.rows)
    old = [_exported(row) for row in given.legacy.rows]
    new = [_received(row) for row in given.new.rows if row[7] < last - _LATE]
    old[5] = (*old[5][:5], "1.23,4", *old[5][6:])  # a group of two digits
    inside = [number for number, row in enumerate(old) if given.legacy.rows[number][7] >= START and row[2] != "0017"]
    old[inside[9]] = (*old[inside[9]][:1], None, *old[inside[9]][2:])
    posted = next(number for number, row in enumerate(new) if row[8] >= START and row[2] != 17)
    new[posted] = (*new[posted][:8], START - timedelta(days=1), *new[posted][9:])
    nobody = next(number for number, row in enumerate(new) if row[8] >= START and row[9] is None)
    new[nobody] = (*new[nobody][:9], "", *new[nobody][10:])
    return Data(Table(dict.fromkeys(OLD, Type()), old), Table(NEW, new))


def _facts(order: str, store: int, line: int) -> tuple[str, str, str]:
    number = int(order[2:])
    customer = None if number % 31 == 0 else f"Zo\u00eb \u201c{number % 97}\u201d"
    payment = "voucher" if number % 50 == 3 else ("card", "cash", "invoice")[(number + line) % 3]
    return "EUR" if store <= 20 else "PLN", customer or "", payment


def _exported(row: Sequence[Any]) -> tuple[str | None, ...]:
    order, line, store, sku, qty, price, status, at = row
    currency, customer, payment = _facts(order, store, line)
    whole, _, cents = f"{Decimal(price):,.2f}".partition(".")
    local = at.replace(tzinfo=_UTC).astimezone(_BERLIN)
    return (f" {int(order[2:])} ", str(line), f"{store:04d}", sku, str(qty), f"{whole.replace(',', '.')},{cents}",
            currency.lower(), _CODES[status], f"{local:%d.%m.%Y %H:%M:%S}", customer.replace("\u00eb", "e\u0308") or None,
            payment, "yes" if qty > 3 else "no")  # fmt: skip


def _received(row: Sequence[Any]) -> tuple[Any, ...]:
    order, line, store, sku, qty, price, status, at = row
    currency, customer, payment = _facts(order, store, line)
    return (order, line, store, sku, qty, price, currency, status, at, customer or None,
            "gift card" if payment == "voucher" else payment, qty > 3)  # fmt: skip


def workspace(root: Path, legacy: str, new: str) -> Path:
    """A workspace with the plan over two sources."""
    folder = root / "migrations" / "w2-orders" / "parallel"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    (folder / "orders.yaml").write_text(PLAN.replace("{LEGACY}", legacy).replace("{NEW}", new), encoding="utf-8")
    return root


def with_files(root: Path) -> Path:
    """The same with an export in two files and a table of Parquet."""
    given = data()
    (root / "old orders").mkdir(parents=True)
    for number in range(2):
        with (root / "old orders" / f"part {number} [x].csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
            writer.writerows([OLD, *given.legacy.rows[number::2]])
    parquet_file(root / "new.parquet", given.new)
    return workspace(root, '{csv: "old orders/part*.csv"}', "{parquet: new.parquet}")


def summary(root: Path, **options: Any) -> dict[str, Any]:
    """What a run says, but for where it read and which engine compared."""
    audit = api.AuditOptions(as_of=date(2026, 11, 20), use_cache=False)
    given: dict[str, Any] = {"threads": 1, "memory": "512MB", "record": False, "samples": 2, **options}
    report = api.parallel_run("orders", root, audit, api.RunOptions(**given))
    told = json.loads("".join(formats.render(report, "json")))
    facts = {name: value for name, value in told["summary"].items() if name not in {"engine", "sides", "files"}}
    return {**facts, "findings": told["findings"], "notices": told["notices"]}


def everything_is_there(told: dict[str, Any]) -> None:
    """A run that tells nothing would be alike on all engines as well."""
    assert set(told["classes"]) >= {name for name in CLASSES if told["classes"][name]} == set(CLASSES), told["classes"]
    assert {name for kinds in told["fields"].values() for name in kinds} == FIELDS
    assert sum(told["duplicates"]["new"].values()) and sum(told["duplicates"]["legacy"].values())
    assert [one["remainder"] for one in told["bridge"].values()] == ["0.00", "0.00"]
    assert any(cluster["where"] == "store=17" for cluster in told["clusters"])
    assert [one["groups"] > one["tied"] for one in told["totals"]] == [True, True, True]


CLASSES = ("BOUNDARY", "EQUAL", "EXTRA_IN_NEW", "FIELD", "KEY_INVALID", "MISSING_IN_NEW", "PENDING", "REJECTED")
FIELDS = {"ROUNDING", "TZ_SHIFT", "TRUNCATION", "VALUE", "CODE_MAP", "NULL_DEFAULT"}
