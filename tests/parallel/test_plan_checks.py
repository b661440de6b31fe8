from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retailctl import api
from retailctl.model.normaliser import Normaliser
from retailctl.model.parallel_plan import Metric
from retailctl.parallel.plans.names import currency_of, limit
from tests.parallel.orders import PLAN, document, plan_of, problems_of

QTY = "{name: qty, type: int, unit: piece, legacy: MENGE, severity: stock, pii: none}"
TRIM = "trim, {pad: {width: 9}}"

# what stands there, what stands there instead, what is said, at which line and column
WRONG = [
    ("key: [order_id, line_no]", "key: [order_id, lineno]", "there is no field lineno", 3),
    ("key: [order_id, line_no]", "key: [order_id, order_id]", "order_id is in the key twice", 3),
    ("key: [order_id, line_no]", "key: []", "key: is empty", 3),
    ("entity: order_line", "entitty: order_line", "unknown key entitty", 2),
    ("version: 1", "version: 2", "version: found a number", 1),
    (QTY, QTY.replace("int", "number"), "type: number is not one of the known words", 12),
    (QTY, QTY.replace("qty", "store"), "store: the field is there twice", 12),
    (QTY, QTY.replace("name: qty", "name: hour"), "hour is a word of the plan itself", 12),
    (QTY, QTY.replace("int", "int, scale: 2"), "qty: only a decimal has a scale", 12),
    ("type: decimal, scale: 2", "type: decimal", "price: a decimal needs its scale", 13),
    ("type: decimal, scale: 2", "type: decimal, scale: 13", "scale: is too large", 13),
    ("type: decimal, scale: 2, legacy: {col: PREIS, normalisers: [{decimal: de}]}, compare: minor_units", "type: float",
     "price: money is never compared in floating point", 13),
    ("compare: minor_units", "compare: abs", "price: compare: abs needs a tolerance", 13),
    ("compare: minor_units", "compare: abs, tolerance: 2s", "price: the tolerance is no number from 0", 13),
    ("compare: minor_units", "compare: abs, tolerance: -1", "price: the tolerance is no number from 0", 13),
    ("compare: minor_units", "compare: abs, tolerance: NaN", "price: the tolerance is no number from 0", 13),
    ("compare: minor_units", "compare: minor_units, tolerance: 0.5", "price: minor units are counted in whole numbers", 13),
    ("compare: minor_units", "compare: rel, tolerance: 1", "price: a relative tolerance is a share below 1", 13),
    ("compare: minor_units", "compare: exact, tolerance: 1", "price: compare: exact takes no tolerance", 13),
    ("compare: minor_units", "compare: set", "price: only a text has members", 13),
    ("compare: minor_units", "compare: exact, packs: [1]", "price: packs are factors of a number", 13),
    (QTY, QTY.replace("unit: piece", "compare: minor_units"), "qty: only a decimal has minor units", 12),
    (QTY, QTY.replace("unit: piece", "compare: abs, tolerance: 0.5"), "qty: whole numbers differ by whole numbers", 12),
    ("{name: customer, ", "{name: customer, compare: abs, tolerance: 1, ", "customer: a text has no differences to measure", 17),
    ("name: ts, type: timestamp,", "name: ts, type: timestamp, compare: abs, tolerance: soon,", "ts: the tolerance is no duration", 16),
    ("name: order_id,", "name: order_id, compare: set,", "order_id is part of the key and cannot be compared as set", 3),
    ("MENGE, severity: stock, pii: none", "MENGE, pii: hidden", "pii: hidden is not one of the known words", 12),
    (TRIM, "trimm", "unknown key trimm", 8),
    (TRIM, "{trim: true, nfc: true}", "trim and nfc are two normalisers", 8),
    (TRIM, "{}", "the normaliser does nothing", 8),
    (TRIM, "{pad: {width: 0}}", "width: is too small", 8),
    (TRIM, "{pad: {widht: 9}}", "unknown key widht", 8),
    (TRIM, "{regex: {match: '(a+)+', replace: ''}}", "regex: a repeated group holds a repetition", 8),
    (TRIM, r"{regex: {match: 'a', replace: '\1'}}", "regex: replace: there are no groups", 8),
    (TRIM, r"{regex: {match: '(a)(b)', replace: '\3'}}", r"regex: replace: \1 to \2 are the groups of the pattern", 8),
    (TRIM, "{minor_units: euro}", "minor_units: a currency has three letters, such as EUR", 8),
    (TRIM, "{unit: 0}", "unit: a factor is from 0.000000001 to 1000000000, with at most nine decimal places", 8),
    (TRIM, "{unit: Infinity}", "unit: expected a finite number", 8),
    (TRIM, "{map: {}}", "map: is empty", 8),
    (TRIM, "{date_format: '%d.%m'}", "date_format: a date needs day, month and year", 8),
    (TRIM, "{date_format: '%d.%m.%Y %q'}", "date_format: %q is not known in a format", 8),
    (TRIM, "{date_format: '%d.%d.%m.%Y'}", "date_format: a part of the date is there twice", 8),
    (TRIM, "{tz: Europe/Berlni}", "tz: there is no zone Europe/Berlni", 8),
    ("[strip_zeros]", "[{date_format: '%d.%m.%Y'}]", "store: a timestamp does not become an int without loss", 10),
    ("[{decimal: de}]}, compare", "[{decimal: de}, {unit: 2}, {default: none}]}, compare", "price: 'none' is no value of type decimal(18)", 13),
    ("[{decimal: de}]}, compare", "[{round: {scale: 2, mode: down}}, {null_if: ['0', '1.234']}]}, compare", "price: '1.234' is no value of type decimal(2)", 13),
    ("[strip_zeros]", "[{decimal: de}, {tz: UTC}]", "store: tz is for times", 10),
    ("{date_format: \"%d.%m.%Y %H:%M:%S\"}, {tz", "{tz: UTC}, {tz", "ts: tz is there twice", 16),
    ("csv: exports/orders-*.csv", "csv: ../orders.csv", "the path leaves the workspace", 5),
    ("csv: exports/orders-*.csv", "csv: /etc/passwd", "the path leaves the workspace", 5),
    ("csv: exports/orders-*.csv", "csv: 's3://key:secret@bucket/x.csv'", "an address may not hold a user or password", 5),
    ("csv: exports/orders-*.csv", "csv: a.csv, parquet: b.parquet", "csv and parquet are two sources", 5),
    ("csv: exports/orders-*.csv, ", "", "the source does not say where it is read", 5),
    ("parquet: lake/orders.parquet", "parquet: lake/orders.parquet, delimiter: ','", "delimiter is not an option of parquet", 6),
    ("parquet: lake/orders.parquet", "postgres: 'host=db password=x', table: t", "postgres takes the name of a variable", 6),
    ("parquet: lake/orders.parquet", "postgres: NEW_PG", "postgres needs a table or a query", 6),
    ("parquet: lake/orders.parquet", "sqlite: a.db, table: t, query: select 1", "a table or a query, not both", 6),
    ("event_time: {field: ts", "event_time: {field: qty", "qty is no time", 18),
    ("event_time: {field: ts", "event_time: {field: time", "there is no field time", 18),
    ("event_time: {field: ts, zone: Europe/Berlin}", "event_time: {field: ts, zone: Berlin}", "there is no such zone", 18),
    ('day_starts: "04:00"', 'day_starts: "24:00"', "day_starts is no time of day", 19),
    ("window: {last: 1d}", "window: {last: soon}", "last is no duration", 20),
    ("window: {last: 1d}", "window: {last: 1d, from: 2024-01-01}", "a window has a length or two ends, not both", 20),
    ("window: {last: 1d}", "window: {from: 2024-02-01, to: 2024-01-01}", "the window ends before it begins", 20),
    ("lag: 15m", "lag: 15", "lag is no duration", 21),
    ("amount: {field: price", "amount: {field: prise", "there is no field prise", 22),
    ("amount: {field: price", "amount: {field: sku", "sku is no exact number", 22),
    ("currency: currency}", "currency: euro}", "there is no field euro", 22),
    ("currency: currency}", "currency: qty}", "qty is no text", 22),
    ("amount: {field: price, times: qty, currency: currency}\n", "", "price is money, and no currency is known for it", 7),
    ("measures: [rows, qty, net]", "measures: [rows, sku]", "sku is no exact number", 23),
    ("measures: [rows, qty, net]", "measures: [tax]", "there is no field tax", 23),
    ("dimensions: [store,", "dimensions: [stoer,", "there is no field stoer", 24),
    ("store_group", "shop_group", "there is no field shop_group", 25),
    ("expires: 2025-03-31, ", "", "expires is missing", 27),
    ("owner: team-erp, ", "", "owner is missing", 27),
    (", max_rows: 500", "", "an accepted difference needs a budget", 27),
    ("max_rows: 500", "max_rows: -1", "max_rows: is too small", 27),
    ("predicate: {row_class: ROUNDING, field: price}, ", "", "an accepted difference is a cluster or a predicate", 27),
    ("predicate: {row_class: ROUNDING, field: price}", "predicate: {}", "the predicate holds for everything", 27),
    ("row_class: ROUNDING", "row_class: ROUNDIN", "class: this is none that a run knows", 27),
    ("{row_class: ROUNDING, field: price}", "{where: {shop: '17'}}", "there is no field shop", 27),
    ("metric: missing", "metric: lost", "metric: lost is not one of the known words", 29),
    ("limit: 0", "limit: none", "the limit does not fit missing", 29),
    ("metric: missing, limit: 0", "metric: late_p99, limit: 0", "the limit does not fit late_p99", 29),
    ("metric: missing, limit: 0", "metric: coverage, limit: 99", "the limit does not fit coverage", 29),
    ("metric: missing, limit: 0", "metric: field, limit: 0", "a gate on fields says which", 29),
    ("scope: {severity: money}", "scope: {severity: monny}", "severity: this is none that a run knows", 30),
    ("scope: {severity: money}", "scope: {shop: 1}", "there is no field shop", 30),
    ("limit: 0, streak: 10", "limit: 0, streak: 0", "streak: is too small", 29),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "message", "line"), WRONG, ids=[row[2] + f" {n}" for n, row in enumerate(WRONG)]
)
def test_each_mistake_is_told_with_its_place_and_a_next_step(before: str, after: str, message: str, line: int) -> None:
    assert before in PLAN
    text = PLAN.replace(before, after, 1)
    found = {
        (problem.message.partition(", found")[0], document(text).locate(problem.path).line)
        for problem in problems_of(text)
    }
    assert (message, line) in found
    assert all(problem.hint for problem in problems_of(text))


def test_sums_of_a_field_that_may_be_personal_are_not_shown() -> None:
    tip = PLAN.replace("event_time:", "  - {name: tip, type: int, severity: info}\nevent_time:").replace(
        "[rows, qty, net]", "[rows, tip]"
    )
    (problem,) = problems_of(tip)
    assert problem.message == "the sums of tip would be shown, and it may be personal"
    assert "the sum of one row is its value" in problem.hint
    assert problems_of(tip.replace("severity: info}", "severity: info, pii: none}")) == ()
    summed = PLAN.replace("severity: stock, pii: none}\n  - {name: price", "severity: stock}\n  - {name: price")
    assert problems_of(summed) == ()


def test_a_plan_that_is_right_has_no_problems_and_its_defaults() -> None:
    plan = plan_of()
    by_name = {field.name: field for field in plan.fields}
    assert by_name["customer"].pii == "pseudonym"
    assert by_name["qty"].legacy.col == "MENGE"
    assert by_name["qty"].new.col is None
    assert by_name["order_id"].legacy.normalisers[0] == Normaliser(trim=True)
    assert plan.window.last == "1d"
    assert plan_of(PLAN.replace("window: {last: 1d}", "window: 1d")).window == plan.window
    assert plan_of(PLAN.replace("window: {last: 1d}\n", "")).window.last == "all"
    assert currency_of(plan) == ("currency", None)
    assert currency_of(plan_of(PLAN.replace("currency: currency}", "currency: EUR}"))) == (None, "EUR")


@pytest.mark.parametrize(
    ("metric", "text", "made"),
    [
        ("missing", "0", (Decimal(0), "count")),
        ("missing", "0.01%", (Decimal("0.0001"), "share")),
        ("unexplained", "50ppm", (Decimal("0.000050"), "share")),
        ("coverage", "100%", (Decimal(1), "share")),
        ("matched_ratio", "0.9995", (Decimal("0.9995"), "share")),
        ("late_p99", "15m", (Decimal(900), "duration")),
        ("bridge_remainder", "0.00", (Decimal(0), "count")),
        ("bridge_remainder", "1%", None),
        ("missing", "-1", None),
        ("missing", "1e9", None),
        ("late_p99", "15", None),
    ],
)
def test_limits_are_counts_shares_or_durations(metric: Metric, text: str, made: object) -> None:
    assert limit(metric, text) == made


def test_an_audit_tells_of_a_wrong_plan(tmp_path: Path) -> None:
    folder = tmp_path / "migrations/w2/parallel"
    folder.mkdir(parents=True)
    (tmp_path / "inventories").mkdir()
    (folder / "orders.yaml").write_text(PLAN.replace("lag: 15m", "lag: soon"))
    report = api.audit(tmp_path, api.AuditOptions(use_cache=False, no_config=True))
    told = [
        (finding.rule, str(finding.locations[0]), finding.message)
        for finding in report.findings
        if finding.rule.startswith("INP")
    ]
    assert told == [("INP020", "migrations/w2/parallel/orders.yaml:21:1", "lag is no duration")]


@pytest.mark.parametrize(
    "text", ["fields: [[[[[]]]]]", "key: {a: 1}", "sources: 5", "fields: [{name: [], type: {}}]", "gates: {}"]
)
def test_a_plan_of_another_shape_is_told_as_such(text: str) -> None:
    assert problems_of(text)
