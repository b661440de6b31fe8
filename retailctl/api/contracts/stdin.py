"""A document from stdin: it has a name, so that its format, its references and reports know where it belongs."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Final

from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.sources import Read, anchor, file_reader, or_boolean
from retailctl.errors import UsageError
from retailctl.workspace.document import Document
from retailctl.workspace.formats import TOLD, ending_of
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes

STDIN: Final = "-"


def check_stdin(names: tuple[str, ...], options: ContractOptions) -> None:
    """Raise UsageError when stdin is asked for twice, is not there, or has a name that no document can have."""
    asked = names.count(STDIN)
    if asked > 1:
        raise UsageError("stdin can be read once", hint="give the other document as a file")
    if not asked:
        return
    if options.stdin is None:
        raise UsageError("there is nothing on stdin", hint="pipe one document in, or name a file")
    path = PurePath(options.stdin_name)
    if ending_of(options.stdin_name) is None:
        raise UsageError(
            f"--stdin-name: {options.stdin_name!r} has no suffix that names a format", hint=f"write {TOLD}"
        )
    if path.is_absolute() or ".." in path.parts:
        raise UsageError(f"--stdin-name: {options.stdin_name!r} is no path below here", hint="such as api/openapi.yaml")


def stdin_reader(options: ContractOptions, root: Path | None, limits: Limits) -> tuple[Read, str]:
    """A reader of the document on stdin and of what it refers to, and its path. Stdin is read here, to the limit."""
    folder, name = anchor(Path(options.stdin_name), root)
    data = options.stdin(limits.file_bytes + 1) if options.stdin is not None else b""
    others = file_reader(folder, limits)

    def read(path: str) -> Document:
        if path == name:
            return or_boolean(
                lambda strictly: parse_bytes(name, data, limits=limits, owned=False, require_mapping=strictly)
            )
        return others(path)

    return read, name
