"""``audit``: everything that can be judged now, one verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from retailctl import __version__
from retailctl.api.inputs import input_findings
from retailctl.api.loading import Loaded, load
from retailctl.api.options import AuditOptions
from retailctl.api.priorities import priorities
from retailctl.api.session import Session, open_session
from retailctl.api.verdicts import exit_code, summarise
from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.graph.layout import layout
from retailctl.model.estate import Estate
from retailctl.model.finding import Finding
from retailctl.model.picture import Picture
from retailctl.model.report import CoverageLine, Report
from retailctl.policy.engine import Context, Evaluation, evaluate
from retailctl.policy.subjects import subjects_of
from retailctl.api._rows import input_rules, waiver_rules
from retailctl.policy.findings import settle


def audit(root: Path | None = None, options: AuditOptions | None = None) -> Report:
    """Judge the whole workspace. The exit code stands in ``report.summary.exit_code``.

    Raises RetailctlError for a workspace that is not there and for wrong settings, packs, waivers or baseline.
    """
    session = open_session(root, options or AuditOptions())
    loaded = load(session.root, session.files, session.documents)
    graph = EstateGraph(loaded.estate)
    evaluation = evaluate(
        session.rules,
        subjects_of(graph, facts(graph, session.as_of)),
        Context(as_of=session.as_of, estate=loaded.estate, graph=graph),
    )
    return _report(session, loaded, graph, evaluation)


def _report(session: Session, loaded: Loaded, graph: EstateGraph, evaluation: Evaluation) -> Report:
    inputs = {rule.id: rule for rule in input_rules()}
    findings = settle([*input_findings(loaded.problems, inputs), *evaluation.findings])
    findings = tuple(place(finding, session) for finding in findings)
    fail_on = session.options.fail_on or session.settings.fail_on or "error"
    code = exit_code(
        findings,
        fail_on,  # type: ignore[arg-type]
        fail_on_unknown=bool(session.options.fail_on_unknown or session.settings.fail_on_unknown),
        incomplete=bool(loaded.unreadable) and not session.options.allow_partial,
        broken_rules=bool(evaluation.rule_errors),
    )
    rules = tuple(sorted((*session.rules, *inputs.values(), *waiver_rules()), key=lambda rule: rule.id))
    return Report(
        command="audit",
        tool_version=__version__,
        as_of=session.as_of.isoformat(),
        workspace=session.name,
        summary=summarise(
            findings,
            evaluation.counts,
            code=code,
            fail_on=fail_on,  # type: ignore[arg-type]
            files=len(session.files.of("inventory")),
            skipped_files=len(session.files.skipped),
            skipped_rules=tuple(sorted(set(session.pack.rules) - {rule.id for rule in session.rules})),
            entities={kind: len(entries) for kind, entries in loaded.estate.entries.items()},
        ),
        findings=findings,
        rules=rules,
        priorities=priorities(findings, session.pack.rules, loaded.estate),
        coverage=coverage_lines(loaded.estate),
        notices=tuple(str(error) for error in (*loaded.unreadable, *evaluation.rule_errors)),
        picture=picture(graph, findings) if session.options.picture else None,
    )


def place(finding: Finding, session: Session) -> Finding:
    """The finding with line and column at every place it shows."""
    find = session.documents.place

    def evident(location: Location | None) -> Location | None:
        return find(location) if location is not None else None

    return replace(
        finding,
        locations=tuple(find(location) for location in finding.locations),
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
