"""``inventory diff``: two scans side by side, from folders, workspaces or revisions of git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from retailctl.api.options import AuditOptions
from retailctl.api.session import open_session
from retailctl.errors import IncompleteError, InputError, Location, UsageError, WorkspaceNotFound
from retailctl.inventory.assemble import OBSERVED_PREFIX, declared
from retailctl.inventory.drift import Scan, drift, scan_of
from retailctl.inventory.merge import Declared
from retailctl.model.estate import Covered
from retailctl.model.inventory_file import KIND_OF_SECTION, InventoryFile
from retailctl.workspace.boundary import validate
from retailctl.workspace.discovery import find_root, kind_of
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes, read_bytes
from retailctl.workspace.revisions import open_revision

Items = list[Declared | Covered]
_MOST: Final = 20_000


def inventory_diff(before: str, after: str, root: Path | None, options: AuditOptions) -> dict[str, Any]:
    """Rows of what differs, counted; ``exit_code`` is 1 when something is new, gone or changed.

    A side is a folder of observed files, a workspace, or a revision; empty means the workspace as it is. Raises
    IncompleteError for a side that cannot be read in full: what is missing would look gone.
    """
    try:
        session = open_session(root, options)
        here, limits = session.root, session.effective.limits
    except WorkspaceNotFound:
        here, limits = None, Limits()
    kept = _by_hand(here, limits, options) if here is not None else []
    found = drift(_side(before, here, kept, limits, options), _side(after, here, kept, limits, options))
    rows = [{**asdict(one), "sources": list(one.sources)} for one in found]
    counts = Counter(one.status for one in found)
    return {
        "before": before or "as it is",
        "after": after or "as it is",
        "counts": {status: counts[status] for status in ("new", "gone", "changed", "not looked")},
        "rows": rows,
        "exit_code": int(any(counts[status] for status in ("new", "gone", "changed"))),
    }


def _by_hand(root: Path, limits: Limits, options: AuditOptions) -> Items:
    return [one for one in _workspace(root, limits, options) if not _is_observed(one)]


def _side(text: str, here: Path | None, kept: Items, limits: Limits, options: AuditOptions) -> Scan:
    if not text:
        if here is None:
            raise WorkspaceNotFound("there is no workspace here", hint="name two folders of observed files")
        return _split(_workspace(here, limits, options))
    path = Path(text)
    if path.is_dir():
        try:
            is_workspace = find_root(path) == path.resolve()
        except WorkspaceNotFound:
            is_workspace = False
        if is_workspace:
            return _split(_workspace(path.resolve(), limits, options))
        items = [item for relative in _files(path) for item in _read(path, relative, limits, options, OBSERVED_PREFIX)]
        return scan_of(items, kept)
    if here is None or path.exists():
        raise UsageError(f"{text} is no folder", hint="name a folder of observed files, a workspace or a git revision")
    return _split(_revision(here, text, limits, options))


def _split(items: Items) -> Scan:
    return scan_of(
        [one for one in items if _is_observed(one)],
        [one for one in items if not _is_observed(one)],
    )


def _is_observed(one: Declared | Covered) -> bool:
    return one.location.path.startswith(OBSERVED_PREFIX)


def _workspace(root: Path, limits: Limits, options: AuditOptions) -> Items:
    folder = root / "inventories"
    names = [f"inventories/{name}" for name in _files(folder)] if folder.is_dir() else []
    return [
        item for name in names if kind_of(name) == "inventory" for item in _read(root, name, limits, options, "")
    ]  # fmt: skip


def _files(folder: Path) -> list[str]:
    """Inventory files below a folder, sorted; hidden ones are left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix in (".yaml", ".yml", ".json") and not any(part.startswith(".") for part in relative.parts):
            if path.is_file():
                found.append(relative.as_posix())
            if len(found) > _MOST:
                raise UsageError(f"{folder} has more than {_MOST:,} files", hint="name the folder of one scan")
    return found


def _read(
    root: Path, relative: str, limits: Limits, options: AuditOptions, prefix: str
) -> Iterator[Declared | Covered]:
    try:
        document = parse_bytes(relative, read_bytes(root, relative, limits=limits), limits=limits)
    except InputError as error:
        if not options.allow_partial:
            raise _incomplete(error) from None
        return
    yield from _items(document, options, prefix)


def _revision(root: Path, ref: str, limits: Limits, options: AuditOptions) -> Items:
    items: Items = []
    with open_revision(root, ref) as tree:
        for path in tree.files("inventories"):
            if kind_of(path) == "inventory":
                try:
                    items.extend(_items(tree.document(path, limits), options, ""))
                except InputError as error:
                    if not options.allow_partial:
                        raise _incomplete(error) from None
    return items


def _items(document: Document, options: AuditOptions, prefix: str) -> Iterator[Declared | Covered]:
    checked = validate(document.data, InventoryFile)
    if checked.problems and not options.allow_partial:
        raise _incomplete(checked.problems[0].as_input_error(document.locate))
    entries = [
        (section, checked.index(section, position), noun)
        for section in (*KIND_OF_SECTION, "coverage")
        for position, noun in enumerate(getattr(checked.value, section, None) or ())
    ]
    yield from declared(f"{prefix}{document.path}", entries)


def _incomplete(error: InputError) -> IncompleteError:
    at = error.at or Location("")
    return IncompleteError(error.message, at=at, hint="correct it, or add --allow-partial: what is missing looks gone")
