"""``inventory odoo-impact``: what an upgrade of Odoo changes, held against what the estate uses of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from retailctl import __version__
from retailctl.api.inputs import INPUT_RULES, input_findings
from retailctl.api.loading import load
from retailctl.api.odoo_uses import uses_of
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, open_session
from retailctl.api.verdicts import exit_code, summarise
from retailctl.errors import IncompleteError, InputError, Location, UsageError
from retailctl.inventory.upgrade.addons_uses import addons_uses
from retailctl.inventory.upgrade.folder import Analyses, analyses, series
from retailctl.inventory.upgrade.impact import Impact, Step, Use, impacts
from retailctl.inventory.upgrade.rule_rows import RULES
from retailctl.model.finding import Evidence, Finding, fingerprint
from retailctl.model.report import Report, RuleCount
from retailctl.policy.order import settle

_UNKNOWN: Final = "UPG-06"


def odoo_impact(
    root: Path | None, folder: Path, start: str, end: str, options: AuditOptions, addons: Sequence[Path] = ()
) -> Report:
    """One finding per use that a step of the upgrade hits, with the place of the use and that of the change.

    ``addons`` are folders of own modules, whose source counts as well.

    Raises UsageError for versions that are none or in the wrong order, and for a folder without an analysis.
    """
    first, last = series("--from", start), series("--to", end)
    if first >= last:
        raise UsageError(f"--from {start} is not before --to {end}", hint="name the version you have, then the new one")
    if not folder.is_dir():
        raise UsageError(f"--analysis: {folder.as_posix()} is no folder", hint="name the folder of analysis files")
    session = open_session(root, options)
    found = analyses(folder, _shown(folder, session.root), first, last)
    loaded = load(session, for_rules=False)
    uses = uses_of(session, loaded)
    steps = [Step(version, changes) for version, changes in found.steps.items()]
    for one in _of_addons(addons, session, steps):
        if isinstance(one, Use):
            uses.append(one)
        elif isinstance(one, InputError):
            found.problems.append(one)
        else:
            found.unreadable.append(one)
    hits = list(impacts(uses, steps))
    findings = settle([*_once(map(_finding, hits)), *_missing(found, folder, session), *input_findings(found.problems)])
    return _report(session, findings, found, len(uses), [*found.unreadable, *loaded.unreadable], (start, end))


def _of_addons(
    addons: Sequence[Path], session: Session, steps: list[Step]
) -> Iterator[Use | InputError | IncompleteError]:
    """Uses in the source of own modules; a file without a name that some step hits is not parsed."""
    names = {name for step in steps for name in step.hitting()}
    for folder in addons:
        if not folder.is_dir():
            raise UsageError(f"--addons: {folder.as_posix()} is no folder", hint="name the folder of your modules")
        yield from addons_uses(folder, _shown(folder, session.root), names)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding per fingerprint: the further lines of the same module stand beside the first."""
    by_fingerprint: dict[str, list[Finding]] = {}
    for finding in findings:
        by_fingerprint.setdefault(finding.fingerprint, []).append(finding)
    for same in by_fingerprint.values():
        places = tuple(dict.fromkeys(place for finding in same for place in finding.locations))
        yield replace(same[0], locations=places)


def _finding(hit: Impact) -> Finding:
    rule = RULES[hit.rule]
    use = hit.use
    what = use.record or (f"{hit.model}.{hit.field}" if hit.field else hit.model)
    subject = f"{what} in {use.by}"
    return Finding(
        rule=rule.id,
        name=rule.name,
        verdict="fail",
        severity=rule.severity,
        subject=subject,
        message=f"{use.by} uses {what}: {_words(hit, what)}",
        fix=_fix(hit, rule.fix),
        locations=(use.at,),
        related=(Evidence(f"the analysis of {hit.version}.0: {hit.text}"[:300], hit.at),),
        evidence=tuple(Evidence(text) for text in (f"a person wrote: {hit.comment}",) if hit.comment),
        owner=use.owner,
        domain=use.domain,
        stage=rule.stage,
        # The way to the field is part of what is used: two ways to one field are two things to change.
        fingerprint=fingerprint(rule.id, subject, "/".join((str(hit.version), use.model, *hit.way))),
    )


def _words(hit: Impact, what: str) -> str:
    version, instead = f"{hit.version}.0", hit.instead
    if hit.rule == "UPG-01":
        return f"{version} no longer has it"
    if hit.rule == "UPG-02":
        return f"in {version} its type is {instead[0]}" if instead else f"its type changes in {version}"
    if hit.rule == "UPG-03" and not hit.alike:
        return f"{version} no longer has it; new fields of its type, none of a like name: {', '.join(instead)}"
    if hit.rule == "UPG-03":
        more = f"; other new fields of the type: {', '.join(instead[1:])}" if instead[1:] else ""
        sure = "renamed" if " renamed to " in f" {hit.text} " else "probably renamed"
        return f"{sure} to {instead[0]} in {version}{more}"
    if hit.rule == "UPG-04":
        return f"{version} calls the model {instead[0]}" if instead else f"{version} no longer has the model"
    if hit.rule == "UPG-07":
        return f"{version} deletes it"
    return f"{version} says {hit.text}"


def _fix(hit: Impact, otherwise: str) -> str:
    if hit.rule == "UPG-03" and not hit.alike:
        return f"Find out what holds the value in {hit.version}.0: a field of equal type, or nothing."
    if hit.rule == "UPG-03":
        return f"Check that {hit.instead[0]} holds the same value in {hit.version}.0, then use it in its place."
    return f"Use {hit.instead[0]} from {hit.version}.0 on." if hit.rule == "UPG-04" and hit.instead else otherwise


def _missing(found: Analyses, folder: Path, session: Session) -> Iterable[Finding]:
    rule = RULES[_UNKNOWN]
    place = _shown(folder, session.root).rstrip("/") or "."
    for version in found.missing:
        subject = f"upgrade to {version}.0"
        yield Finding(
            rule=rule.id,
            name=rule.name,
            verdict="unknown",
            severity=rule.severity,
            subject=subject,
            message=f"there is no analysis of {version}.0: what that step changes is not known",
            fix=rule.fix,
            locations=(Location(place),),
            stage=rule.stage,
            fingerprint=fingerprint(rule.id, subject),
        )


def _report(
    session: Session,
    findings: tuple[Finding, ...],
    found: Analyses,
    uses: int,
    unreadable: list[IncompleteError],
    versions: tuple[str, str],
) -> Report:
    # A step that nobody analysed is a source that could not be read: nothing found in it means nothing.
    incomplete = bool(found.missing or unreadable) and not session.options.allow_partial
    code = exit_code(
        findings,
        session.fail_on,
        fail_on_unknown=bool(session.settings.fail_on_unknown),
        incomplete=incomplete,
        broken_rules=False,
    )
    used = {finding.rule for finding in findings}
    rules = (*RULES.values(), *(rule for rule in INPUT_RULES if rule.id in used))
    changes = sum(len(step) for step in found.steps.values())
    notices = [
        f"{uses:,} uses of Odoo held against {changes:,} changes from {versions[0]} to {versions[1]}",
        *_unknown_lines(found),
        *(f"{path}: its version is not known; it was left out" for path in found.unversioned[:20]),
        *(f"{error.at}: {error.message}" for error in unreadable),
    ]
    return Report(
        command="inventory odoo-impact",
        tool_version=__version__,
        as_of=session.as_of.isoformat(),
        workspace=session.name,
        summary=summarise(
            findings,
            _counts(findings),
            code=code,
            fail_on=session.fail_on,
            files=found.files,
            skipped_files=len(found.unversioned) + len(unreadable),
            skipped_rules=(),
            entities={},
        ),
        findings=findings,
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        notices=tuple(notices),
    )


def _unknown_lines(found: Analyses) -> Iterable[str]:
    if found.unknown:
        count = len(found.unknown)
        noun = "line of the analyses has a form" if count == 1 else "lines of the analyses have a form"
        places = ", ".join(str(at) for at in found.unknown[:3])
        yield f"{count:,} {noun} that is not known, and nothing was held against it: {places}{' ...' * (count > 3)}"


def _counts(findings: tuple[Finding, ...]) -> list[RuleCount]:
    failed = Counter(finding.rule for finding in findings if finding.verdict == "fail")
    unknown = Counter(finding.rule for finding in findings if finding.verdict == "unknown")
    names = sorted({*RULES, *failed, *unknown})
    return [RuleCount(rule=name, fail=failed[name], unknown=unknown[name]) for name in names]


def _shown(folder: Path, root: Path) -> str:
    """What is put before the path of every analysis: relative to the workspace, else the name of the folder."""
    whole, base = folder.resolve(), root.resolve()
    if whole == base:
        return ""
    name = whole.relative_to(base).as_posix() if whole.is_relative_to(base) else whole.name
    return f"{name}/"
