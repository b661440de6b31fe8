"""Which documents ``contract check`` holds against which: versions of a line, or one path at two revisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from retailctl.api.contracts.estate import Workspace, promise_of
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.remote import RemoteDocuments
from retailctl.api.contracts.removed import document_removed
from retailctl.api.contracts.sets import with_two_versions
from retailctl.api.contracts.sources import Read
from retailctl.contracts.compatibility.modes import is_transitive
from retailctl.contracts.rules.levels import Levels
from retailctl.errors import IncompleteError, InputError, UsageError
from retailctl.graph.contract_facts import versions_in_order
from retailctl.model.contract_change import ComparedContract
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.finding import Finding
from retailctl.workspace.discovery import kind_of
from retailctl.workspace.document import Document
from retailctl.workspace.formats import READ
from retailctl.workspace.revisions import RevisionTree, open_revision

_VERSION: Final = re.compile(r"v?\d+(?:\.\d+)*")


@dataclass(slots=True)
class Run:
    """What a check has come to so far. ``moved`` are the contracts with a change, compared or not."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)
    contracts: list[ComparedContract] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    levels: Levels = field(default_factory=Levels)
    remote: RemoteDocuments | None = None


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """Two documents of one contract. ``in_place`` is True for one path at two revisions, ``is_far`` where versions lie
    between the two: then only what breaks a promise is news."""

    contract: str
    base: str
    revision: str
    old: str
    new: str
    read_old: Read
    read_new: Read
    in_place: bool = False
    is_far: bool = False


def document_pairs(
    workspace: Workspace, options: ContractOptions, run: Run, stack: ExitStack
) -> Iterator[DocumentPair]:
    """The pairs to compare; what needs no comparison (a document that is gone) is noted in ``run`` on the way.

    ``stack`` keeps the revision open. Raises UsageError for a contract that is not there.
    """
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
    compared = {path: one for path, one in wanted.items() if one.is_compared}
    lines = [line for events in (False, True) for line in versions_in_order(compared, events=events).values()]
    against = options.against
    if against is None or _is_version(against, lines):
        run.moved |= with_two_versions(documents.values())
        yield from _between_versions(workspace, lines, options)
    else:
        tree = stack.enter_context(open_revision(workspace.session.root, against))
        yield from _against_revision(workspace, wanted, tree, options, run)


def _between_versions(
    workspace: Workspace, lines: list[list[ContractDocument]], options: ContractOptions
) -> Iterator[DocumentPair]:
    def read(path: str) -> Document:
        return workspace.session.documents.read(path, owned=False)

    for line in lines:
        for before, after, is_far in _steps(line, options.against, _is_transitive(workspace, line[-1].path, options)):
            yield DocumentPair(
                before.contract, before.version or "", after.version or "", before.path, after.path, read, read,
                is_far=is_far,
            )  # fmt: skip


def _against_revision(
    workspace: Workspace,
    now: dict[str, ContractDocument],
    tree: RevisionTree,
    options: ContractOptions,
    run: Run,
) -> Iterator[DocumentPair]:
    against = options.against or ""

    def read(path: str) -> Document:
        return workspace.session.documents.read(path, owned=False)

    def read_then(path: str) -> Document:
        return tree.document(path, workspace.session.effective.limits, owned=False)

    documents = workspace.loaded.estate.documents
    asked = options.contracts
    then = [
        path
        for path in _contract_files(tree)
        if not asked or path in now or (path not in documents and _id_of(path) in asked)
    ]
    if not then:
        run.notices.append(f"no contracts at {tree.revision}: everything is new")
    for path in then:
        if path not in now:
            run.findings.extend(document_removed(path, read_then, against, workspace, run.levels, run.remote))
        elif now[path].is_compared:
            yield DocumentPair(now[path].contract, against, "here", path, path, read_then, read, in_place=True)
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


def _steps(
    line: list[ContractDocument], against: str | None, transitive: bool
) -> Iterator[tuple[ContractDocument, ContractDocument, bool]]:
    """The pairs to compare, and whether there are versions between that are compared too."""
    if against is not None:
        base = next((one for one in line if plain_version(one.version) == plain_version(against)), None)
        if base is not None and line[-1] is not base:
            yield base, line[-1], False
        return
    yield from ((before, after, False) for before, after in pairwise(line))
    if transitive:  # what is released was held against all before it when it was the last
        yield from ((before, line[-1], True) for before in line[:-2])


def _is_transitive(workspace: Workspace, path: str, options: ContractOptions) -> bool:
    promise = promise_of(workspace.loaded, path)
    mode = options.mode or (promise.compatibility if promise else None)
    return mode is not None and is_transitive(mode)


def _is_version(text: str, lines: list[list[ContractDocument]]) -> bool:
    if not _VERSION.fullmatch(text):
        return False
    return any(plain_version(one.version) == plain_version(text) for line in lines for one in line)


def plain_version(version: str | None) -> str:
    """``v1`` and ``1`` are the same."""
    return (version or "").lstrip("vV")


def _contract_files(tree: RevisionTree) -> list[str]:
    return [path for path in tree.files("contracts") if path.endswith(READ) and kind_of(path) == "document"]


def _id_of(path: str) -> str:
    folders = path.split("/")[:-1]
    return folders[-2] if len(folders) >= 4 else folders[-1]
