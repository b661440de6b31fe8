"""The recorded requests of a plan, read from the workspace or from the file that the command line names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal

from retailctl.api.replay.plans import LoadedPlan
from retailctl.errors import IncompleteError, InputError, Location, UsageError
from retailctl.parallel.replay.requests import Recording, read_access_log, read_har, read_ndjson
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_bytes
from retailctl.workspace.streams import lines_of

Kind = Literal["har", "ndjson", "access_log"]
_BY_ENDING: Final[dict[str, Kind]] = {
    ".har": "har", ".ndjson": "ndjson", ".jsonl": "ndjson", ".log": "access_log",
}  # fmt: skip
_ARCHIVE: Final = Limits(file_bytes=512 * 1024 * 1024)


def read_recording(loaded: LoadedPlan, given: Path | None) -> tuple[Recording, str]:
    """The requests, and how reports call their file. Raises UsageError, InputError and IncompleteError."""
    if given is None:
        source = loaded.plan.requests
        kind: Kind = "har" if source.har else "ndjson" if source.ndjson else "access_log"
        name = source.har or source.ndjson or source.access_log or ""
        return _read(loaded.root, name, kind), name
    found = _BY_ENDING.get(given.suffix.lower())
    if found is None:
        hint = "name a file that ends with .har, .ndjson, .jsonl or .log"
        raise UsageError(f"--requests: {given.name}: not known how to read it", hint=hint)
    if not given.is_file():
        raise UsageError(f"--requests: there is no file {given.as_posix()}", hint="check the path")
    full = given.resolve()
    return _read(full.parent, full.name, found), full.name


def _read(root: Path, name: str, kind: Kind) -> Recording:
    try:
        if kind == "har":
            return read_har(_archive(root, name))
        return (read_ndjson if kind == "ndjson" else read_access_log)(lines_of(root, name))
    except InputError as error:  # a recording is no file of the estate: without it nothing can be compared
        raise IncompleteError(error.message, at=error.at, hint=error.hint) from None


def _archive(root: Path, name: str) -> Any:
    data = read_bytes(root, name, limits=_ARCHIVE)
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        hint = "save the archive again; HAR is JSON"
        raise IncompleteError("not an HTTP archive: not valid JSON", at=Location(name), hint=hint) from None
