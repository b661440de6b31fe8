"""A report of a parallel run as a model, whatever engine made it; and one in which every free text is the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from retailctl.model.parallel_pictures import AcceptedUse, Heat, HeatRow, TrendDay
from retailctl.model.parallel_run import Bridge, BridgeLine, Cluster, GateResult, Late, Masked, ParallelSummary
from retailctl.model.report import Report
from retailctl.parallel.mismatches import ROWS, rule_rows
from tests.unit.report.build import finding, report


def sample_parallel_report() -> Report:
    """Two findings with rows, one without; a bridge and a gate, as a run with a plan has them."""
    price = Masked(key=(("order_id", "~fa4df7615bc151b3"), ("line_no", "2")), values=(("price", "1.00", "1.01"),))
    gone = Masked(key=(("order_id", "~8fce68467c49903a"), ("line_no", "1")))
    told = ParallelSummary(
        legacy="legacy.csv",
        new="new.parquet",
        key=("order_id", "line_no"),
        rows={"legacy": 100_000, "new": 99_949},
        classes={"MISSING_IN_NEW": 130, "EXTRA_IN_NEW": 0, "PENDING": 0, "REJECTED": 3, "KEY_INVALID": 0,
                 "BOUNDARY": 0, "EQUAL": 99_650, "FIELD": 217},
        duplicates={"new": {"identical": 37, "conflicting": 13}, "legacy": {"identical": 0, "conflicting": 0}},
        fields={"price": {"ROUNDING": 200, "VALUE": 17}, "ts": {"TZ_SHIFT": 4}},
        bridge={"EUR": Bridge(legacy="10.00", new="9.00", remainder="0.00",
                              lines=(BridgeLine(name="missing", rows=1, amount="-1.00"),))},
        gates=(GateResult(gate="missing", verdict="fail", measured="130", limit="0", needed=10, first_red="2026-11-01"),),
        not_compared={"new": ("loaded_at",)},
        samples={"a": (price,), "b": (gone, gone)},
        engine="duckdb 2.0.0",
        totals=(_tied("store", "17", "qty"),),
        values={"matched_ratio": "0.9965"},
        clusters=(
            Cluster(id="c1", signature="TZ_SHIFT ts +120 min", rows=4, share="1.1", net="0.00", gross="0.00",
                    where="store 17", covers="100", lift="198.6"),
            Cluster(id="c2", signature="MISSING_IN_NEW", rows=130, share="36.7", net="-1.00", gross="1.00"),
        ),
        late=Late(
            pending={"legacy": 12, "new": 0}, arrived={"legacy": 700, "new": 3}, expired={"legacy": 2, "new": 0},
            unknown={"legacy": 0, "new": 0}, oldest_seconds=780, p99_least=240, p99_most=300, p99_rows=703,
        ),
        heat=Heat(
            down="store", columns=("2026-11-19", "2026-11-20"), total=347, more_rows=3, more_columns=1,
            rows=(HeatRow(name="17", cells=(0, 217), rows=217, gross="2.17"), HeatRow(name="3", cells=(1, 2), rows=130, gross="1.00")),
        ),
        trend=(
            TrendDay(day="2026-11-18", verdict="unknown", ppm={"REJECTED": 40}, red=("coverage",), same_plan=False),
            TrendDay(day="2026-11-19", verdict="pass", ppm={"MISSING_IN_NEW": 0}),
            TrendDay(day="2026-11-20", verdict="fail", ppm={"MISSING_IN_NEW": 650, "FIELD": 1085}, red=("missing",)),
        ),
        accepted=(
            AcceptedUse(reason="rounds per line", owner="team-erp", expires="2026-12-31", rows=200, amount="2.00",
                        max_rows=250, max_amount="2.50"),
            AcceptedUse(reason="local time in one store", owner="team-pos", expires="2026-11-01", rows=4,
                        void="it expired on 2026-11-01"),
        ),
    )  # fmt: skip
    return _of(told, "price", ("217 matched rows", "130 rows", "3 rows"))


def parallel_everywhere(text: str) -> Report:
    """Every name and value is ``text``."""
    row = Masked(key=((text, text),), values=((text, text, text), (text + "2", text, text)))
    told = ParallelSummary(
        legacy=text, new=text, key=(text,), rows={"legacy": 1, "new": 1},
        classes=dict.fromkeys(("MISSING_IN_NEW", "EXTRA_IN_NEW", "PENDING", "REJECTED", "KEY_INVALID", "BOUNDARY", "EQUAL", "FIELD"), 1),
        duplicates={"new": {"identical": 1}, "legacy": {}}, fields={text: {"VALUE": 1}},
        bridge={text: Bridge(legacy="1", new="1", remainder="0", lines=(BridgeLine(name=text, rows=1, amount="0"),))},
        gates=(GateResult(gate=text, verdict="fail", measured=text, limit=text, note=text),),
        totals=(_tied(text, text, text),), values={text: text},
        clusters=(Cluster(id=text, signature=text, rows=1, share="1", net="1", gross="1", where=text, covers="1", lift="2"),),
        late=Late(pending={text: 1}, arrived={text: 1}, expired={}, unknown={}, p99_least=1),
        heat=Heat(down=text, columns=(text,), rows=(HeatRow(name=text, cells=(1,), rows=1, gross="1"),), total=1),
        trend=(TrendDay(day=text, verdict=text, ppm={text: 1}, red=(text,)), TrendDay(day=text, verdict="pass", same_plan=False)),
        accepted=(AcceptedUse(reason=text, owner=text, expires=text, rows=1, void=text),),
        not_compared={"new": (text,)}, samples={"a": (row,), "b": (replace(row, values=()),)}, engine=text,
    )  # fmt: skip
    return _of(told, text, (text, text, text))


def _tied(name: str, value: str, measure: str) -> dict[str, Any]:
    """Control totals as a run writes them: one group that does not agree."""
    worst = {"group": {name: value}, "legacy": {measure: "5"}, "new": {measure: None}}
    return {"group_by": [name], "measures": [measure], "groups": 9, "tied": 8, "worst": [worst]}


def _of(told: ParallelSummary, subject: str, messages: tuple[str, str, str]) -> Report:
    names = ("ROUNDING", "MISSING_IN_NEW", "REJECTED")
    rows = [
        finding(subject, message, rule=ROWS[name].id, name=ROWS[name].name, fix=ROWS[name].fix, locations=(),
                stage="cutover", fingerprint=mark)
        for name, message, mark in zip(names, messages, "abc", strict=True)
    ]  # fmt: skip
    made = report(
        *rows, rules=rule_rows(), command="parallel compare", workspace=f"{told.legacy} and {told.new}",
        notices=(f"only the new side has {', '.join(told.not_compared['new'])}: not compared",),
    )  # fmt: skip
    return replace(made, summary=replace(made.summary, parallel=told))


def busy_parallel_report() -> Report:
    """As much as a page may have to hold: long names, large amounts, a month of days, many places and kinds."""
    made = sample_parallel_report()
    told = made.summary.parallel
    assert told is not None
    days = tuple(f"2026-{month}-{day:02}" for month, last in (("10", 31), ("11", 20)) for day in range(1, last + 1))[
        -31:
    ]
    kinds = [f"price ROUNDING, a_field_with_a_rather_long_name_{n} VALUE" for n in range(20)]
    lines = tuple(
        BridgeLine(name=name, rows=12_345 * n, amount=f"{(-1) ** n * n * 1234567}.89")
        for n, name in enumerate(kinds, 1)
    )
    net = sum((Decimal(line.amount) for line in lines), Decimal(0))
    gates = (
        GateResult(gate="unexplained (severity money, store 17)", verdict="fail", measured="1234567", limit="100ppm", needed=10,
                   first_red="2026-11-01"),
        GateResult(gate="coverage", verdict="unknown", measured="not known", limit="100%", needed=10, note="3 of 10 days", alone="pass"),
        GateResult(gate="missing", verdict="pass", measured="0", limit="0", needed=10, streak=7),
        GateResult(gate="rows", verdict="pass", measured="987654321", limit="1 on either side", needed=1, streak=30),
    )  # fmt: skip
    heat = Heat(
        down="store", columns=days, total=99_999, more_rows=160, more_columns=4,
        rows=tuple(HeatRow(name=str(n), cells=tuple(n * at % 7 and 4 ** (n * at % 8) for at in range(31)), rows=10 * n, gross="9999999.99")
                   for n in range(1, 26)),
    )  # fmt: skip
    trend = tuple(
        TrendDay(day=day, verdict=("pass", "fail", "unknown")[at % 3], ppm={"FIELD": at * 997, "MISSING_IN_NEW": 5 * (at % 4)},
                 red=("unexplained (severity money, store 17)",) if at % 3 else (), same_plan=at > 9)
        for at, day in enumerate(days)
    )  # fmt: skip
    bridge = Bridge(
        legacy="1234567890123.45", new=f"{Decimal('1234567890123.45') + net:f}", lines=lines, remainder="0.00"
    )
    busy = replace(told, gates=gates, heat=heat, trend=trend, bridge={"EUR": bridge, "GBP": bridge})
    return replace(made, command="parallel run", summary=replace(made.summary, parallel=busy))
