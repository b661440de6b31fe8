"""Inline waivers: ``# retailctl: ignore[SEC-01] reason`` on the line of a finding, or of its entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from retailctl.errors import Location
from retailctl.model.finding import Finding
from retailctl.policy.governance_rules import UNUSED, governance_finding
from retailctl.policy.order import settle
from retailctl.policy.schema import did_you_mean
from retailctl.policy.validation import mistakes

_COMMENT = re.compile(r"(^|\s)#\s*retailctl:\s*ignore\b(?:\[([^\]]*)\])?[ \t]*(.*)$")


@dataclass(frozen=True, slots=True)
class Ignore:
    """An inline comment: the rules that it names, why, where it stands, and the line that it speaks of."""

    rules: tuple[str, ...]
    reason: str
    at: Location
    line: int

    @property
    def id(self) -> str:
        """By which findings and reports cite it."""
        return f"inline:{self.at.path}:{self.at.line}"


Ignores = Mapping[str, Mapping[int, Ignore]]
"""Path -> line -> the comment that speaks of it."""


def scan_ignores(path: str, text: str, rule_ids: Collection[str]) -> dict[int, Ignore]:
    """The ignore comments of one file by the line they speak of: their own, or the next with content.

    A comment without rules or without a reason, or for an unknown rule, is a ConfigError.
    """
    if "retailctl:" not in text:
        return {}
    found: dict[int, Ignore] = {}
    problems: list[tuple[Location | None, str]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        match = _COMMENT.search(line)
        if match is None:
            continue
        at = Location(path, number, match.start() + len(match[1]) + 1)
        rules = tuple(rule.strip() for rule in (match[2] or "").split(",") if rule.strip())
        problems.extend((at, problem) for problem in _problems(rules, match[3].strip(), rule_ids))
        spoken_of = _next_content(lines, number) if line.lstrip().startswith("#") else number
        found[spoken_of] = Ignore(rules, match[3].strip(), at, spoken_of)
    if problems:
        raise mistakes(problems)
    return found


def apply_ignores(
    findings: Iterable[Finding],
    ignores: Ignores,
    locate: Callable[[Location], Location],
    judged: Collection[str],
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """(findings with the waived ones marked, WAV002 for comments that cover nothing).

    ``locate`` fills in the line of a location that has path and pointer; it is asked only for files with
    comments.
    """
    used: set[str] = set()
    after = []
    for finding in findings:
        ignore = _covering(finding, ignores, locate) if finding.verdict in ("fail", "unknown") else None
        if ignore is not None:
            used.add(ignore.id)
        after.append(replace(finding, verdict="waived", waiver=ignore.id) if ignore is not None else finding)
    unused = [
        governance_finding(
            UNUSED, ignore.id, f"the comment ignores {', '.join(ignore.rules)} and covers nothing", ignore.at
        )
        for by_line in ignores.values()
        for ignore in by_line.values()
        if ignore.id not in used and any(rule in judged for rule in ignore.rules)
    ]
    return tuple(after), settle(unused)


def _covering(finding: Finding, ignores: Ignores, locate: Callable[[Location], Location]) -> Ignore | None:
    for place in finding.locations:
        by_line = ignores.get(place.path)
        if not by_line:
            continue
        for line in {_line(place, locate), _line(_entry(place), locate)} - {0}:
            ignore = by_line.get(line)
            if ignore is not None and finding.rule in ignore.rules:
                return ignore
    return None


def _line(place: Location, locate: Callable[[Location], Location]) -> int:
    return place.line or locate(place).line


def _entry(place: Location) -> Location:
    """The entry that a place is in: the first two steps of its pointer (``/interfaces/3``)."""
    return Location(place.path, pointer="/".join(place.pointer.split("/")[:3]))


def _next_content(lines: list[str], number: int) -> int:
    """The next line that is neither blank nor a comment; the comment's own line at the end of the file."""
    for following in range(number, len(lines)):
        text = lines[following].strip()
        if text and not text.startswith("#"):
            return following + 1
    return number


def _problems(rules: tuple[str, ...], reason: str, rule_ids: Collection[str]) -> list[str]:
    problems = []
    if not rules:
        problems.append("an ignore comment names its rules: # retailctl: ignore[SEC-01] reason")
    if not reason:
        problems.append("an ignore comment needs a reason after the bracket")
    problems.extend(f"unknown rule {rule!r}{did_you_mean(rule, rule_ids)}" for rule in rules if rule not in rule_ids)
    return problems
