"""Which files are there to read: files and folders as named, each with its reader."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, InputError, Location, UsageError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_for, reader_named, readers
from retailctl.inventory.reading import Reader
from retailctl.inventory.sources import kind_of
from retailctl.workspace.discovery import kind_of as kind_of_file
from retailctl.workspace.discovery import relative
from retailctl.workspace.limits import Limits

_NEVER: Final = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
_OWN: Final = frozenset({"settings", "ids", "merges", "inventory", "contract", "map", "waivers", "baseline", "policy",
                         "plan", "freezes", "wave", "parallel", "evidence", "history", "ledger"})  # fmt: skip
MANIFEST: Final = "__manifest__.py"


@dataclass(slots=True)
class Places:
    """``files`` with their readers, contracts first: their paths are the templates of what logs show.

    ``trees`` are folders of addons, read whole. ``problems`` are files named that no reader knows, and files that one
    should know and that are broken.
    """

    files: list[tuple[Artefact, Reader]] = field(default_factory=list)
    trees: list[tuple[Path, str]] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)
    unrecognised: int = 0


def find(paths: list[Path], kind: str, workspace: Path, limits: Limits) -> Places:
    """Every file below the paths, in order of name. Raises UsageError for a path that is not there, or a KIND."""
    named = reader_named(kind) if kind else None
    if kind and named is None:
        known = ", ".join(sorted(reader.name for reader in readers()))
        raise UsageError(f"--as: there is no reader {kind!r}", hint=f"one of {known}")
    found = Places()
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"there is no {path.as_posix()}", hint="name a file or a folder")
        if path.is_dir():
            for folder, relative_path in _walk(path, found, workspace):
                shown = _shown(folder / relative_path, folder, workspace)
                _take(Artefact(folder, relative_path, path=shown, limits=limits), None, found, asked=False)
        else:
            root, shown = path.parent, _shown(path, path.parent, workspace)
            _take(Artefact(root, path.name, path=shown, limits=limits), named, found, asked=True)
    found.files.sort(key=lambda pair: (kind_of(pair[1].name) != "contract", pair[0].path))
    return found


def _take(artefact: Artefact, named: Reader | None, found: Places, *, asked: bool) -> None:
    try:
        reader = named or reader_for(artefact)
        if reader is not None:
            found.files.append((artefact, reader))
        elif asked:
            found.problems.append(_unknown(artefact))
        else:
            _ = artefact.document if artefact.suffix in (".yaml", ".yml", ".json") and artefact.head.strip() else None
            found.unrecognised += 1
    except InputError as error:
        found.problems.append(error)
    except IncompleteError as error:
        found.unreadable.append(error)


def _unknown(artefact: Artefact) -> InputError:
    if not artefact.head.strip():
        return InputError("INP010", "the file holds no data", at=Location(artefact.path), hint="export it again")
    try:
        _ = artefact.document
    except InputError as error:
        return error
    kinds = ", ".join(sorted(reader.name for reader in readers()))
    return InputError(
        "INP017",
        "no reader recognises the file",
        at=Location(artefact.path),
        hint=f"name its kind with --as, one of {kinds}",
    )


def _walk(top: Path, found: Places, workspace: Path) -> Iterator[tuple[Path, str]]:
    """(the folder named, path below it) of every regular file; links are not followed, hidden ones left out."""
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            found.unreadable.append(
                IncompleteError(
                    f"the folder cannot be listed: {error.strerror}",
                    at=Location(_shown(folder, top, workspace)),
                    hint="check its permissions",
                )
            )
            continue
        if any(entry.name == MANIFEST for entry in entries):
            found.trees.append((folder, _shown(folder, top, workspace)))
            continue
        below = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _NEVER or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append(folder / entry.name)
            elif entry.is_file(follow_symlinks=False) and not _is_own(folder / entry.name, workspace):
                yield top, relative(top, folder / entry.name)
        pending.extend(reversed(below))


def _is_own(path: Path, workspace: Path) -> bool:
    """Is it a file that retailctl keeps itself? Scanning a workspace must not see its inventory as a source."""
    shown = relative(workspace, path)
    return not shown.startswith("../") and kind_of_file(shown) in _OWN


def _shown(path: Path, top: Path, workspace: Path) -> str:
    """Relative to the workspace, else to the folder that was named: never an absolute path."""
    inside = relative(workspace, path)
    if not inside.startswith("../") and not Path(inside).is_absolute():
        return inside
    return f"{top.resolve().name}/{relative(top, path)}" if path != top else top.resolve().name
