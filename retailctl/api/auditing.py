"""``audit``: everything that can be judged now, one verdict; and what the other reports share with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from retailctl import __version__
from retailctl.api.governing import govern
from retailctl.api.inputs import INPUT_RULES, input_findings
from retailctl.api.loading import Loaded, load
from retailctl.api.memory import without_collection
from retailctl.api.options import AuditOptions
from retailctl.api.priorities import priorities
from retailctl.api.report_cache import ReportCache
from retailctl.api.session import Session, open_session
from retailctl.api.verdicts import exit_code, summarise
from retailctl.errors import IncompleteError, Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.graph.layout import layout
from retailctl.graph.plan_states import plan_states
from retailctl.model.estate import Estate
from retailctl.model.finding import Finding
from retailctl.model.inventory_file import KIND_OF_SECTION
from retailctl.model.picture import Picture
from retailctl.model.report import CoverageLine, Report, RuleCount
from retailctl.model.rule import Rule
from retailctl.policy.engine import Context, Evaluation, evaluate
from retailctl.policy.governance_rules import GOVERNANCE_RULES
from retailctl.policy.order import settle
from retailctl.policy.subjects import subjects_of


def audit(root: Path | None = None, options: AuditOptions | None = None) -> Report:
    """Judge the whole workspace. The exit code stands in ``report.summary.exit_code``.

    Raises RetailctlError for a workspace that is not there and for wrong settings, packs, waivers or baseline.
    """
    session = open_session(root, options or AuditOptions())
    kept = ReportCache(session, "audit")
    report = kept.get()
    if report is None:
        with without_collection():
            report = _audit(session)
        kept.put(report)
    return report


def _audit(session: Session) -> Report:
    rules = session.rules  # a wrong pack ends the run before anything large is read
    loaded = load(session)
    graph = EstateGraph(loaded.estate)
    evaluation = judge(session, loaded, graph)
    return make_report(session, loaded, graph, evaluation, command="audit", judged=[rule.id for rule in rules])


def judge(session: Session, loaded: Loaded, graph: EstateGraph, rules: tuple[Rule, ...] | None = None) -> Evaluation:
    """What the rules in force, or these of them, say of the estate, before waivers and baseline."""
    context = Context(as_of=session.as_of, estate=loaded.estate, graph=graph)
    return evaluate(session.rules if rules is None else rules, subjects_of(graph, facts(graph, session.as_of)), context)


def make_report(
    session: Session, loaded: Loaded, graph: EstateGraph, evaluation: Evaluation, *, command: str, judged: list[str]
) -> Report:
    """The report of a run: input findings beside those of the rules, governed, placed and counted."""
    raw = settle([*input_findings(loaded.problems), *evaluation.findings])
    governed = govern(raw, session, loaded, {*judged, *(rule.id for rule in INPUT_RULES)})
    findings = tuple(place(finding, session) for finding in governed.findings)
    code = exit_code(
        findings,
        session.fail_on,
        fail_on_unknown=bool(session.settings.fail_on_unknown),
        incomplete=bool(loaded.unreadable) and not session.options.allow_partial,
        broken_rules=bool(evaluation.rule_errors),
    )
    rows = (*(session.pack.rules[id_] for id_ in judged), *INPUT_RULES, *GOVERNANCE_RULES)
    return Report(
        command=command,
        tool_version=__version__,
        as_of=session.as_of.isoformat(),
        workspace=session.name,
        summary=summarise(
            findings,
            _counts(evaluation.counts, findings),
            code=code,
            fail_on=session.fail_on,
            files=sum(len(paths) for paths in session.files.by_kind.values()),
            skipped_files=len(session.files.skipped) + len(loaded.unreadable),
            skipped_rules=tuple(sorted(set(session.pack.rules) - set(judged))) if judged else (),
            entities={
                section: len(entries)
                for section, kind in KIND_OF_SECTION.items()
                if (entries := loaded.estate.of(kind))
            },
        ),
        findings=findings,
        rules=tuple(sorted(rows, key=lambda rule: rule.id)),
        priorities=priorities(findings, session.pack.rules, loaded.estate),
        coverage=coverage_lines(loaded.estate),
        notices=(*map(_one_line, loaded.unreadable), *map(str, evaluation.rule_errors), *_unused_packs(session)),
        picture=picture(graph, findings) if session.options.picture else None,
        runs=tuple(plan_states(loaded.estate.migration, session.as_of)),
    )


def _one_line(error: IncompleteError) -> str:
    """Place and reason; the hint would be a second line."""
    return f"{error.at}: {error.message}" if error.at else error.message


def _unused_packs(session: Session) -> list[str]:
    """Files that look like packs and that nothing names: their rules were not judged, and nobody would notice."""
    named = session.pack.name.split(" + ")
    return [f"{path} is not used: packs: does not name it" for path in session.files.of("policy") if path not in named]


def _counts(counts: Iterable[RuleCount], findings: Iterable[Finding]) -> list[RuleCount]:
    """The counts of the engine with what was waived taken out of fail and unknown; INP and WAV rules added."""
    seen: dict[str, Counter[str]] = {count.rule: Counter() for count in counts}
    for finding in findings:
        seen.setdefault(finding.rule, Counter())[finding.verdict] += 1
    passed = {count.rule: count.pass_ for count in counts}
    missing = {count.rule: count.missing for count in counts}
    return [
        RuleCount(
            rule=rule,
            pass_=passed.get(rule, 0),
            fail=tally["fail"],
            unknown=tally["unknown"],
            waived=tally["waived"],
            not_applicable=tally["not_applicable"],
            missing=missing.get(rule, ()),
        )
        for rule, tally in seen.items()
    ]


def place(finding: Finding, session: Session) -> Finding:
    """The finding with line and column at every place it shows."""
    find = session.documents.place

    def evident(location: Location | None) -> Location | None:
        return find(location) if location is not None else None

    locations = tuple(find(location) for location in finding.locations)
    if not finding.related and not finding.evidence:
        return replace(finding, locations=locations) if locations != finding.locations else finding
    return replace(
        finding,
        locations=locations,
        related=tuple(replace(one, location=evident(one.location)) for one in finding.related),
        evidence=tuple(replace(one, location=evident(one.location)) for one in finding.evidence),
    )


def coverage_lines(estate: Estate) -> tuple[CoverageLine, ...]:
    """The coverage statements as text."""
    lines = []
    for covered in estate.coverage:
        window = covered.coverage.window
        lines.append(
            CoverageLine(
                source=covered.coverage.source,
                scope=covered.coverage.scope or "not stated",
                start=str(window.start) if window else "",
                end=str(window.end) if window else "",
                path=covered.location.path,
            )
        )
    return tuple(lines)


def picture(graph: EstateGraph, findings: tuple[Finding, ...]) -> Picture:
    """The map, with the failed findings as marks on systems and interfaces."""
    worst: dict[str, str] = {}
    marks: dict[str, tuple[int, int]] = {}
    for finding in findings:
        if finding.verdict != "fail":
            continue
        if finding.subject in graph.interfaces:
            worst.setdefault(finding.subject, finding.severity)  # findings come worst first
        elif finding.subject in graph.systems:
            errors, warnings = marks.get(finding.subject, (0, 0))
            bad = finding.severity == "error"
            marks[finding.subject] = (errors + bad, warnings + (not bad))
    return layout(graph, marks, worst)
