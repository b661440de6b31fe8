"""``parallel run``: a plan, its two sides, the verdict, and the evidence that a gate of a cutover accepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from retailctl import __version__
from retailctl.api.options import AuditOptions
from retailctl.api.parallel import words
from retailctl.api.parallel.evidence import Recorded, record, recorded_history
from retailctl.api.parallel.findings import Found, findings_of, gate_findings, rule_counts, summary_of
from retailctl.api.parallel.given import Given, given_plan
from retailctl.api.parallel.identity import Identity, identity_of, last_differing, run_folder
from retailctl.api.parallel.options import RunOptions
from retailctl.api.parallel.plans import find_plan
from retailctl.api.parallel.scratch import scratch_folder
from retailctl.api.session import Session, open_session
from retailctl.api.verdicts import summarise
from retailctl.model.parallel_run import ParallelSummary, RunVerdict
from retailctl.model.report import Report
from retailctl.parallel.columns import SIDES
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.judgement.accepting import JUDGED, Use, accept
from retailctl.parallel.judgement.bridge import bridges
from retailctl.parallel.judgement.clusters import clusters
from retailctl.parallel.judgement.figures import Measured, coverage
from retailctl.parallel.judgement.gates import gates_of, judged, seen, verdict_of, with_streaks
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.judgement.totals import control_totals
from retailctl.parallel.running import Ran, Setting, run_plan
from retailctl.parallel.samples import Masking
from retailctl.parallel.window import Days, Span, span_of
from retailctl.policy.order import settle
from retailctl.workspace.lock import workspace_lock
from retailctl.workspace.pseudonyms import pseudonyms

_EXIT: dict[RunVerdict, int] = {"pass": 0, "fail": 1, "unknown": 3}


def parallel_run(name: str, root: Path | None, audit: AuditOptions, options: RunOptions) -> Report:
    """Run a plan. The exit code is 0 for pass, 1 for fail, 3 for unknown.

    Raises ConfigError for a plan that is wrong, UsageError for one that is not there, IncompleteError for a source or
    engine that fails.
    """
    session = open_session(root, audit)
    path = find_plan(session, name)
    given = given_plan(session, path)
    plan = given.plan
    with (
        scratch_folder(options.scratch) as scratch,
        DuckEngine(scratch, memory=options.memory, threads=options.threads) as engine,
    ):
        names = Names(plan, engine.dialect)
        days = Days(ZoneInfo(names.zone), names.day_starts)
        span = span_of(plan, days, session.as_of, options.start, options.end)
        keys = pseudonyms(session.root)
        masking = Masking(
            frozenset(field.name for field in plan.fields if field.pii == "none"),
            keys.key,
            frozenset(field.name for field in plan.fields if field.pii == "drop"),
        )
        relations = given.relations(engine, session, options)
        identity = identity_of(session, path, relations, span, engine.version, keys.id, options)
        with run_folder(session.root, identity, scratch, durable=options.record) as folder:
            setting = Setting(
                scratch=scratch, folder=folder, masking=masking, differing=last_differing(session.root, identity)
            )
            ran = given.counted(run_plan(engine, engine, plan, relations, span, setting))
            told, findings, uses = _judged(
                ran, (relations["legacy"].label, relations["new"].label), masking, options.samples, session.as_of
            )
            told, findings = given.judged((told, findings), engine, span, masking, options.samples)
            recorded = _recorded(session, identity, ran, span, days)
            told = replace(told, gates=with_streaks(told.gates, *recorded_history(session.root, recorded)))
            verdict = verdict_of(told.gates)
            written: tuple[str, ...] = ()
            if options.record:
                with workspace_lock(
                    session.root, f"parallel run {recorded.plan}"
                ):  # the history is read and written as one
                    written = record(session.root, recorded, told, verdict)
            files = sum(len(relation.files) for relation in relations.values())
            report = _report(told, findings, verdict, path, session.as_of, written, ran, uses, files, given)
            folder.finish(differing=ran.classes.differing, verdict=verdict, evidence=recorded.name)
    return report


def _judged(
    ran: Ran, labels: tuple[str, str], masking: Masking, most: int, today: date
) -> tuple[ParallelSummary, list[Any], tuple[Use, ...]]:
    """The totals with bridge and gates, the findings, and what the accepted differences cover."""
    sides, side_names, local, names = ran.sides, ran.side_names, ran.local, ran.names
    found = Found(local, ran.table, names.shape, ran.classes, ran.read, masking.done(names.hidden), most)
    listed = list(findings_of(found))
    told = summary_of(found, labels, {"legacy": (), "new": ()}, listed)
    late = {name: [ran.by_class.get((name, side), 0) for side in SIDES] for name in ("PENDING", "BOUNDARY")}
    classes = {**told.classes, **{name: sum(counts) for name, counts in late.items()}}
    classes["EQUAL"] -= sum(counts[0] for counts in late.values())
    causes = clusters(sides, side_names, local, names, ran.table, masking)
    uses = accept(local, names, ran.table, causes, masking.done(names.hidden), today)
    bridge = bridges(sides, side_names, local, names, JUDGED)
    totals = control_totals(sides, side_names, masking)
    measured = Measured(
        local, names, JUDGED,
        rows={side: ran.read[side].rows for side in SIDES},
        rejected={side: sum(ran.read[side].rejected.values()) for side in SIDES},
        invalid=ran.classes.invalid, classes=classes, bridges=bridge, totals=totals,
        coverage=coverage(sides, side_names),
    )  # fmt: skip
    compared = {side: ran.read[side].rows - sum(ran.read[side].rejected.values()) for side in SIDES}
    gates = (*judged(measured, gates_of(names.plan)), seen(compared))
    ratio = measured.matched_ratio()
    told = replace(
        told, clusters=causes, classes=classes, bridge=bridge, gates=gates, totals=words.totals_rows(totals),
        engine=sides.version,
        values={
            "matched_ratio": "" if ratio is None else f"{ratio.quantize(Decimal('0.000001')):f}",
            "unexplained": str(measured.unexplained()),
            "coverage": "" if measured.coverage is None else f"{measured.coverage.quantize(Decimal('0.0001')):f}",
        },
    )  # fmt: skip
    return told, [finding for finding, _ in listed], uses


def _recorded(session: Session, identity: Identity, ran: Ran, span: Span, days: Days) -> Recorded:
    marks = [mark for mark in ran.horizon.watermarks.values() if mark is not None]
    end = span.end or (max(marks) if marks else None)
    last = days.day_of(end - timedelta(microseconds=1)) if end is not None else session.as_of
    return Recorded(identity, last.isoformat())


def _report(
    told: ParallelSummary,
    findings: list[Any],
    verdict: RunVerdict,
    path: str,
    as_of: date,
    written: tuple[str, ...],
    ran: Ran,
    uses: tuple[Use, ...],
    files: int,
    given: Given,
) -> Report:
    """Gates decide the verdict; the classes of differences behind them are told as warnings."""
    ordered = settle([*gate_findings(told.gates, path), *(replace(one, severity="warn") for one in findings)])
    rules = given.rules
    counts = rule_counts(rules, ordered)
    summary = summarise(
        ordered, counts, code=_EXIT[verdict], fail_on="error", files=files, skipped_files=0,
        skipped_rules=(), entities={},
    )  # fmt: skip
    return Report(
        command="parallel run",
        tool_version=__version__,
        as_of=as_of.isoformat(),
        workspace=path,
        summary=replace(summary, verdict=verdict, exit_code=_EXIT[verdict], parallel=told),
        findings=ordered,
        rules=rules,
        notices=(*_notices(ran), *given.notices(), *map(words.accepted, uses), *(f"wrote {name}" for name in written)),
    )


def _notices(ran: Ran) -> Iterator[str]:
    for side in SIDES:
        if ran.outside[side]:
            yield f"{ran.outside[side]:,} rows of the {side} side are outside the window, and not compared"
