"""``contract check``: every contract of the workspace against what was promised before: the gate of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from retailctl.api.contracts.comparing import (
    Compared,
    content_of,
    declared_bump,
    highest,
    levels_of,
    reference_problems,
    together,
)
from retailctl.api.contracts.estate import (
    Workspace,
    about_in,
    governed_report,
    open_workspace,
)
from retailctl.api.contracts.findings import About, findings_of
from retailctl.api.contracts.lifecycle import lifecycle_findings
from retailctl.api.contracts.opened import Opened
from retailctl.api.contracts.options import ContractOptions, today
from retailctl.api.contracts.pairs import DocumentPair, Run, document_pairs, plain_version
from retailctl.api.contracts.remote import remote_documents
from retailctl.api.contracts.sets import out_of_step, sets_of
from retailctl.api.contracts.sources import Source, require_same_kind
from retailctl.api.memory import without_collection
from retailctl.contracts.api.model import EVENTS
from retailctl.contracts.compatibility.growth import Shared, document_growth, is_remark
from retailctl.contracts.compatibility.modes import DEFAULT, asked
from retailctl.contracts.compatibility.outline import Growth
from retailctl.contracts.events.grown import grown_changes
from retailctl.contracts.rules.levels import Levels
from retailctl.errors import IncompleteError, InputError
from retailctl.model.contract_change import Bump, ComparedContract, ContractVerdict
from retailctl.model.finding import Finding, Severity
from retailctl.model.report import Report

_ORDER: Final[tuple[Bump, ...]] = ("none", "patch", "minor", "major")


def contract_check(root: Path | None, options: ContractOptions, *, command: str = "contract check") -> Report:
    """Compare every contract of APIs and events with its earlier version, with a version, or with a revision of git.

    Raises UsageError for an ``against`` that is neither, or for a contract that is not there.
    """
    with ExitStack() as stack, without_collection():
        workspace = open_workspace(root, options)
        levels = levels_of(options, workspace.session)
        run = Run(levels=levels, remote=remote_documents(options, workspace.session.effective.limits))
        opened = Opened(run.remote)
        for pair in document_pairs(workspace, options, run, stack):
            _compare(pair, workspace, options, levels, run, opened)
        run.moved |= {one.contract for one in run.contracts if one.required_bump != "none"}
        mapped = _map(workspace, options, levels, run, stack) if workspace.session.files.of("map") else {}
        run.findings.extend(out_of_step(workspace, run.contracts, run.moved, levels, mapped))
        findings, notices = lifecycle_findings(workspace, levels, today(options), options.contracts)
        run.findings.extend(findings)
        run.notices.extend(notices)
        verdict = ContractVerdict(
            compatible=together(one.compatible for one in run.contracts),
            required_bump=highest(one.required_bump for one in run.contracts),
            declared_bump=run.contracts[0].declared_bump if len(run.contracts) == 1 else None,
            base=options.against or "",
            contracts=tuple(sorted(run.contracts, key=lambda one: (one.contract, one.base, one.revision))),
            sets=sets_of(workspace, run.contracts),
        )
        return governed_report(
            workspace.session, workspace.loaded, run.findings, command, options, verdict, run.problems,
            files=len(run.contracts), unreadable=run.unreadable, notices=run.notices,
            complete=not options.contracts and not options.against,
        )  # fmt: skip


def _map(
    workspace: Workspace, options: ContractOptions, levels: Levels, run: Run, stack: ExitStack
) -> Mapping[str, frozenset[str]]:
    """The maps of the workspace held against their members; set -> the contracts whose fields are mapped."""
    from retailctl.api.contracts.map_findings import map_findings
    from retailctl.api.contracts.maps import read_maps

    maps = read_maps(workspace, stack, options.against, run.remote)
    run.findings.extend(map_findings(maps, workspace, levels, options.contracts))
    met = {one.at for one in run.problems}
    run.problems.extend(problem for problem in maps.problems if problem.at not in met)
    run.unreadable.extend(maps.unreadable)
    return maps.mapped


def _compare(
    pair: DocumentPair, workspace: Workspace, options: ContractOptions, levels: Levels, run: Run, opened: Opened
) -> None:
    try:
        old = opened.source(pair.contract, pair.read_old, pair.old, pair.base)
        new = opened.source(pair.contract, pair.read_new, pair.new, pair.revision)
        require_same_kind(old, new)
    except InputError as error:
        if error.at is None or not any(known.at == error.at for known in run.problems):
            run.problems.append(error)
        return
    except IncompleteError as error:
        run.unreadable.append(error)
        return
    promised = opened.promised(pair, workspace, options)
    grown = _grown(old, new, promised, levels, opened.shared)
    if grown == "none" or (grown is not None and pair.is_far):
        if not pair.is_far:  # each version is in a pair with the one beside it
            _note(run, [*reference_problems(old.library), *reference_problems(new.library)])
        run.contracts.append(_grown_row(pair, promised, grown, _declared(pair, old, new)))
        return
    # Whoever is on the new version of an API is not broken by it; of messages each side may meet those of the other.
    paths = (pair.old,) if new.api.family not in EVENTS else tuple(dict.fromkeys((pair.old, pair.new)))
    about = about_in(workspace, About(old, new, contract=pair.contract, paths=paths))
    if grown is not None and (added := grown_changes(old.api, new.api, promised.category)):
        run.findings.extend(findings_of(added, about))
        _note(run, [*reference_problems(old.library), *reference_problems(new.library)])
        run.contracts.append(_grown_row(pair, promised, grown, _declared(pair, old, new)))
        return
    compared = opened.compared(pair, about, promised, levels)
    declared = _declared(pair, old, new)
    findings = compared.findings
    covered = declared is not None and _ORDER.index(declared) >= _ORDER.index(compared.judgement.required_bump)
    # A mode is a promise about every version: what it rules out no number announces.
    announced = covered and not pair.in_place and compared.judgement.mode is None and not compared.invalid
    if announced:
        findings = [_announced(finding, pair) for finding in findings if not finding.rule.startswith("api-version")]
    # The remarks are told of the version that they came with.
    run.findings.extend(finding for finding in findings if finding.severity != "info" or not pair.is_far)
    _note(run, compared.problems)
    run.contracts.append(_row(pair, compared, declared, announced, old))


def _row(pair: DocumentPair, compared: Compared, declared: Bump | None, covered: bool, old: Source) -> ComparedContract:
    judgement = compared.judgement
    return ComparedContract(
        contract=pair.contract,
        base=pair.base,
        revision=pair.revision,
        path=pair.new,
        compatible=True if covered else judgement.compatible,
        required_bump=judgement.required_bump,
        declared_bump=declared,
        breaking=sum(one.level == "ERR" and one.verdict == "fail" for one in judgement.changes),
        unknown=sum(one.verdict == "unknown" for one in judgement.changes),
        mode=judgement.mode,
    )


def _grown(old: Source, new: Source, options: ContractOptions, levels: Levels, shared: Shared) -> Growth | None:
    """How the new version goes beyond the old one; None where that takes a comparison."""
    if new.api.family not in EVENTS or not is_remark(new.api, levels, options.category):
        return None
    return document_growth(old.api, new.api, asked(options.mode or DEFAULT), content=content_of(options), shared=shared)


def _note(run: Run, problems: Iterable[InputError]) -> None:
    for problem in problems:
        if problem.at not in {one.at for one in run.problems}:
            run.problems.append(problem)


def _grown_row(
    pair: DocumentPair, options: ContractOptions, grown: Growth, declared: Bump | None
) -> ComparedContract:  # fmt: skip
    return ComparedContract(
        contract=pair.contract, base=pair.base, revision=pair.revision, path=pair.new, compatible=True,
        required_bump="none" if grown == "none" else "minor", declared_bump=declared,
        mode=options.mode or DEFAULT,
    )  # fmt: skip


def _announced(finding: Finding, pair: DocumentPair) -> Finding:
    """A break that a new major version announces: a warning while somebody is still on the old one, else a remark."""
    if finding.severity != "error" or finding.change is None:
        return finding
    waiting = [one for one in finding.change.consumers if one.uses != "no"]
    note = f"announced by version {pair.revision}"
    if finding.change.consumers_known:
        note += f"; {len(waiting)} still on {pair.base}" if waiting else f"; nobody is on {pair.base} any more"
    severity: Severity = "warn" if waiting or not finding.change.consumers_known else "info"
    return replace(finding, severity=severity, change=replace(finding.change, note=note))


def _declared(pair: DocumentPair, old: Source, new: Source) -> Bump | None:
    if pair.in_place:
        return declared_bump(old.api.info_version, new.api.info_version)
    return declared_bump(plain_version(pair.base), plain_version(pair.revision))
