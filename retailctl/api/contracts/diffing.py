"""``contract diff A B``: everything that changed between two documents, and what it breaks."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from retailctl.api.contracts.comparing import compare_sources, levels_of
from retailctl.api.contracts.findings import About
from retailctl.api.contracts.options import ContractOptions, today
from retailctl.api.contracts.remote import RemoteDocuments, remote_documents
from retailctl.api.contracts.reporting import make_report
from retailctl.api.contracts.sources import (
    Source,
    anchor,
    common_folder,
    existing,
    file_reader,
    open_source,
    or_boolean,
    require_same_kind,
    split_revision,
)
from retailctl.api.contracts.stdin import STDIN, check_stdin, stdin_reader
from retailctl.api.memory import without_collection
from retailctl.errors import IncompleteError, InputError, WorkspaceNotFound
from retailctl.model.report import FailOn, Report
from retailctl.workspace.discovery import find_root
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits


def contract_diff(base: str, revision: str, options: ContractOptions) -> Report:
    """Compare two documents, each a file or ``REVISION:path``, or two folders of ``.proto`` files.

    With a workspace around the files its inventory says who is hit, and its waivers and baseline hold. Raises
    UsageError for a name that is neither.
    """
    if are_folders(base, revision):
        from retailctl.api.contracts.proto_folders import diff_folders

        return diff_folders(base, revision, options)
    levels = levels_of(options)
    check_stdin((base, revision), options)
    with ExitStack() as stack, without_collection():
        root = _root(*(options.stdin_name if name == STDIN else name for name in (base, revision)))
        try:
            limits = _limits(root, options)
            open_one = _Opener(
                root, options, remote_documents(options, limits), limits, stack, common_folder(base, revision)
            )
            old = open_one(base)
            new = open_one(revision)
            require_same_kind(old, new)
        except InputError as error:
            return _unread(options, problems=[error])
        except IncompleteError as error:
            return _unread(options, unreadable=[error])
        paths = tuple(dict.fromkeys((old.library.root_path, new.library.root_path)))
        about = About(old, new, paths=paths)
        if root is not None and _in_workspace(root, old, new):
            from retailctl.api.contracts.estate import diff_in_workspace

            return diff_in_workspace(root, about, options)
        compared = compare_sources(about, options, levels)
        return make_report(
            compared.findings,
            command="contract diff",
            workspace="",
            as_of=today(options),
            fail_on=cast(FailOn, options.run.fail_on or "error"),
            files=2,
            verdict=compared.verdict(about),
            fail_on_unknown=bool(options.run.fail_on_unknown),
            notices=("no inventory was read: consumers are not known",) if compared.findings else (),
            problems=compared.problems,
        )


def are_folders(base: str, revision: str) -> bool:
    """True where both sides are folders."""
    return Path(base).is_dir() and Path(revision).is_dir()


def _unread(options: ContractOptions, **why: object) -> Report:
    return make_report(
        (),
        command="contract diff",
        workspace="",
        as_of=today(options),
        fail_on=cast(FailOn, options.run.fail_on or "error"),
        files=2,
        verdict=None,
        **why,  # type: ignore[arg-type]
    )


def _root(*names: str) -> Path | None:
    """The workspace around the files (around here, for a revision); None when there is none."""
    for name in names:
        try:
            return find_root(Path(name).resolve().parent if split_revision(name) is None else Path.cwd())
        except WorkspaceNotFound:
            continue
    return None


def _in_workspace(root: Path, *sides: Source) -> bool:
    return any((root / side.library.root_path).is_file() for side in sides)


def _limits(root: Path | None, options: ContractOptions) -> Limits:
    """What one file may cost; a workspace around it may say."""
    if root is None:
        return Limits()
    from retailctl.api.effective import effective_settings

    return effective_settings(root, options.run).limits


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens the documents of one run by the names given on the command line."""

    root: Path | None
    options: ContractOptions
    remote: RemoteDocuments | None
    limits: Limits
    stack: ExitStack
    common: Path | None = None

    def __call__(self, name: str) -> Source:
        if name == STDIN:
            reader, path = stdin_reader(self.options, self.root, self.limits)
            return open_source(reader, path, self.options.stdin_name, self.remote)
        named = split_revision(name)
        if named is not None:
            return self._at_revision(name, *named)
        folder, path = anchor(existing(name), self.root, self.common)
        label = path if Path(name).is_absolute() else name
        return open_source(file_reader(folder, self.limits), path, label, self.remote)

    def _at_revision(self, name: str, revision: str, inside: str) -> Source:
        from retailctl.workspace.revisions import open_revision

        tree = self.stack.enter_context(open_revision(self.root or Path.cwd(), revision))

        def read(path: str) -> Document:
            return or_boolean(lambda strictly: tree.document(path, self.limits, owned=False, require_mapping=strictly))

        return open_source(read, inside, name, self.remote)
