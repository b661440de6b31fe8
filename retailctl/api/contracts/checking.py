"""``contract check``: every contract of the workspace against what was promised before: the gate of a pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from retailctl.api.contracts.comparing import (
    Compared,
    compare_sources,
    declared_bump,
    highest,
    levels_of,
    today,
    together,
)
from retailctl.api.contracts.estate import Workspace, about_in, governed_report, open_workspace, promise_of
from retailctl.api.contracts.findings import About
from retailctl.api.contracts.lifecycle import lifecycle_findings
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.remote import RemoteDocuments, remote_documents
from retailctl.api.contracts.removed import document_removed
from retailctl.api.contracts.sets import out_of_step, sets_of, with_two_versions
from retailctl.api.contracts.sources import Read, Source, open_source, require_same_kind
from retailctl.api.memory import without_collection
from retailctl.contracts.rules.levels import Levels
from retailctl.errors import IncompleteError, InputError, UsageError
from retailctl.graph.contract_facts import versions_in_order
from retailctl.model.contract_change import Bump, ComparedContract, ContractVerdict
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.contract_file import ContractFile
from retailctl.model.finding import Finding, Severity
from retailctl.model.report import Report
from retailctl.workspace.document import Document
from retailctl.workspace.revisions import RevisionTree, open_revision

_VERSION: Final = re.compile(r"v?\d+(?:\.\d+)*")
_ORDER: Final[tuple[Bump, ...]] = ("none", "patch", "minor", "major")


@dataclass(slots=True)
class _Run:
    findings: list[Finding] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)
    contracts: list[ComparedContract] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    levels: Levels = field(default_factory=Levels)
    remote: RemoteDocuments | None = None


def contract_check(root: Path | None, options: ContractOptions, *, command: str = "contract check") -> Report:
    """Compare every API contract with its earlier version, with a version, or with a revision of git.

    Raises UsageError for an ``against`` that is neither, or for a contract that is not there.
    """
    with ExitStack() as stack, without_collection():
        workspace = open_workspace(root, options)
        session = workspace.session
        run = _Run(
            levels=levels_of(options, session), remote=remote_documents(options, session.effective.limits)
        )  # fmt: skip
        for pair in _pairs(workspace, options, run, stack):
            _compare(pair, workspace, options, run)
        run.moved |= {one.contract for one in run.contracts if one.required_bump != "none"}
        run.findings.extend(out_of_step(workspace, run.contracts, run.moved, run.levels))
        findings, notices = lifecycle_findings(workspace, run.levels, today(options), options.contracts)
        run.findings.extend(findings)
        run.notices.extend(notices)
        verdict = ContractVerdict(
            compatible=together(one.compatible for one in run.contracts),
            required_bump=highest(one.required_bump for one in run.contracts),
            base=options.against or "",
            contracts=tuple(sorted(run.contracts, key=lambda one: (one.contract, one.base, one.revision))),
            sets=sets_of(workspace, run.contracts),
        )
        return governed_report(
            session, workspace.loaded, run.findings, command, options, verdict, run.problems,
            files=len(run.contracts), unreadable=run.unreadable, notices=run.notices,
            complete=not options.contracts and not options.against,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two documents of one contract. ``in_place`` is True for one path at two revisions."""

    contract: str
    base: str
    revision: str
    old: str
    new: str
    read_old: Read
    read_new: Read
    in_place: bool = False


def _pairs(workspace: Workspace, options: ContractOptions, run: _Run, stack: ExitStack) -> Iterator[_Pair]:
    documents = workspace.loaded.estate.documents
    known = {one.contract for one in documents.values()}
    for name in options.contracts:
        if name not in known:
            raise UsageError(f"no contract {name!r}", hint="`retailctl contract list` shows them")
    wanted = {
        path: one
        for path, one in documents.items()
        if not options.contracts or one.contract in options.contracts
    }  # fmt: skip
    lines = list(versions_in_order(wanted).values())
    against = options.against
    if against is None or _is_version(against, lines):
        run.moved |= with_two_versions(documents.values())
        yield from _between_versions(workspace, lines, against)
    else:
        tree = stack.enter_context(open_revision(workspace.session.root, against))
        yield from _against_revision(workspace, wanted, tree, options, run)


def _between_versions(
    workspace: Workspace, lines: list[list[ContractDocument]], against: str | None
) -> Iterator[_Pair]:
    def read(path: str) -> Document:
        return workspace.session.documents.read(path, owned=False)

    for line in lines:
        for before, after in _steps(line, against, _is_transitive(workspace, line[0].path)):
            yield _Pair(before.contract, before.version or "", after.version or "", before.path, after.path, read, read)


def _against_revision(
    workspace: Workspace,
    now: dict[str, ContractDocument],
    tree: RevisionTree,
    options: ContractOptions,
    run: _Run,
) -> Iterator[_Pair]:
    against = options.against or ""

    def read(path: str) -> Document:
        return workspace.session.documents.read(path, owned=False)

    def read_then(path: str) -> Document:
        return tree.document(path, workspace.session.effective.limits, owned=False)

    then = [path for path in _contract_files(tree) if not options.contracts or _id_of(path) in options.contracts]
    if not then:
        run.notices.append(f"no contracts at {tree.revision}: everything is new")
    for path in then:
        if path not in now:
            run.findings.extend(document_removed(path, read_then, against, workspace, run.levels, run.remote))
        elif now[path].is_api:
            yield _Pair(now[path].contract, against, "here", path, path, read_then, read, in_place=True)
        elif _differs(path, read_then, read):
            run.moved.add(now[path].contract)
    fresh = sorted(set(now) - set(then))
    run.moved.update(now[path].contract for path in fresh)
    if fresh and then:
        run.notices.append(f"{len(fresh)} documents are new since {against}: nothing to compare them with")


def _differs(path: str, read_then: Read, read: Read) -> bool:
    """Whether a document that is no API says something else than before; what cannot be read may."""
    try:
        return bool(read_then(path).data != read(path).data)
    except (InputError, IncompleteError):
        return True


def _compare(pair: _Pair, workspace: Workspace, options: ContractOptions, run: _Run) -> None:
    try:
        old = open_source(pair.read_old, pair.old, pair.base, run.remote)
        new = open_source(pair.read_new, pair.new, pair.revision, run.remote)
        require_same_kind(old, new)
    except InputError as error:
        if error.at is None or not any(known.at == error.at for known in run.problems):
            run.problems.append(error)
        return
    except IncompleteError as error:
        run.unreadable.append(error)
        return
    paths = (pair.old,)
    about = about_in(workspace, About(old, new, contract=pair.contract, paths=paths))
    about = replace(about, paths=paths)
    compared = compare_sources(about, _as_promised(options, pair, promise_of(workspace.loaded, pair.new)), run.levels)
    declared = compared.declared_bump if pair.in_place else _folder_bump(pair.base, pair.revision)
    findings = compared.findings
    covered = declared is not None and _ORDER.index(declared) >= _ORDER.index(compared.judgement.required_bump)
    if covered and not pair.in_place:
        findings = [_announced(finding, pair) for finding in findings if not finding.rule.startswith("api-version")]
    run.findings.extend(findings)
    run.problems.extend(problem for problem in compared.problems if problem.at not in {one.at for one in run.problems})
    run.contracts.append(_row(pair, compared, declared, covered and not pair.in_place, old))


def _as_promised(options: ContractOptions, pair: _Pair, promise: ContractFile | None) -> ContractOptions:
    """The options with what ``contract.yaml`` says where the caller says nothing.

    Its prefixes are those of two versions: one document at two revisions has its paths under one prefix.
    """
    if promise is None:
        return options
    made = replace(options, content_model=options.content_model or promise.content_model)
    cut = promise.strip_prefix
    if cut is None or pair.in_place:
        return made
    return replace(
        made,
        strip_prefix_base=options.strip_prefix_base or cut.base or "",
        strip_prefix_revision=options.strip_prefix_revision or cut.revision or "",
    )


def _row(pair: _Pair, compared: Compared, declared: Bump | None, covered: bool, old: Source) -> ComparedContract:
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
    )


def _announced(finding: Finding, pair: _Pair) -> Finding:
    """A break that a new major version announces: a warning while somebody is still on the old one, else a remark."""
    if finding.severity != "error" or finding.change is None:
        return finding
    waiting = [one for one in finding.change.consumers if one.uses != "no"]
    note = f"announced by version {pair.revision}"
    if finding.change.consumers_known:
        note += f"; {len(waiting)} still on {pair.base}" if waiting else f"; nobody is on {pair.base} any more"
    severity: Severity = "warn" if waiting or not finding.change.consumers_known else "info"
    return replace(finding, severity=severity, change=replace(finding.change, note=note))


def _steps(
    line: list[ContractDocument], against: str | None, transitive: bool
) -> Iterator[tuple[ContractDocument, ContractDocument]]:
    if against is not None:
        base = next((one for one in line if _plain(one.version) == _plain(against)), None)
        if base is not None and line[-1] is not base:
            yield base, line[-1]
    elif transitive:
        for index, after in enumerate(line):
            for before in line[:index]:
                yield before, after
    else:
        yield from pairwise(line)


def _is_transitive(workspace: Workspace, path: str) -> bool:
    promise = promise_of(workspace.loaded, path)
    return bool(promise and promise.compatibility and promise.compatibility.endswith("_TRANSITIVE"))


def _is_version(text: str, lines: list[list[ContractDocument]]) -> bool:
    if not _VERSION.fullmatch(text):
        return False
    return any(_plain(one.version) == _plain(text) for line in lines for one in line)


def _folder_bump(old: str, new: str) -> Bump | None:
    return declared_bump(_plain(old), _plain(new))


def _plain(version: str | None) -> str:
    return (version or "").lstrip("vV")


def _contract_files(tree: RevisionTree) -> list[str]:
    return [
        path
        for path in tree.files("contracts")
        if path.endswith((".yaml", ".yml", ".json")) and not path.endswith(("/contract.yaml", "/contract.yml"))
    ]


def _id_of(path: str) -> str:
    folders = path.split("/")[:-1]
    return folders[-2] if len(folders) >= 4 else folders[-1]
