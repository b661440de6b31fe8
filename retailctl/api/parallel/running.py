"""``parallel run``: a plan, its two sides, the verdict, and the evidence that a gate of a cutover accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from retailctl import __version__
from retailctl.api.options import AuditOptions
from retailctl.api.parallel import pictures, words
from retailctl.api.parallel.evidence import Recorded, record
from retailctl.api.parallel.findings import Found, findings_of, gate_findings, rule_counts, summary_of
from retailctl.api.parallel.given import given_plan
from retailctl.api.parallel.identity import (
    Identity,
    Stamps,
    check_unchanged,
    identity_of,
    last_differing,
    run_folder,
    stamps,
)
from retailctl.api.parallel.options import RunOptions
from retailctl.api.parallel.past import Past, past_of
from retailctl.api.parallel.plans import find_plan
from retailctl.api.parallel.results import save
from retailctl.api.parallel.scratch import scratch_folder
from retailctl.api.session import Session, open_session
from retailctl.api.verdicts import summarise
from retailctl.errors import Location
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_run import ParallelSummary, RunVerdict
from retailctl.model.report import Report
from retailctl.model.rule import Rule
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.judgement.accepting import JUDGED, accept
from retailctl.parallel.judgement.bridge import bridges
from retailctl.parallel.judgement.clusters import clusters
from retailctl.parallel.judgement.figures import Measured, coverage
from retailctl.parallel.judgement.gates import gates_of, judged, seen, verdict_of
from retailctl.parallel.judgement.heat import heat
from retailctl.parallel.judgement.ledger import Ledger
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.judgement.totals import control_totals
from retailctl.parallel.plans.placing import Placed
from retailctl.parallel.running import Ran, Setting, run_plan
from retailctl.parallel.samples import Masking, rows_form, write_rows
from retailctl.parallel.sources import Relation
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
    if options.rows_file is not None:
        rows_form(options.rows_file)
    session = open_session(root, audit)
    path = find_plan(session, name)
    given = given_plan(session, path)
    plan = given.plan
    with (
        scratch_folder(options.scratch) as scratch,
        DuckEngine(scratch, memory=options.memory, threads=options.threads) as engine,
        given.placed(session, engine, scratch, options) as sides,
    ):
        job = _job(session, path, plan, sides, options)
        with run_folder(session.root, job.identity, scratch, durable=options.record) as folder:
            setting = Setting(
                scratch=scratch, folder=folder, masking=job.masking,
                differing=last_differing(session.root, job.identity),
            )  # fmt: skip
            ran = given.counted(run_plan(sides.engine, engine, plan, job.relations, job.span, setting))
            recorded = _recorded(session, job, ran)
            past = past_of(session.root, recorded, plan, job.span, job.days)
            past = replace(past, parts={**past.parts, **given.parts()})
            told, findings, ledger = _judged(ran, job, past, options.samples, session.as_of)
            told, findings = given.judged((told, findings), engine, job.span, job.masking, options.samples)
            check_unchanged(job.stamps, job.relations, folder)
            told = past.judged(told)
            told = replace(told, trend=pictures.trend(session.root, recorded, told, verdict_of(told.gates)))
            written: tuple[str, ...] = ()
            if options.record:
                # The history is read and written as one.
                with workspace_lock(session.root, f"parallel run {recorded.plan}"):
                    written = record(session.root, recorded, told, verdict_of(told.gates), past.line(ran, ledger))
            told_apart = (*_notices(ran), *given.notices(), *past.notices(ran, job.masking))
            notices = (*told_apart, *(f"wrote {name}" for name in written))
            report = _report(told, findings, job, session.as_of, notices, given.rules)
            save(report, folder.path)
            if options.rows_file is not None:
                shown = job.masking.done(ran.names.hidden)
                write_rows(ran.local, ran.table, ran.names.shape, options.rows_file, shown)
            folder.finish(
                differing=ran.classes.differing, verdict=verdict_of(told.gates), evidence=recorded.name
            )  # fmt: skip
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What a run is to do: its plan, the window as moments and days, both sides opened, and who it is."""

    plan: TablePlan
    days: Days
    span: Span
    masking: Masking
    relations: Mapping[Side, Relation]
    stamps: Stamps
    identity: Identity

    @property
    def labels(self) -> tuple[str, str]:
        """The sides for people."""
        return self.relations["legacy"].label, self.relations["new"].label


def _job(session: Session, path: str, plan: TablePlan, sides: Placed, options: RunOptions) -> _Job:
    names = Names(plan, sides.engine.dialect)
    days = Days(ZoneInfo(names.zone), names.day_starts)
    span = span_of(plan, days, session.as_of, options.start, options.end)
    keys = pseudonyms(session.root)
    marked = {pii: frozenset(field.name for field in plan.fields if field.pii == pii) for pii in ("none", "drop")}
    before = stamps(sides.relations)
    identity = identity_of(session, path, sides.relations, span, sides.engine.version, keys.id, options)
    masking = Masking(marked["none"], keys.key, marked["drop"])
    return _Job(
        plan=plan, days=days, span=span, masking=masking, relations=sides.relations, stamps=before, identity=identity
    )


def _judged(
    ran: Ran, job: _Job, past: Past, most: int, today: date
) -> tuple[ParallelSummary, list[Any], Ledger | None]:
    """The totals with bridge and gates, the findings, and what is pending."""
    sides, side_names, local, names, masking = ran.sides, ran.side_names, ran.local, ran.names, job.masking
    found = Found(local, ran.table, names.shape, ran.classes, ran.read, masking.done(names.hidden), most)
    listed = list(findings_of(found))
    told = summary_of(found, job.labels, {"legacy": (), "new": ()}, listed)
    apart = ("PENDING", "BOUNDARY", *ran.classes.relabelled)
    alone = {name: [ran.by_class.get((name, side), 0) for side in SIDES] for name in apart}
    classes = {**told.classes, **{name: sum(counts) for name, counts in alone.items()}}
    classes["EQUAL"] -= sum(counts[0] for counts in alone.values())
    causes = clusters(sides, side_names, local, names, ran.table, masking)
    uses = accept(local, names, ran.table, causes, masking.done(names.hidden), today)
    bridge = bridges(sides, side_names, local, names, JUDGED)
    totals = control_totals(sides, side_names, masking)
    covered = coverage(sides, side_names)
    # What depends on the history is asked last: all answers before it are those of any run over the same rows.
    late, ledger = past.late(ran, masking, job.span)
    measured = Measured(
        local, names, JUDGED,
        rows={side: ran.read[side].rows for side in SIDES},
        rejected={side: sum(ran.read[side].rejected.values()) for side in SIDES},
        invalid=ran.classes.invalid, classes=classes, bridges=bridge, totals=totals,
        coverage=covered, late=late,
    )  # fmt: skip
    compared = {side: ran.read[side].rows - sum(ran.read[side].rejected.values()) for side in SIDES}
    gates = (*judged(measured, gates_of(names.plan)), seen(compared))
    ratio = measured.matched_ratio()
    told = replace(
        told, clusters=causes, classes={**classes, **late.classes()}, late=late.told() if ledger else None,
        bridge=bridge, gates=gates, totals=words.totals_rows(totals),
        heat=heat(local, names, JUDGED, masking.done(names.hidden)), accepted=pictures.accepted(uses),
        engine=sides.version,
        values={
            "matched_ratio": "" if ratio is None else f"{ratio.quantize(Decimal('0.000001')):f}",
            "unexplained": str(measured.unexplained()),
            "coverage": "" if measured.coverage is None else f"{measured.coverage.quantize(Decimal('0.0001')):f}",
        },
    )  # fmt: skip
    return told, [finding for finding, _ in listed], ledger


def _recorded(session: Session, job: _Job, ran: Ran) -> Recorded:
    marks = [mark for mark in ran.horizon.watermarks.values() if mark is not None]
    end = job.span.end or (max(marks) if marks else None)
    last = job.days.day_of(end - timedelta(microseconds=1)) if end is not None else session.as_of
    return Recorded(job.identity, last.isoformat())


def _report(
    told: ParallelSummary,
    findings: list[Any],
    job: _Job,
    as_of: date,
    notices: tuple[str, ...],
    rules: tuple[Rule, ...],
) -> Report:
    """Gates decide the verdict; the classes of differences behind them are told as warnings."""
    verdict, path = verdict_of(told.gates), job.identity.path
    of_plan = (replace(one, severity="warn", locations=(Location(path),)) for one in findings)
    ordered = settle([*gate_findings(told.gates, path), *of_plan])
    counts = rule_counts(rules, ordered)
    summary = summarise(
        ordered, counts, code=_EXIT[verdict], fail_on="error", files=len(job.stamps), skipped_files=0,
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
        notices=notices,
    )


def _notices(ran: Ran) -> Iterator[str]:
    for side in SIDES:
        if ran.outside[side]:
            yield f"{ran.outside[side]:,} rows of the {side} side are outside the window, and not compared"
