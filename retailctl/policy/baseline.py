"""Baseline: known findings that do not fail the run. Shrinking is free, growing must be asked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from retailctl.errors import ConfigError, Location
from retailctl.model.finding import Finding
from retailctl.model.governance_files import BaselineFile
from retailctl.policy.governance_rules import STALE, governance_finding
from retailctl.policy.order import settle
from retailctl.policy.validation import Parsed, validate

SCHEMA = "retailctl.baseline/v1"
_NEVER = "WAV"


def load_baseline(parsed: Parsed) -> BaselineFile:
    """The baseline of a file, or a ConfigError with every mistake in it."""
    return validate(BaselineFile, parsed)


def apply_baseline(
    findings: Iterable[Finding], baseline: BaselineFile, path: str, judged: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """(findings with the known ones marked, WAV004 for entries that no longer occur).

    Only violations are marked: a known unknown may turn into a new violation. An entry is stale when its rule
    was judged and nothing with its fingerprint was found, waived or unknown included.
    """
    after = tuple(
        replace(finding, baselined=True) if _belongs(finding) and finding.fingerprint in baseline.findings else finding
        for finding in findings
    )
    found = {finding.fingerprint for finding in after}
    stale = []
    for fingerprint, text in sorted(baseline.findings.items()):
        if fingerprint not in found and text.partition(" ")[0] in judged:
            at = Location(path, pointer=f"/findings/{fingerprint}")
            stale.append(governance_finding(STALE, fingerprint, f"baseline entry {text} no longer occurs", at))
    return after, settle(stale)


def next_baseline(
    findings: Iterable[Finding], known: BaselineFile | None, as_of: date, *, update: bool = False
) -> BaselineFile:
    """The baseline of these findings. Entries that ``known`` does not have are refused without ``update``."""
    entries = {finding.fingerprint: f"{finding.rule} {finding.subject}" for finding in findings if _belongs(finding)}
    added = sorted(text for fingerprint, text in entries.items() if known and fingerprint not in known.findings)
    if added and not update:
        shown = ", ".join(added[:5]) + (f" and {len(added) - 5} more" if len(added) > 5 else "")
        raise ConfigError(
            f"the baseline would grow by {len(added)}: {shown}",
            hint="fix or waive the new findings, or pass --update to accept them",
        )
    return BaselineFile(schema="retailctl.baseline/v1", as_of=as_of, findings=dict(sorted(entries.items())))


def render_baseline(baseline: BaselineFile) -> str:
    """JSON with one finding per line in fingerprint order, so that two branches merge without conflict."""
    entries = ",\n".join(
        f"    {json.dumps(fingerprint)}: {json.dumps(text, ensure_ascii=False)}"
        for fingerprint, text in sorted(baseline.findings.items())
    )
    body = f"{{\n{entries}\n  }}" if entries else "{}"
    return f'{{\n  "schema": "{SCHEMA}",\n  "as_of": "{baseline.as_of.isoformat()}",\n  "findings": {body}\n}}\n'


def _belongs(finding: Finding) -> bool:
    return finding.verdict == "fail" and not finding.rule.startswith(_NEVER)
