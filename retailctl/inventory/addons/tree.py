"""The files of a tree of addons, module by module, in a fixed order; links are not followed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, Location

MANIFEST: Final = "__manifest__.py"
_SKIPPED: Final = frozenset({"__pycache__", "node_modules", "static", "i18n"})
_ENDINGS: Final = {".py": "python", ".xml": "xml", ".csv": "csv"}


@dataclass(slots=True)
class ModuleFiles:
    """One module: its folder and its files below it, relative to the root. ``tests`` counts Python files of tests."""

    folder: str
    python: list[str] = field(default_factory=list)
    xml: list[str] = field(default_factory=list)
    csv: list[str] = field(default_factory=list)
    tests: int = 0

    @property
    def technical(self) -> str:
        """The technical name: that of the folder; empty where the root itself is the module."""
        return self.folder.rpartition("/")[2]

    def inner(self, path: str) -> str:
        """A path of the tree as the manifest writes it."""
        return path[len(self.folder) + 1 :] if self.folder else path


@dataclass(slots=True)
class Tree:
    """The modules of a tree by folder; ``outside`` counts Python files of no module."""

    modules: list[ModuleFiles] = field(default_factory=list)
    outside: int = 0
    unreadable: list[IncompleteError] = field(default_factory=list)


def tree_of(root: Path, shown: str = "") -> Tree:
    """Every module below a folder: a file belongs to the nearest folder with a manifest."""
    found = Tree()
    # folder, the module it belongs to, is it part of its tests
    pending: list[tuple[str, ModuleFiles | None, bool]] = [("", None, False)]
    while pending:
        folder, module, is_test = pending.pop()
        try:
            names, folders = _listed(root / folder if folder else root)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            place = f"{shown}{folder}" or "."
            found.unreadable.append(
                IncompleteError(
                    f"cannot be listed: {reason}", at=Location(place), hint="check the folder and its permissions"
                )
            )
            continue
        if MANIFEST in names:
            module, is_test = ModuleFiles(folder), False
            found.modules.append(module)
        for name in names:
            _place(found, module, f"{folder}/{name}" if folder else name, is_test=is_test)
        for name in reversed(folders):
            below = f"{folder}/{name}" if folder else name
            pending.append((below, module, is_test or (module is not None and name == "tests")))
    found.modules.sort(key=lambda one: one.folder)
    return found


def _place(found: Tree, module: ModuleFiles | None, path: str, *, is_test: bool) -> None:
    kind = _ENDINGS.get(os.path.splitext(path)[1].lower())  # noqa: PTH122 - a path object per file costs more
    if kind is None:
        return
    if module is None:
        found.outside += kind == "python"
    elif is_test:
        module.tests += kind == "python"
    else:
        getattr(module, kind).append(path)


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """Names of files and of folders, sorted."""
    names, folders = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED and not entry.name.startswith("."):
                    folders.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                names.append(entry.name)
    return sorted(names), sorted(folders)
