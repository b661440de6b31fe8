"""Our own addons: small modules that show every definition, and one file of each kind of trouble."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retailctl.inventory.addons.facts import ModuleFacts
from retailctl.inventory.addons.figures import row_of
from retailctl.inventory.addons.scan import Scan

MANIFEST = "{'name': 'Till', 'version': '18.0.1.0.0', 'license': 'LGPL-3', 'depends': ['base'], 'data': ['data/crons.xml'], 'demo': ['demo/crons.xml']}"


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Files by path; returns the root."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def module(root: Path, files: dict[str, str | bytes], name: str = "till", manifest: str = MANIFEST) -> ModuleFacts:
    """The facts of one module with these files."""
    write(root, {f"{name}/__manifest__.py": manifest, **{f"{name}/{path}": text for path, text in files.items()}})
    return next(Scan(root).modules())


def row(root: Path, files: dict[str, str | bytes], **more: Any) -> dict[str, Any]:
    """The figures of one module with these files."""
    return row_of(module(root, files, **more))
