"""Uses of own modules: every file of a tree of addons that holds a name that changes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.inventory.addons.python_files import parse
from retailctl.inventory.addons.scan import DATA, PYTHON
from retailctl.inventory.addons.tree import tree_of
from retailctl.inventory.upgrade.code_uses import CodeUse, python_uses, view_uses
from retailctl.inventory.upgrade.impact import Use
from retailctl.workspace.reader import read_bytes


def addons_uses(root: Path, shown: str, names: Collection[str]) -> Iterator[Use | InputError | IncompleteError]:
    """What the modules below a folder use; a file without any of the names that change is not parsed.

    A module that defines a model itself does not use what Odoo calls so: it is told all the same, and hits nothing.
    """
    wanted = [name.encode() for name in sorted(names)]
    base = os.path.realpath(root)
    tree = tree_of(root, shown)
    yield from tree.unreadable
    for module in tree.modules:
        by = f"module {module.technical or root.resolve().name}"
        for path in (*module.python, *module.xml):
            is_python = path.endswith(".py")
            try:
                data = read_bytes(root, path, limits=PYTHON if is_python else DATA, base=base)
                if not any(name in data for name in wanted):
                    continue
                found = list(python_uses(parse(data, f"{shown}{path}"))) if is_python else view_uses(data)
            except InputError as error:
                yield InputError(error.code, error.message, at=_at(error, f"{shown}{path}"), hint=error.hint)
                continue
            except IncompleteError as error:
                yield IncompleteError(error.message, at=Location(f"{shown}{path}"), hint=error.hint)
                continue
            yield from (_use(by, f"{shown}{path}", one) for one in dict.fromkeys(found))


def _use(by: str, path: str, found: CodeUse) -> Use:
    return Use(by=by, at=Location(path, line=found.line), model=found.model, path=found.path)


def _at(error: InputError, path: str) -> Location:
    return Location(path, line=error.at.line if error.at is not None else 0)
