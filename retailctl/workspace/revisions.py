"""The workspace at another git revision: its files are read from the object store, the working tree is never touched.

A ``Location`` made here has the path relative to the workspace, as in the working tree, so that reports can link it;
which revision it belongs to is ``RevisionTree.revision``, and messages of errors name it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from retailctl.errors import IncompleteError, InputError, Location, RetailctlError
from retailctl.workspace import input_codes as codes
from retailctl.workspace.document import Document
from retailctl.workspace.git import Blobs, Git
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes
from retailctl.workspace.revision_names import Revision, failed, merge_base, resolve

_DEFAULT: Final = Limits()
_FILES: Final = frozenset((b"100644", b"100755", b"100664"))  # 100664: written by very old versions of git
_CHECK: Final = "Check the path at that revision."
_LFS: Final = b"version https://git-lfs.github.com/spec/"


def open_revision(root: Path, ref: str) -> RevisionTree:
    """Return the workspace at ``root`` as it was at a branch, tag or commit; any folder of a repository will do.

    Raises :class:`UsageError` for a name that is no commit of the repository, or where there is no repository;
    :class:`ConfigError` when git is missing or refuses the folder, :class:`IncompleteError` when git fails otherwise.
    """
    git = Git(root)
    return RevisionTree(git, resolve(git, ref))


def open_merge_base(root: Path, ref: str) -> RevisionTree:
    """Return the workspace where ``HEAD`` left ``ref``: what ``ref`` gained since then does not look removed here.

    Raises as :func:`open_revision` does, and :class:`UsageError` when the two share no commit.
    """
    git = Git(root)
    return RevisionTree(git, merge_base(git, ref))


class RevisionTree:
    """The files of the workspace at one commit. One process gives all contents; :meth:`close` ends it.

    Links and submodules are not files here (:meth:`left_out` names them). Where the workspace did not exist at the
    revision there are no files. Not for use by several threads at a time.
    """

    def __init__(self, git: Git, revision: Revision) -> None:
        self.revision = revision
        self._git = git
        self._blobs: Blobs | None = None
        self._closed = False
        self._listed: set[str] = set()
        self._oids: dict[str, str] = {}
        self._left_out: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads contents. Documents stay usable: what they read later starts one of its own."""
        self._closed = True
        self._end_process()

    def files(self, *prefixes: str) -> tuple[str, ...]:
        """Return the paths in the workspace, sorted; with ``prefixes``, those at or below one of them."""
        return self._select(self._oids, prefixes)

    def left_out(self, *prefixes: str) -> tuple[str, ...]:
        """Return the paths of symbolic links and submodules, which have no content at this revision."""
        return self._select(self._left_out, prefixes)

    def read(self, path: str, limits: Limits = _DEFAULT) -> bytes:
        """Return the bytes of a file; the size is checked before any of them is read.

        Raises :class:`InputError` for a path that is no file here and for one that is too large,
        :class:`IncompleteError` when the repository does not hold the content.
        """
        name = self._inside(path)
        self._list(name.partition("/")[0])
        oid = self._oids.get(name)
        if oid is None:
            kind = "a link or submodule" if name in self._left_out else "no file"
            raise self._refused(codes.NOT_A_FILE, path, f"{kind} in {self.revision}", _CHECK)
        self._blobs = self._blobs or self._git.batch()
        try:
            return self._content(path, oid, limits)
        except BaseException:
            self._end_process()  # what it was about to say must not be taken for the next answer
            raise
        finally:
            if self._closed:
                self._end_process()

    def document(
        self,
        path: str,
        limits: Limits = _DEFAULT,
        *,
        owned: bool = True,
        require_mapping: bool = True,
        parse_float: Callable[[str], Any] | None = None,
    ) -> Document:
        """Return a parsed file, with places relative to the workspace. Raises as :meth:`read` and the reader do."""
        data = self.read(path, limits)
        try:
            document = parse_bytes(
                path, data, limits=limits, owned=owned, require_mapping=require_mapping, parse_float=parse_float
            )
        except InputError as error:
            message = f"{error.message} (in {self.revision})"
            raise InputError(error.code, message, at=error.at, hint=error.hint, related=error.related) from None
        document.load = lambda: self._text(path, limits)
        return document

    def _text(self, path: str, limits: Limits) -> str | None:
        try:
            return self.read(path, limits).decode("utf-8").removeprefix("\ufeff")
        except RetailctlError:
            return None

    def _content(self, path: str, oid: str, limits: Limits) -> bytes:
        assert self._blobs is not None  # noqa: S101
        size = self._blobs.size(oid)
        if size is None:
            hint = "A partial clone has to fetch it first: `git fetch --refetch`. Otherwise run `git fsck`."
            raise IncompleteError(f"the content in {self.revision} is not in this clone", at=Location(path), hint=hint)
        if size > limits.file_bytes:
            message = f"{size:,} bytes in {self.revision}; {limits.file_bytes:,} are allowed"
            raise self._refused(codes.SIZE, path, message, codes.FIX[codes.SIZE])
        data = self._blobs.content(size)
        if data.startswith(_LFS):
            hint = "Keep contracts in git itself: their history is compared without a network."
            raise IncompleteError(f"the content in {self.revision} is in Git LFS", at=Location(path), hint=hint)
        return data

    def _end_process(self) -> None:
        if self._blobs is not None:
            self._blobs.close()
            self._blobs = None

    def _inside(self, path: str) -> str:
        name = posixpath.normpath(path)
        if name.startswith(("/", "../")) or name in ("..", ".") or "\0" in name:
            message = "the path leaves the workspace; it was not read"
            raise self._refused(codes.OUTSIDE_ROOT, path, message, codes.FIX[codes.OUTSIDE_ROOT])
        return name

    def _refused(self, code: str, path: str, message: str, hint: str) -> InputError:
        return InputError(code, message, at=Location(path), hint=hint)

    def _select(self, paths: dict[str, str] | set[str], prefixes: tuple[str, ...]) -> tuple[str, ...]:
        if not prefixes:
            self._list("")
            return tuple(sorted(paths))
        wanted = tuple(self._inside(prefix) for prefix in prefixes)
        for name in wanted:
            self._list(name.partition("/")[0])
        below = tuple(f"{name}/" for name in wanted)
        return tuple(sorted(path for path in paths if path in wanted or path.startswith(below)))

    def _list(self, top: str) -> None:
        """List one entry of the workspace and all below it, "" for everything; git answers relative to the folder."""
        if top in self._listed or "" in self._listed:
            return
        only = ("--", top) if top else ()
        answer = self._git.run("ls-tree", "-r", "-z", self.revision.commit, *only)
        if not answer.complete:
            hint = "Name a smaller folder as the workspace."
            raise IncompleteError(f"too many files below {top or 'the workspace'} in {self.revision}", hint=hint)
        if answer.code:
            raise failed(answer)
        for entry in answer.out.split(b"\0")[:-1]:
            facts, _, name = entry.partition(b"\t")
            mode, _, oid = facts.split()
            path = name.decode("utf-8", "surrogateescape")
            if mode in _FILES:
                self._oids[path] = oid.decode("ascii")
            else:
                self._left_out.add(path)
        self._listed.add(top)
