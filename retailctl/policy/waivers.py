"""Waivers: findings that somebody accepted, until a date (conventions.md section 5).

A waiver that is blanket, undated, malformed, for an unknown rule or valid for longer than the policy allows
is a ConfigError (exit 2): guessing there would hide violations. What happens to a sound waiver over time is a
finding: WAV001 expired, WAV002 unused, WAV003 about to expire.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from retailctl.errors import Location
from retailctl.model.finding import Finding
from retailctl.model.governance_files import Waiver, WaiversFile
from retailctl.policy.governance_rules import EXPIRED, EXPIRING, UNUSED, governance_finding
from retailctl.policy.order import settle
from retailctl.policy.schema import did_you_mean
from retailctl.policy.validation import MOST_MISTAKES, Parsed, mistakes, validate

DEFAULT_MAX_DAYS: Final = 180
_SOON: Final = timedelta(days=14)
_WAIVABLE: Final = ("fail", "unknown")
_SET = re.compile(r"\[!?\]?[^\]]*\]")  # as fnmatch reads it: a bracket right after the opening one is a member
# Two names that share no two neighbouring characters: what fits both names nothing but single characters.
_ANY_NAME: Final = (
    "abcdefghijklmnopqrstuvwxyz0123456789-_.:",
    "zxvtrpnljhfdb9753108642_ywusqomkigeca:.-",
)


@dataclass(frozen=True, slots=True)
class PlacedWaiver:
    """A waiver and where it stands. ``id`` is its own, or the rule and subject that it covers."""

    waiver: Waiver
    at: Location

    @property
    def id(self) -> str:
        """By which findings and reports cite it."""
        return self.waiver.id or f"{self.waiver.rule}:{self.waiver.subject}"

    def covers(self, finding: Finding) -> bool:
        """Whether rule and subject fit; the subject is compared exactly before it is read as a glob."""
        if finding.rule != self.waiver.rule:
            return False
        subject = self.waiver.subject
        return finding.subject == subject or fnmatch.fnmatchcase(finding.subject, subject)


@dataclass(frozen=True, slots=True)
class WaiverResult:
    """The findings with their waivers, the WAV findings, and why each waiver in use was given."""

    findings: tuple[Finding, ...]
    about_waivers: tuple[Finding, ...]
    reasons: Mapping[str, str]


def load_waivers(
    parsed: Parsed, rule_ids: Collection[str], as_of: date, max_days: int = DEFAULT_MAX_DAYS
) -> tuple[PlacedWaiver, ...]:
    """The waivers of a file, or one ConfigError with every mistake in it."""
    waivers = validate(WaiversFile, parsed).waivers
    problems: list[tuple[Location | None, str]] = []
    seen: dict[str, int] = {}
    for number, waiver in enumerate(waivers):
        here = ("waivers", number)
        for field, problem in _problems(waiver, rule_ids, as_of, max_days):
            problems.append((parsed.locate((*here, field)), problem))
        if waiver.id is not None and seen.setdefault(waiver.id, number) != number:
            problems.append((parsed.locate((*here, "id")), f"waiver id {waiver.id!r} is used twice"))
        if len(problems) >= MOST_MISTAKES:
            break
    if problems:
        raise mistakes(problems)
    return tuple(PlacedWaiver(waiver, parsed.locate(("waivers", n))) for n, waiver in enumerate(waivers))


def apply_waivers(
    findings: Iterable[Finding], waivers: Sequence[PlacedWaiver], as_of: date, judged: Collection[str]
) -> WaiverResult:
    """Mark what is waived. ``judged`` are the rules that ran: a waiver for another rule is not called unused.

    Of several waivers in force the one that lasts longest is cited; all of them count as used.
    """
    before = tuple(findings)
    used: dict[int, str] = {}
    after = []
    for finding in before:
        covering = [n for n, waiver in enumerate(waivers) if finding.verdict in _WAIVABLE and waiver.covers(finding)]
        in_force = [n for n in covering if waivers[n].waiver.expires >= as_of]
        for n in in_force or covering:
            used[n] = "used"
        if not in_force:
            after.append(finding)
            continue
        best = max(in_force, key=lambda n: (waivers[n].waiver.expires, -n))
        after.append(replace(finding, verdict="waived", waiver=waivers[best].id))
    reasons = {waivers[n].id: waivers[n].waiver.reason for n in sorted(used)}
    about = (_about(waiver, n in used, as_of) for n, waiver in enumerate(waivers) if waiver.waiver.rule in judged)
    return WaiverResult(tuple(after), settle(finding for finding in about if finding), reasons)


def _about(placed: PlacedWaiver, used: bool, as_of: date) -> Finding | None:
    """What there is to say of one waiver. An expired one that a newer one replaces is only unused."""
    waiver = placed.waiver
    about = f"waiver {placed.id} for {waiver.rule} on {waiver.subject}"
    if not used:
        rule, message = UNUSED, f"{about} covers no finding"
    elif waiver.expires < as_of:
        rule, message = EXPIRED, f"{about} expired on {waiver.expires.isoformat()}; its findings count again"
    elif waiver.expires - as_of <= _SOON:
        days = (waiver.expires - as_of).days
        rule, message = EXPIRING, f"{about} ends on {waiver.expires.isoformat()}, in {days} days"
    else:
        return None
    return governance_finding(rule, placed.id, message, placed.at, owner=waiver.owner)


def _problems(waiver: Waiver, rule_ids: Collection[str], as_of: date, max_days: int) -> Iterator[tuple[str, str]]:
    if waiver.rule.startswith("WAV"):
        yield "rule", f"{waiver.rule} is about waivers and cannot be waived"
    elif waiver.rule not in rule_ids:
        yield "rule", f"unknown rule {waiver.rule!r}{did_you_mean(waiver.rule, rule_ids)}"
    if is_blanket(waiver.subject):
        yield "subject", f"subject {waiver.subject!r} covers everything; name what is accepted"
    for field, text in (
        ("reason", waiver.reason),
        ("owner", waiver.owner),
        ("approved-by", waiver.approved_by),
    ):
        if not text.strip():
            yield field, f"{field} is empty"
    days = (waiver.expires - as_of).days
    if days > max_days:
        yield (
            "expires",
            f"expires {waiver.expires.isoformat()} is {days} days away; at most {max_days} are allowed",
        )


def is_blanket(subject: str) -> bool:
    """Whether a subject is a glob that names nothing: ``*``, ``?*``, ``[!x]*``, ``if-*``, ``i[f]-*``, ``*e*``.

    Either nothing is left of it without its wildcards, or it fits any name, alone or as the id of an interface.
    """
    if not any(char in subject for char in "*?["):
        return False
    literal = _SET.sub("", subject).removeprefix("if-")
    if not any(char.isalnum() for char in literal):
        return True
    return any(all(fnmatch.fnmatchcase(start + name, subject) for name in _ANY_NAME) for start in ("", "if-"))
