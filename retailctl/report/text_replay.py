"""A replay as text: what was compared, what was not, how sure that makes one, and each route with its latencies."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.parallel_run import GateResult
from retailctl.model.replay_run import ReplayRun, RouteRun
from retailctl.model.report import Report
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions

_WORDS = {
    "EQUAL": "equal", "NOISE": "noise only", "ACCEPTED": "accepted", "MINOR": "minor",
    "MISSING_IN_NEW": "missing in new", "EXTRA_IN_NEW": "extra in new", "STATUS": "other status", "FIELD": "differ",
    "UNSURE": "not decided", "REJECTED": "not comparable",
}  # fmt: skip


def section(report: Report, options: RenderOptions) -> Iterator[Line]:
    """Nothing for a report that is not of a replay."""
    run = report.summary.replay
    if run is None:
        return
    yield Line("Replayed", "heading")
    told = f"{run.compared:,} of {count(run.requests, 'request')} compared: {classes(run.classes)}"
    yield from wrap(told, options.width, "  ", "")
    yield from wrap(sure(run), options.width, "  ", "dim")
    for gate in run.gates:
        if gate.verdict != "pass" or gate.needed > 1:
            yield Line(
                escape.clip(escape.terminal(f"  {gate.verdict:<8} {told_gate(gate)}"), LONGEST), _STYLES[gate.verdict]
            )
    shown = sorted(run.routes, key=lambda route: (route.verdict == "pass", route.route))[: options.per_rule]
    for route in shown:
        yield Line(escape.clip(escape.terminal(f"  {route.verdict:<8} {route.route}"), LONGEST), _STYLES[route.verdict])
        yield from wrap(f"{classes(route.classes)}; {latency(route)}", options.width, "           ", "dim")
        if route.noisy:
            noisy = f"noise in {', '.join(route.noisy)}"
            yield from wrap(noisy, options.width, "           ", "dim", foreign=True)
    if len(run.routes) > len(shown):
        yield Line(f"  … {count(len(run.routes) - len(shown), 'more route')} (use -f json)", "dim")
    yield Line()


def classes(numbers: dict[str, int]) -> str:
    """``380 equal, 12 noise only``; in words where there is nothing."""
    return ", ".join(f"{number:,} {_WORDS[name]}" for name, number in numbers.items()) or "nothing"


def latency(route: RouteRun) -> str:
    """Median and 95th percentile of both sides, apart from the verdict."""
    old, new = route.legacy, route.new
    return f"ms p50 {old.p50:g} -> {new.p50:g}, p95 {old.p95:g} -> {new.p95:g}"


def sure(run: ReplayRun) -> str:
    """How sure one can be: the rule of three where nothing differs, and how noise was learned."""
    asked = f"legacy was asked twice for {count(run.pairs, 'request')}" if run.pairs else "noise was not measured"
    if run.learned:
        known = f"noise is known from an earlier run, {run.learned}"
        asked = f"{asked}; {known}" if run.pairs else known
    if run.bound is None:
        return asked
    return f"no difference counts: with 95 % confidence at most {run.bound:.2%} of such requests differ unseen; {asked}"


def told_gate(gate: GateResult) -> str:
    """A gate in one line: what was measured against which limit, and since when."""
    row = f", {gate.streak} of {gate.needed} days in a row" if gate.verdict == "pass" else ""
    since = f", red since {gate.first_red}" if gate.first_red else ""
    note = f", {gate.note}" if gate.note else ""
    return f"gate {gate.gate}: {gate.measured}, limit {gate.limit}{row}{since}{note}"


_STYLES = {"fail": "error", "unknown": "unknown", "pass": "strong"}
