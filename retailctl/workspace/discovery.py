"""Find the workspace and its files, by their names alone; nothing is opened here."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from retailctl.errors import WorkspaceNotFound
from retailctl.workspace.formats import READ

SETTINGS: Final = "retailctl.yaml"
FOLDERS: Final = ("inventories", "contracts", "policies", "migrations")

_LISTED: Final = (".avdl", ".xsd", ".wsdl", ".csv", ".edi")  # documents of contracts that no reader opens

# Kind of file by its path; the first row that matches decides.
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern + r"\Z", re.DOTALL))
    for kind, pattern in (
        ("settings", r"retailctl\.yaml"),
        ("ids", r"inventories/ids\.lock\.yaml"),
        ("merges", r"inventories/merges\.yaml"),
        ("inventory", r"inventories/.+\.(?:yaml|yml|json)"),
        ("contract", r"contracts/(?:.+/)?contract\.ya?ml"),
        ("map", r"contracts/.+\.map\.ya?ml"),
        ("document", rf"contracts/.+(?:{'|'.join(map(re.escape, (*READ, *_LISTED)))})"),
        ("waivers", r"policies/waivers\.ya?ml"),
        ("baseline", r"policies/baseline\.json"),
        ("policy", r"policies/.+\.ya?ml"),
        ("plan", r"migrations/plan\.ya?ml"),
        ("freezes", r"migrations/freezes\.ya?ml"),
        ("wave", r"migrations/[^/]+/wave\.ya?ml"),
        ("parallel", r"migrations/[^/]+/parallel/[^/]+\.ya?ml"),
        ("evidence", r"migrations/[^/]+/evidence/[^/]+\.ya?ml"),
        ("history", r"migrations/[^/]+/evidence/history/[^/]+\.jsonl"),
        ("ledger", r"migrations/[^/]+/ledger\.(?:jsonl|head)"),
    )
)


@dataclass(frozen=True, slots=True)
class WorkspaceFiles:
    """The files of a workspace: relative paths with forward slashes, sorted.

    ``outside`` are links that leave the workspace and ``unreadable`` folders that could not be listed: both
    are for the caller to report. ``skipped`` are files whose name no reader knows.
    """

    by_kind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        """Paths of one kind; empty when there are none."""
        return self.by_kind.get(kind, ())

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Kind and path of every recognised file, in order of path."""
        return iter(sorted(((k, p) for k, paths in self.by_kind.items() for p in paths), key=lambda row: row[1]))


def find_root(start: Path, *, home: Path | None = None) -> Path:
    """Return the closest folder at or above ``start`` with a ``retailctl.yaml`` or an ``inventories/``.

    The search ends with the root of the git repository, or with ``home`` ($HOME). Raises
    :class:`WorkspaceNotFound`.
    """
    try:
        here = start.resolve(strict=True)
    except (OSError, RuntimeError):
        raise WorkspaceNotFound(
            f"no such folder: {start.as_posix()}",
            hint="Name a folder that has a retailctl.yaml or inventories/.",
        ) from None
    here = here if here.is_dir() else here.parent
    last = _home() if home is None else home.resolve()
    for folder in (here, *here.parents):
        if _is_workspace(folder):
            return folder
        if folder == last or _exists(folder / ".git"):
            break
    raise WorkspaceNotFound(
        f"no workspace at or above {start.as_posix()}: neither {SETTINGS} nor inventories/ was found",
        hint="Run `retailctl init` to start one here, or name the folder of your workspace.",
    )


def kind_of(path: str) -> str | None:
    """Return the kind of file by its path in the workspace, None for a name that no reader knows."""
    return next((kind for kind, pattern in _KINDS if pattern.match(path)), None)


def list_files(root: Path) -> WorkspaceFiles:
    """Return the files of the workspace, in an order that does not depend on the file system.

    Every folder is visited once, however many links lead to it. Hidden files and folders are left out.
    """
    walk = _Walk(root)
    by_kind: dict[str, list[str]] = {}
    skipped: list[str] = []
    for path in sorted(walk.files):
        kind = kind_of(path)
        (skipped if kind is None else by_kind.setdefault(kind, [])).append(path)
    return WorkspaceFiles(
        {kind: tuple(paths) for kind, paths in sorted(by_kind.items())},
        tuple(sorted(walk.outside)),
        tuple(sorted(walk.unreadable)),
        tuple(skipped),
    )


class _Walk:
    """One walk: real folders first, then the links in order of path, so that a real path wins over a link."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._seen: set[str] = set()
        self._links: list[str] = []
        self.files: list[str] = []
        self.outside: list[str] = []
        self.unreadable: list[str] = []
        self._top()
        while self._links:
            links, self._links = sorted(self._links), []
            for path in links:
                self._follow(path)

    def _top(self) -> None:
        for name in (SETTINGS, *FOLDERS):
            full = f"{self._root}/{name}"
            if os.path.islink(full):  # noqa: PTH114
                self._links.append(name)
            elif name != SETTINGS and os.path.isdir(full):  # noqa: PTH112
                self._folder(name, full)
            elif name == SETTINGS and os.path.lexists(full):
                self._file(name, full)

    def _folder(self, path: str, full: str) -> None:
        """Visit a real folder and all below it; with a stack, since a tree may be deeper than recursion."""
        pending = [(path, full)]
        while pending:
            path, full = pending.pop()
            if full in self._seen:
                continue
            self._seen.add(full)
            try:
                with os.scandir(full) as entries:
                    found = list(entries)
            except OSError:
                self.unreadable.append(path)
                continue
            for entry in found:
                inner = f"{path}/{entry.name}"
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    self._links.append(inner)
                elif entry.is_dir(follow_symlinks=False):
                    pending.append((inner, f"{full}/{entry.name}"))
                else:
                    self._file(inner, f"{full}/{entry.name}")

    def _file(self, path: str, full: str) -> None:
        if full not in self._seen:
            self._seen.add(full)
            self.files.append(path)

    def _follow(self, path: str) -> None:
        real = os.path.realpath(f"{self._root}/{path}")
        if not f"{real}/".startswith(f"{self._root.rstrip('/')}/"):
            self.outside.append(path)
        elif not os.path.isdir(real):  # noqa: PTH112
            self._file(path, real)
        elif not f"{os.path.realpath(os.path.dirname(f'{self._root}/{path}'))}/".startswith(f"{real}/"):  # noqa: PTH120
            self._folder(path, real)  # not a folder that contains the link: that one is being visited already


def _is_workspace(folder: Path) -> bool:
    try:
        return (folder / SETTINGS).is_file() or (folder / "inventories").is_dir()
    except OSError:
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _home() -> Path | None:
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    try:
        return Path(home).resolve() if home else None
    except (OSError, RuntimeError):
        return None


def relative(root: Path, path: Path) -> str:
    """Return ``path`` as it is shown in reports: relative to the workspace, with forward slashes."""
    return PurePosixPath(os.path.relpath(path, root).replace(os.sep, "/")).as_posix()
