"""The analysis files below a folder, by the version of Odoo that they lead to.

``scripts/sale/19.0.1.2/upgrade_analysis.txt``, ``19.0/sale/...`` and ``19.0/sale__upgrade_analysis_work.txt`` are all
known: a part of the path that begins with the number of a version decides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, InputError, Location, UsageError
from retailctl.inventory.upgrade.analysis import Change, FieldChange, ModelChange, UnknownLine, lines_of
from retailctl.workspace.reader import read_bytes
from retailctl.workspace.source import Source

_VERSION: Final = re.compile(r"^(?:v|saas[~-])?(\d{1,2})(?:\.\d+)*(?:\.x)?$")
# The file that people write in is called _work, and also " work", "_rework" or " copy".
_FILE: Final = re.compile(r"upgrade_analysis(?:[\s._-][^/]{0,40})?\.txt$", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"upgrade_analysis\.txt$", re.IGNORECASE)
_SERIES: Final = re.compile(r"^(?:saas[~-])?(\d{1,2})(?:\.0)?$")


@dataclass(slots=True)
class Analyses:
    """Changes by major version; ``missing`` are versions between the two without a single file.

    ``unversioned`` are files whose version nothing tells, where that leaves more than one step open; ``unknown`` lines
    of the files that were read whose form is not known.
    """

    steps: dict[int, list[Change]] = field(default_factory=dict)
    files: int = 0
    missing: tuple[int, ...] = ()
    unversioned: list[str] = field(default_factory=list)
    unknown: list[Location] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)


def series(flag: str, text: str) -> int:
    """``18.0`` or ``18`` as a number. Raises UsageError."""
    found = _SERIES.match(text.strip())
    if found is None:
        raise UsageError(f"{flag}: {text!r} is no version of Odoo", hint="write it as 18.0")
    return int(found[1])


def analyses(root: Path, shown: str, start: int, end: int) -> Analyses:
    """Every analysis that leads from one version to a later one. Raises UsageError for a folder without any."""
    found = Analyses()
    wanted = range(start + 1, end + 1)
    by_step: dict[int, list[str]] = {}
    names = list(_files(root, found, shown))
    if not names:
        if found.unreadable:
            raise found.unreadable[0]
        raise UsageError(
            f"there is no analysis in {shown or 'that folder'}",
            hint="name the folder with the upgrade_analysis.txt files, such as openupgrade_scripts/scripts",
        )
    for name in names:
        version = _version_of(name)
        if version is None:
            version = _version_of(f"{root.resolve().name}/{name}")
        if version is None and len(wanted) == 1:
            version = end
        if version is None:
            found.unversioned.append(f"{shown}{name}")
        elif version in wanted:
            by_step.setdefault(version, []).append(name)
    for version in sorted(by_step):
        changes = [change for name in by_step[version] for change in _read(root, name, shown, found)]
        found.steps[version] = list(_once(changes))
    found.missing = tuple(version for version in wanted if version not in by_step)
    return found


def _read(root: Path, name: str, shown: str, found: Analyses) -> list[Change]:
    path = f"{shown}{name}"
    try:
        text = Source.decode(path, read_bytes(root, name)).text
        lines = list(lines_of(text, path))
    except InputError as error:
        at = error.at if error.at is not None and error.at.line else Location(path)
        found.problems.append(InputError(error.code, error.message, at=at, hint=error.hint))
        return []
    except IncompleteError as error:
        found.unreadable.append(IncompleteError(error.message, at=Location(path), hint=error.hint))
        return []
    found.files += 1
    found.unknown += [line.at for line in lines if isinstance(line, UnknownLine)]
    return [line for line in lines if not isinstance(line, UnknownLine)]


def _files(root: Path, found: Analyses, shown: str) -> Iterator[str]:
    """Names below the root, those with comments of people first."""
    names: list[str] = []

    def failed(error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        found.unreadable.append(
            IncompleteError(f"cannot be listed: {reason}", at=Location(shown or "."), hint="check its permissions")
        )

    for folder, below, files in os.walk(root, onerror=failed):
        below[:] = sorted(name for name in below if not name.startswith("."))
        inside = Path(folder).relative_to(root)
        names += [(inside / name).as_posix() for name in files if _FILE.search(name)]
    yield from sorted(names, key=lambda name: (_WRITTEN.search(name) is not None, name))


def _version_of(name: str) -> int | None:
    for part in name.split("/")[:-1]:
        found = _VERSION.match(part)
        if found is not None and "." in part:
            return int(found[1])
    return None


def _once(changes: list[Change]) -> Iterator[Change]:
    """Each change once: the file that people write in repeats the one that the program writes."""
    seen: set[tuple[str, ...]] = set()
    key: tuple[str, ...]
    for change in changes:
        if isinstance(change, FieldChange):
            key = ("field", change.module, change.model, change.field, change.text)
        elif isinstance(change, ModelChange):
            key = ("model", change.module, change.model, change.kind)
        else:
            key = ("record", change.model, change.xml_id, change.kind)
        if key not in seen:
            seen.add(key)
            yield change
