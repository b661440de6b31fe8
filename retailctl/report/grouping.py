"""What the renderers share: which findings count, in which order, and the totals that are never missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retailctl.errors import Location
from retailctl.model.finding import SEVERITIES, Finding, Severity, fingerprint
from retailctl.model.report import Report, Summary
from retailctl.model.rule import Rule
from retailctl.report.options import RenderOptions

RANK: dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
WORDS: dict[str, tuple[str, str]] = {
    "error": ("error", "errors"),
    "warn": ("warning", "warnings"),
    "info": ("info", "infos"),
    "hint": ("hint", "hints"),
}
_ONE = {"processes": "process", "capabilities": "capability"}
# Code hosts refuse a result without a file; a finding about the estate as a whole points at its settings.
NO_FILE = Location("retailctl.yaml", 1)


def is_open(finding: Finding) -> bool:
    """A failed finding that no baseline covers: what a reader has to act on."""
    return finding.verdict == "fail" and not finding.baselined


def is_unknown(finding: Finding) -> bool:
    """A verdict that could not be reached, and that no baseline covers."""
    return finding.verdict == "unknown" and not finding.baselined


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule; ``rule`` is None for findings of readers (INP...) that no pack declares."""

    id: str
    name: str
    severity: Severity
    rule: Rule | None
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """The normative sentence, or the name where no rule row exists."""
        return self.rule.title if self.rule else self.name

    @property
    def fix(self) -> str:
        """The fix that is said once per rule: the rule's own, else the first finding's."""
        if self.rule and self.rule.fix:
            return self.rule.fix
        return next((finding.fix for finding in self.findings if finding.fix), "")


def by_rule(report: Report, findings: Iterable[Finding]) -> list[Group]:
    """Findings grouped by rule: worst severity first, then rule id; inside a group the order stays."""
    rules = {rule.id: rule for rule in report.rules}
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.rule, []).append(finding)
    groups = [
        Group(
            id,
            rows[0].name,
            min((row.severity for row in rows), key=RANK.__getitem__),
            rules.get(id),
            tuple(rows),
        )
        for id, rows in grouped.items()
    ]
    return sorted(groups, key=lambda group: (RANK[group.severity], group.id))


def by_urgency(findings: Iterable[Finding]) -> list[Finding]:
    """Failures before unknowns, worst severity first; otherwise the report's order stays."""
    return sorted(findings, key=lambda finding: (finding.verdict != "fail", RANK[finding.severity]))


def label(rule: str, name: str) -> str:
    """Id and name of a rule; once where they are the same, as for changes of contracts."""
    return rule if name in ("", rule) else f"{rule} {name}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 error``, ``1,204 errors``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def severity_counts(report: Report) -> str:
    """``3 errors, 12 warnings, 5 unknown``: what did not pass, without the words that did not occur."""
    numbers = report.summary.by_severity
    parts = [count(numbers[key], *WORDS[key]) for key in SEVERITIES if numbers.get(key)] or ["nothing failed"]
    return ", ".join([*parts, f"{report.summary.unknown:,} unknown"] if report.summary.unknown else parts)


def subject_line(report: Report) -> str:
    """``reference-estate as of 2026-11-21``; two bare documents have no workspace to name."""
    return f"{report.workspace} as of {report.as_of}" if report.workspace else f"as of {report.as_of}"


def totals(report: Report) -> str:
    """The numbers that every report prints, zero or not, so that nothing is silent."""
    summary = report.summary
    skipped = f"{count(len(summary.skipped_rules), 'rule')} and {count(summary.skipped_files, 'file')}"
    return (
        f"{summary.unknown:,} unknown, {summary.waived:,} waived, {summary.baselined:,} baselined, "
        f"{summary.not_applicable:,} not applicable; skipped {skipped}"
    )


def place(finding: Finding) -> Location:
    """Where to look first; an empty location if the finding has none."""
    return finding.locations[0] if finding.locations else Location("")


def host_path(location: Location, options: RenderOptions) -> str:
    """The path from the repository root, as a code host wants it."""
    path = (location.path or NO_FILE.path).removeprefix("./")
    prefix = options.path_prefix.strip("/")
    return f"{prefix}/{path}" if prefix and prefix != "." else path


def identities(findings: Iterable[Finding]) -> Iterator[tuple[str, int, Finding]]:
    """Fingerprint, ordinal among equal fingerprints (from 1), and the finding."""
    seen: Counter[str] = Counter()
    for finding in findings:
        key = finding.fingerprint or fingerprint(finding.rule, finding.subject, place(finding).pointer)
        seen[key] += 1
        yield key, seen[key], finding


def amounts(summary: Summary) -> list[str]:
    """How much was judged: "25 systems", "1 interface"."""
    return [
        f"{number:,} {section if number != 1 else _ONE.get(section, section.removesuffix('s'))}"
        for section, number in summary.entities.items()
    ]
