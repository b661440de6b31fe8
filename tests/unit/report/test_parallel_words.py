"""What a run says in words: its headline, the steps of its bridge, its trend, its late rows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.model.parallel_pictures import AcceptedUse, TrendDay
from retailctl.model.parallel_run import Bridge, BridgeLine, GateResult, Late, ParallelSummary, RunVerdict
from retailctl.report import parallel_words as words
from retailctl.report.formats import render
from tests.unit.report.parallel_sample import busy_parallel_report, sample_parallel_report


def gate(
    name: str, verdict: RunVerdict, *, alone: str = "", red: str = "", streak: int = 0, needed: int = 1
) -> GateResult:
    return GateResult(
        gate=name, verdict=verdict, measured="1", limit="0", alone=alone, first_red=red, streak=streak, needed=needed
    )


def told(*gates: GateResult) -> ParallelSummary:
    return ParallelSummary(legacy="l", new="n", key=("id",), rows={}, classes={}, gates=gates)


@pytest.mark.parametrize(
    ("gates", "expected"),
    [
        ((gate("a", "pass"), gate("b", "pass")), "all 2 gates hold"),
        ((gate("a", "fail"), gate("b", "pass")), "1 of 2 gates fails: a"),
        ((gate("a", "fail"), gate("b", "fail"), gate("c", "unknown")), "2 of 3 gates fail: a, b; 1 is not known: c"),
        ((gate("a", "unknown"), gate("b", "unknown")), "2 of 2 gates are not known: a, b"),
        ((gate("a", "unknown", alone="pass"), gate("b", "pass")), "1 of 2 gates waits for more days: a"),
        (
            (gate("a", "unknown", alone="pass"), gate("b", "unknown", alone="pass"), gate("c", "fail")),
            "1 of 3 gates fails: c; 2 wait for more days: a, b",
        ),
        (tuple(gate(f"g{n}", "fail") for n in range(8)), "8 of 8 gates fail: g0, g1, g2, g3, g4, g5, 2 more"),
    ],
)
def test_the_headline_names_what_does_not_hold(gates: tuple[GateResult, ...], expected: str) -> None:
    assert words.headline(told(*gates)) == expected


def test_red_since_the_first_of_all_gates() -> None:
    found = told(
        gate("a", "fail", red="2026-11-19"), gate("b", "fail", red="2026-11-03"), gate("c", "pass"), gate("d", "fail")
    )
    assert words.red_since(found) == "2026-11-03"
    assert [words.since(one) for one in found.gates] == ["2026-11-19", "2026-11-03", "", "this run"]
    assert [one.gate for one in words.gates(told(gate("a", "pass"), gate("b", "unknown"), gate("c", "fail")))] == [
        "c",
        "b",
        "a",
    ]


@pytest.mark.parametrize(
    ("streak", "needed", "expected"), [(7, 10, "7/10"), (0, 10, "0/10"), (30, 1, "30"), (2, 0, "2")]
)
def test_days_in_a_row(streak: int, needed: int, expected: str) -> None:
    assert words.streak(gate("a", "pass", streak=streak, needed=needed)) == expected


@pytest.mark.parametrize(
    ("amount", "signed", "expected"),
    [
        ("1234.50", False, "1,234.50"),
        ("1234.50", True, "+1,234.50"),
        ("-0.00", True, "0.00"),
        ("0", True, "0"),
        ("-7", True, "-7"),
    ],
)
def test_nothing_has_no_sign(amount: str, signed: bool, expected: str) -> None:
    assert words.money(amount, signed=signed) == expected


LINES = st.lists(
    st.builds(
        BridgeLine, name=st.text("abc", min_size=1, max_size=3), rows=st.integers(0, 9),
        amount=st.decimals(-1000, 1000, places=2).map(lambda amount: f"{amount:f}"),
    ),
    max_size=40,
)  # fmt: skip


@given(LINES)
def test_the_steps_lead_from_one_total_to_the_other_however_many_lines_there_are(lines: list[BridgeLine]) -> None:
    net = sum((Decimal(line.amount) for line in lines), Decimal(0))
    steps = words.steps(Bridge(legacy="0", new=f"{net:f}", lines=tuple(lines), remainder="0"))
    assert len(steps) <= words.STEPS
    assert [step.start for step in steps] == [Decimal(0), *(step.end for step in steps)][: len(steps)]
    assert (steps[-1].end if steps else Decimal(0)) == net
    worth = [line for line in lines if Decimal(line.amount)]
    assert sum(step.rows for step in steps) == sum(line.rows for line in worth)


def test_of_very_many_currencies_some_are_shown_and_those_that_do_not_add_up_first() -> None:
    fine = Bridge(legacy="1", new="1", lines=(), remainder="0.00")
    sample = sample_parallel_report()
    found = sample.summary.parallel
    assert found is not None
    many = {f"C{n:02}": fine for n in range(30)} | {"ZZZ": replace(fine, remainder="0.01")}
    report = replace(sample, summary=replace(sample.summary, parallel=replace(found, bridge=many)))
    for name in ("text", "markdown", "html"):
        shown = "".join(render(report, name))
        assert "19 more currencies: use -f json" in shown, name
        assert shown.count("Money bridge") == 12, name
        assert shown.index("Money bridge ZZZ") < shown.index("Money bridge C00"), name


def test_classes_over_days_with_the_largest_first() -> None:
    days = [
        TrendDay(day="d1", verdict="pass", ppm={"A": 1, "B": 9, "C": 0}),
        TrendDay(day="d2", verdict="fail", ppm={"A": 3}),
    ]
    assert [(one.name, one.values, one.change) for one in words.series(days)] == [
        ("B", (9, 0), "-9"),
        ("A", (1, 3), "+2"),
    ]
    assert [one.change for one in words.series(days[:1])] == ["", ""]
    assert words.short("2026-11-20") == "11-20"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (45, "45 s"), (780, "13 min"), (12_000, "3 h 20 min"), (183_600, "2 d 3 h"), (86_401, "1 d 1 s")],
)
def test_how_long(seconds: int, expected: str) -> None:
    assert words.lasting(seconds) == expected


def test_late_rows_in_words() -> None:
    late = Late(pending={"legacy": 0, "new": 0}, arrived={"legacy": 3, "new": 0}, expired={}, unknown={"new": 1},
                oldest_seconds=60, p99_least=60, p99_most=60, p99_rows=1)  # fmt: skip
    assert words.late_rows(late) == [("pending now", 0, 0), ("came late", 3, 0), ("cannot be looked up any more", 0, 1)]
    assert words.lateness(late) == "the oldest waits for 1 min; 99 of 100 came within 1 min (1 row)"
    assert (
        words.lateness(replace(late, oldest_seconds=None, p99_most=None))
        == "99 of 100 came within more than 1 min (1 row)"
    )
    assert words.lateness(replace(late, oldest_seconds=None, p99_least=None, p99_most=None)) == ""


def test_what_is_used_of_an_accepted_difference() -> None:
    use = AcceptedUse(
        reason="r", owner="o", expires="2026-12-31", rows=1200, amount="1234.50", max_rows=1500, max_amount="2000"
    )
    assert words.budget(use) == "1,200 of 1,500 rows, 1,234.50 of 2,000"
    assert words.budget(replace(use, max_rows=None, max_amount="")) == "1,200 rows"
    assert (words.state(use), words.state(replace(use, void="it expired"))) == (
        "until 2026-12-31",
        "counts again: it expired",
    )


@pytest.mark.parametrize(
    ("measure", "expected"), [(None, "none"), ("", "none"), ("1234.5", "1,234.5"), ("-7", "-7"), ("1e9", "1e9")]
)
def test_sums_are_grouped_where_they_are_numbers(measure: object, expected: str) -> None:
    assert words.grouped(measure) == expected


def test_every_gate_is_a_case_for_a_page_of_ci() -> None:
    report = busy_parallel_report()
    suite = ET.fromstring("".join(render(report, "junit"))).find("./testsuite[@name='parallel-gate gate']")
    assert suite is not None
    assert [(case.get("name"), len(case)) for case in suite] == [("missing", 0), ("rows", 0)]
    assert (
        ET.fromstring("".join(render(sample_parallel_report(), "junit"))).find(".//testcase[@name='missing']") is None
    )
