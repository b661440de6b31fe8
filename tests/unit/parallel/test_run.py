"""``parallel run``: what a plan is held to, what the differences are worth, and what stays of a run."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl import api
from retailctl.errors import ConfigError, UsageError
from retailctl.workspace.reader import read_document
from tests.unit.parallel.comparing import classes, told
from tests.unit.parallel.running import DAY, HEAD, PLAN, line, run, workspace


def gates(report: object) -> dict[str, tuple[str, str]]:
    return {gate.gate: (gate.verdict, gate.measured) for gate in told(report).gates}  # type: ignore[arg-type]


def test_equal_sides_pass_and_leave_evidence(tmp_path: Path) -> None:
    rows = [line("o1"), line("o2", store=2)]
    report = run(workspace(tmp_path, rows, rows[::-1]))
    assert (report.summary.verdict, report.summary.exit_code) == ("pass", 0)
    assert classes(report) == {"EQUAL": 2}
    assert gates(report) == {
        "missing": ("pass", "0"), "extra": ("pass", "0"), "duplicate": ("pass", "0"), "key_invalid": ("pass", "0"),
        "bridge_remainder": ("pass", "0.00"), "totals_tied": ("pass", "100%"), "unexplained": ("pass", "0"),
        "rejected": ("pass", "0"), "coverage": ("pass", "100%"), "rows": ("pass", "2"),
    }  # fmt: skip
    folder = tmp_path / "migrations" / "w2-orders" / "evidence"
    (file,) = folder.glob("ev-parallel-orders-2026-11-18-*.yaml")
    kept = read_document(tmp_path, file.relative_to(tmp_path).as_posix()).data
    assert kept["kind"] == "parallel_run" and kept["verdict"] == "pass"
    assert kept["values"] == {
        "days": 1,
        "duplicates": 0,
        "matched_ratio": "1.000000",
        "unexplained": "0",
        "coverage": "1.0000",
    }
    assert kept["rows"] == {"legacy": 2, "new": 2}
    (history,) = (folder / "history" / "orders.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(history)["verdict"] == "pass"


def test_the_same_run_twice_changes_nothing(tmp_path: Path) -> None:
    root = workspace(tmp_path, [line("o1")], [line("o1", qty=3)])
    first = run(root)
    before = {file: file.read_bytes() for file in (root / "migrations").rglob("*") if file.is_file()}
    again = run(root)
    assert {file: file.read_bytes() for file in (root / "migrations").rglob("*") if file.is_file()} == before
    assert told(again) == told(first)


def test_the_bridge_names_what_each_difference_is_worth(tmp_path: Path) -> None:
    legacy = [line("o1"), line("o2", price="5.00"), line("o3"), line("o4", currency="GBP"), line("o5")]
    new = [line("o1", price="10.01"), line("o3"), line("o3"), line("o4", currency="EUR"), line("o5"), line("o6", qty=1)]
    report = run(workspace(tmp_path, legacy, new))
    bridge = told(report).bridge
    lines = {row.name: (row.rows, row.amount) for row in bridge["EUR"].lines}
    assert lines == {
        "MISSING_IN_NEW": (1, "-10.00"), "EXTRA_IN_NEW": (1, "10.00"), "DUPLICATE in new, identical": (1, "20.00"),
        "price ROUNDING": (1, "0.02"), "currency VALUE": (0, "20.00"),
    }  # fmt: skip
    assert {row.name: row.amount for row in bridge["GBP"].lines} == {"currency VALUE": "-20.00"}
    assert [one.remainder for one in bridge.values()] == ["0.00", "0.00"]
    assert (bridge["EUR"].legacy, bridge["EUR"].new) == ("70.00", "110.02")
    assert report.summary.exit_code == 1


_ROWS = st.lists(
    st.builds(
        line,
        st.sampled_from(["a", "b", "c", "d", " "]),
        st.integers(1, 2),
        st.integers(-3, 3),
        st.sampled_from(["1.00", "1.01", "100.00", "", "x"]),
        st.sampled_from(["EUR", "GBP", ""]),
        st.sampled_from(["2026-11-18 10:00:00", "2026-11-18 12:00:00", "2026-11-19 01:00:00", ""]),
        st.sampled_from(["ada@shop.example", ""]),
    ),
    max_size=8,
)


@given(legacy=_ROWS, new=_ROWS)
@settings(max_examples=20)
def test_the_bridge_has_no_remainder_and_every_row_one_class(
    legacy: list[str], new: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    plan = PLAN + "lag: 1h\nwindow: {from: 2026-11-18, to: 2026-11-19}\n"
    report = run(workspace(tmp_path_factory.mktemp("bridge"), legacy, new, plan), record=False)
    found = told(report)
    assert all(Decimal(one.remainder) == 0 for one in found.bridge.values())
    late = {side: sum(row.rows for row in one.lines) for side, one in found.bridge.items()}
    assert all(count >= 0 for count in late.values())
    counted = found.classes
    surplus = {side: sum(kinds.values()) for side, kinds in found.duplicates.items()}
    matched = counted["EQUAL"] + counted["FIELD"]
    alone = ("MISSING_IN_NEW", "EXTRA_IN_NEW", "PENDING", "BOUNDARY", "KEY_REMAP", "SPLIT_MERGE")
    one_sided = sum(counted.get(name, 0) for name in alone)
    whole = 2 * matched + one_sided + sum(surplus.values()) + counted["REJECTED"] + counted["KEY_INVALID"]
    assert whole == sum(found.rows.values())


def test_what_is_young_is_pending_until_the_lag_is_over(tmp_path: Path) -> None:
    legacy = [
        line("o1", ts="2026-11-18 09:00:00"),
        line("o2", ts="2026-11-18 10:50:00"),
        line("o3", ts="2026-11-18 11:00:00"),
    ]
    new = [line("o3", ts="2026-11-18 11:00:00")]
    assert classes(run(workspace(tmp_path, legacy, new, PLAN + "lag: 15m\n"))) == {
        "MISSING_IN_NEW": 1, "PENDING": 1, "EQUAL": 1
    }  # fmt: skip
    # The watermark is that of the slower side: what only the faster one has is not missing yet.
    assert classes(run(workspace(tmp_path, legacy, [line("o1", ts="2026-11-18 09:00:00")], PLAN + "lag: 15m\n"))) == {
        "PENDING": 2, "EQUAL": 1
    }  # fmt: skip


def test_a_row_posted_on_another_day_is_not_lost(tmp_path: Path) -> None:
    legacy = [line("o1", ts="2026-11-18 23:30:00"), line("o2")]
    new = [line("o1", ts="2026-11-19 00:30:00"), line("o2")]
    plan = PLAN + "window: {from: 2026-11-18, to: 2026-11-19}\n"
    report = run(workspace(tmp_path, legacy, new, plan))
    assert classes(report) == {"BOUNDARY": 1, "EQUAL": 1}
    assert any("1 rows of the new side are outside the window" in notice for notice in report.notices)


def test_business_days_begin_when_the_plan_says(tmp_path: Path) -> None:
    plan = PLAN + "calendar: {zone: Europe/Berlin, day_starts: '04:00'}\nwindow: {last: 1d}\n"
    rows = [
        line("early", ts="2026-11-19 02:59:59"),  # 03:59:59 in Berlin: the day before
        line("first", ts="2026-11-19 03:00:00"),
        line("last", ts="2026-11-20 02:59:59"),
        line("next", ts="2026-11-20 03:00:00"),
    ]
    report = run(workspace(tmp_path, rows, rows, plan), day=date(2026, 11, 20))
    assert told(report).rows == {"legacy": 2, "new": 2}


def test_a_cause_that_is_local_is_named(tmp_path: Path) -> None:
    legacy = [line(f"o{n}", store=n % 10) for n in range(200)]
    new = [
        line(f"o{n}", store=n % 10, ts="2026-11-18 12:00:00" if n % 10 == 7 else "2026-11-18 10:00:00")
        for n in range(200)
    ]
    (cluster,) = told(run(workspace(tmp_path, legacy, new))).clusters
    assert (cluster.signature, cluster.rows, cluster.where) == ("ts TZ_SHIFT by 120 min", 20, "store=7")
    assert (cluster.covers, cluster.lift) == ("100.0", "10.0")


def test_too_little_is_unknown_and_never_pass(tmp_path: Path) -> None:
    """Store 2 wrote nothing on the new side, and its one row is late: no difference, and no proof either."""
    legacy = [line("o1"), line("o2", store=2, ts="2026-11-18 10:05:00")]
    plan = PLAN.replace("totals:\n  - {group_by: [store, business_day], measures: [rows, net]}\n", "") + "lag: 15m\n"
    report = run(workspace(tmp_path, legacy, [line("o1")], plan))
    assert gates(report)["coverage"] == ("unknown", "50%")
    assert (report.summary.verdict, report.summary.exit_code) == ("unknown", 3)
    broken = run(
        workspace(tmp_path, [line("o1"), line("o2", qty=1)], [line("o1"), line("o2").replace(",2,", ",two,")], PLAN)
    )
    assert gates(broken)["rejected"][0] == "unknown"


def test_gates_have_limits_scopes_and_streaks(tmp_path: Path) -> None:
    plan = (
        PLAN
        + """\
gates:
  - {metric: missing, scope: {store: "2"}, limit: "0"}
  - {metric: field, scope: {severity: money}, limit: "1%"}
  - {metric: field, scope: {field: qty, class: VALUE}, limit: "0", streak: 3}
  - {metric: matched_ratio, limit: "90%"}
"""
    )
    good = [line(f"o{n}") for n in range(40)]
    root = workspace(tmp_path, [*good, line("lost", store=1)], good, plan)
    report = run(root)
    assert list(gates(report).values())[:4] == [("pass", "0"), ("pass", "0"), ("unknown", "0"), ("pass", "97.561%")]
    assert (told(report).gates[2].note, report.summary.exit_code) == ("1 of 3 days", 3)
    # What makes a run worth anything is asked of each, whatever the plan says.
    assert list(gates(report))[4:] == ["bridge_remainder", "rejected", "coverage", "rows"]
    days = [line(f"o{n}", ts="2026-11-19 10:00:00") for n in range(40)]
    workspace(root, days, [*days[1:], line("o0", qty=9, ts="2026-11-19 10:00:00")], plan)
    second = told(run(root)).gates[:4]
    assert [(gate.verdict, gate.streak) for gate in second] == [("pass", 2), ("pass", 2), ("fail", 0), ("pass", 2)]
    days = [line(f"o{n}", ts="2026-11-20 10:00:00") for n in range(40)]
    workspace(root, days, [*days[1:], line("o0", qty=9, ts="2026-11-20 10:00:00")], plan)
    third = told(run(root)).gates[:4]
    assert [(gate.streak, gate.first_red) for gate in third] == [(3, ""), (3, ""), (0, "2026-11-19"), (3, "")]
    # Another limit is another promise, and no other gate's business; another window is everybody's.
    workspace(root, days, days, plan.replace("90%", "95%"))
    assert [gate.streak for gate in told(run(root)).gates[:4]] == [3, 3, 1, 1]
    workspace(root, days, days, plan + "lag: 15m\n")
    assert {gate.streak for gate in told(run(root)).gates} == {1}


ROUNDED = "accepted:\n  - {predicate: {row_class: ROUNDING, field: price}, reason: rounds per line, owner: team-erp, expires: 2026-11-30, "
ACCEPTED = [
    (ROUNDED + "max_rows: 2}\n", DAY, True),
    (ROUNDED + "max_rows: 1}\n", DAY, False),
    (ROUNDED + "max_amount: 0.04}\n", DAY, True),
    (ROUNDED + "max_amount: 0.03}\n", DAY, False),
    (ROUNDED + "max_rows: 2}\n", date(2026, 12, 1), False),
    (ROUNDED.replace("row_class: ROUNDING, field: price", "where: {store: '1'}") + "max_rows: 2}\n", DAY, True),
    (ROUNDED.replace("row_class: ROUNDING, field: price", "where: {store: '2'}") + "max_rows: 2}\n", DAY, False),
    (ROUNDED.replace("ROUNDING", "VALUE") + "max_rows: 2}\n", DAY, False),
]


@pytest.mark.parametrize(("accepted", "day", "holds"), ACCEPTED)
def test_an_accepted_difference_counts_again_over_its_budget_or_after_its_day(
    accepted: str, day: date, holds: bool, tmp_path: Path
) -> None:
    gate = 'gates: [{metric: field, scope: {severity: money}, limit: "0"}]\n'
    root = workspace(
        tmp_path,
        [line("o1"), line("o2")],
        [line("o1", price="10.01"), line("o2", price="10.01")],
        PLAN + accepted + gate,
    )
    report = run(root, day=day)
    assert gates(report)["field (severity money)"] == (("pass", "0") if holds else ("fail", "2"))
    assert told(report).values["matched_ratio"] == ("1.000000" if holds else "0.000000")
    (use,) = told(report).accepted
    assert (use.reason, use.owner, use.expires) == ("rounds per line", "team-erp", "2026-11-30")
    assert (use.rows == 2 and not use.void) is holds
    (row,) = told(report).bridge["EUR"].lines
    assert (row.name, row.amount) == (f"{'accepted: ' if holds else ''}price ROUNDING", "0.04")
    assert told(report).bridge["EUR"].remainder == "0.00"


def test_a_cluster_is_accepted_by_its_id(tmp_path: Path) -> None:
    legacy = [line(f"o{n}", store=n % 10) for n in range(100)]
    new = [line(f"o{n}", store=n % 10, qty=3 if n % 10 == 4 else 2) for n in range(100)]
    (cluster,) = told(run(workspace(tmp_path, legacy, new), record=False)).clusters
    entry = (
        f"accepted: [{{cluster: '{cluster.id}', reason: pilot, owner: team-erp, expires: 2026-11-30, max_rows: 10}}]\n"
    )
    report = run(workspace(tmp_path, legacy, new, PLAN + entry), record=False)
    assert gates(report)["unexplained"] == ("pass", "0")


def test_nothing_against_nothing_is_unknown(tmp_path: Path) -> None:
    report = run(workspace(tmp_path, [], []))
    assert (report.summary.verdict, gates(report)["rows"]) == ("unknown", ("unknown", "0"))


def test_no_personal_value_is_shown_or_kept(tmp_path: Path) -> None:
    root = workspace(
        tmp_path, [line("o1", mail="secret.person@shop.example")], [line("o1", mail="other.person@shop.example")]
    )
    report = run(root)
    assert told(report).samples
    unmarked = PLAN.replace("severity: money, pii: none}\n  - {name: ts", "severity: money}\n  - {name: ts")
    person = workspace(tmp_path, [line("o1", currency="jane.person@shop.example")], [line("o1", qty=9)], unmarked)
    assert "person@" not in repr(run(person)), "a currency that is none is not shown"
    files = [file.read_text(encoding="utf-8") for file in (root / "migrations").rglob("*") if file.is_file()]
    assert "person@" not in repr(report) + "".join(files)


def test_rows_are_brought_to_one_form_by_the_plan(tmp_path: Path) -> None:
    plan = (
        PLAN.replace("{name: price, type: decimal,", "{name: price, legacy: {normalisers: [{decimal: de}]}, type: decimal,")
        .replace("{name: order_id, type: text,", "{name: order_id, legacy: {normalisers: [strip_zeros]}, type: text,")
    )  # fmt: skip
    legacy = [line("007", price='"1.234,50"')]
    assert classes(run(workspace(tmp_path, legacy, [line("7", price="1234.50")], plan))) == {"EQUAL": 1}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (PLAN.replace("name: qty", "name: pieces"), "pieces"),
        (PLAN.replace("key: [order_id]", "key: [nr]"), "nr"),
        (PLAN.replace("legacy: {csv: legacy.csv}", "legacy: {csv: ../legacy.csv}"), "leave"),
    ],
)
def test_a_plan_that_is_wrong_is_exit_2(plan: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises((ConfigError, UsageError)) as caught:
        run(workspace(tmp_path, [line("o1")], [line("o1")], plan))
    assert expected in str(caught.value)


def test_a_history_that_was_edited_by_hand_is_told(tmp_path: Path) -> None:
    root = workspace(tmp_path, [line("o1")], [line("o1")])
    run(root)
    history = root / "migrations" / "w2-orders" / "evidence" / "history" / "orders.jsonl"
    history.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not understood"):
        run(root)


def test_a_run_is_a_report_in_every_format(tmp_path: Path) -> None:
    from retailctl.report import formats

    report = run(workspace(tmp_path, [line("o1"), line("o2")], [line("o1", qty=3)]))
    for name in formats.FORMATS:
        assert "".join(formats.render(report, name))


def test_the_trend_has_a_row_per_business_day(tmp_path: Path) -> None:
    audit = api.AuditOptions(as_of=DAY, use_cache=False)
    root = workspace(tmp_path, [line("o1")], [line("o1")])
    assert api.parallel_trend("orders", root, audit) == []
    for day, lost in (("2026-11-18", 0), ("2026-11-19", 1), ("2026-11-19", 2)):
        rows = [line(f"o{n}", ts=f"{day} 10:00:00") for n in range(10)]
        run(workspace(tmp_path, rows, rows[lost:]))
    shown = api.parallel_trend("orders", root, audit)
    assert [(row["day"], row["verdict"], row["ppm"]["MISSING_IN_NEW"]) for row in shown] == [
        ("2026-11-18", "pass", 0), ("2026-11-19", "fail", round(1_000_000 * 2 / 18)),
    ]  # fmt: skip
    assert "missing" in shown[-1]["red"] and shown[0]["red"] == []
    assert api.parallel_trend("orders", root, audit, last=1) == shown[1:]


@pytest.mark.parametrize("alike", [True, False])
def test_values_are_equal_whatever_the_width_of_their_types(alike: bool, tmp_path: Path) -> None:
    narrow = ("varchar", "integer", "smallint", "decimal(12, 2)", "varchar", "timestamptz", "varchar")
    wide = narrow if alike else ("varchar", "bigint", "bigint", "decimal(20, 2)", "varchar", "timestamp", "varchar")
    rows = "('o1', 1, 2, 10.00, 'EUR', '2026-11-18 10:00:00', 'ada'), ('o2', 1, 2, 9.5, 'EUR', '2026-11-18 10:00:00', null)"
    root = workspace(tmp_path, [], [], PLAN.replace("csv", "parquet"))
    for name, types in (("legacy", narrow), ("new", wide)):
        columns = ", ".join(f"{column} {type}" for column, type in zip(HEAD.split(","), types, strict=True))
        with duckdb.connect() as engine:
            engine.execute(f"set TimeZone = 'UTC'; create table t ({columns}); insert into t values {rows}")
            engine.execute(f"copy t to '{root / name}.parquet' (format parquet)")
    report = run(root, record=False)
    assert classes(report) == {"EQUAL": 2}
    assert told(report).bridge["EUR"].remainder == "0.00"
