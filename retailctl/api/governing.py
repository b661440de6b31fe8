"""What a team has accepted: waivers, inline comments and the baseline, laid over the findings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from retailctl.api.loading import Loaded
from retailctl.api.rule_names import KnownRules
from retailctl.api.session import Session, config_document, parsed
from retailctl.errors import ConfigError, Location
from retailctl.model.finding import Finding
from retailctl.policy.baseline import apply_baseline, load_baseline
from retailctl.policy.ignores import apply_ignores, scan_ignores
from retailctl.policy.order import settle
from retailctl.policy.waivers import PlacedWaiver, apply_waivers, load_waivers

BASELINE = "policies/baseline.json"


@dataclass(frozen=True, slots=True)
class Governed:
    """The findings after waivers and baseline, WAV findings included, and why each waiver in use was given."""

    findings: tuple[Finding, ...]
    reasons: dict[str, str]


def govern(findings: tuple[Finding, ...], session: Session, loaded: Loaded, judged: Collection[str]) -> Governed:
    """Lay waivers, inline comments and baseline over the findings, in this order.

    Raises ConfigError for a wrong waiver, comment or baseline: guessing there hides violations.
    """
    about: list[Finding] = []
    reasons: dict[str, str] = {}
    if not session.options.no_waivers:
        waived = apply_waivers(findings, waivers_of(session), session.as_of, judged)
        findings, reasons = waived.findings, dict(waived.reasons)
        about.extend(waived.about_waivers)
        ignores = {
            document.path: found
            for document in loaded.inventories
            if (text := document.load() if document.load else None)
            and (found := scan_ignores(document.path, text, session.pack.rules))
        }
        findings, unused = apply_ignores(findings, ignores, session.documents.place, judged)
        about.extend(unused)
        reasons.update({ignore.id: ignore.reason for by_line in ignores.values() for ignore in by_line.values()})
    path = baseline_path(session)
    if path is not None:
        baseline = load_baseline(parsed(config_document(session.documents, path)))
        findings, stale = apply_baseline(findings, baseline, path, judged)
        about.extend(stale)
    return Governed(settle([*findings, *about]), reasons)


def rule_ids(session: Session) -> KnownRules:
    """Ids that a waiver may name: every rule of the packs, every change of a contract, every row of lint."""
    return KnownRules(session.pack.rules)


def waivers_of(session: Session) -> tuple[PlacedWaiver, ...]:
    """All waivers of the workspace."""
    found: list[PlacedWaiver] = []
    for path in session.files.of("waivers"):
        document = parsed(config_document(session.documents, path))
        days = session.settings.waiver_max_days
        more = {"max_days": days} if days is not None else {}
        found.extend(load_waivers(document, rule_ids(session), session.as_of, **more))
    return tuple(found)


def baseline_path(session: Session) -> str | None:
    """The baseline in force, relative to the workspace; None when there is none. Raises ConfigError for a named file
    that is missing or outside."""
    named = session.options.baseline
    if named is None:
        return BASELINE if BASELINE in session.files.of("baseline") else None
    full = named if named.is_absolute() else (session.root / named if (session.root / named).exists() else named)
    try:
        relative = full.resolve().relative_to(session.root.resolve()).as_posix()
    except ValueError:
        raise ConfigError("the baseline lies outside the workspace", hint="keep it under policies/") from None
    if not full.exists():
        raise ConfigError("no such baseline", at=Location(relative), hint="retailctl baseline write makes one")
    return relative
