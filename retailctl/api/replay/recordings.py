"""The recorded requests of a plan, read from the workspace or from the file that the command line names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final, Literal

from retailctl.api.replay.plans import LoadedPlan
from retailctl.errors import ConfigError, InputError, Location, UsageError
from retailctl.parallel.replay.requests import Recording, read_access_log, read_har, read_ndjson
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_bytes
from retailctl.workspace.streams import lines_of

Kind = Literal["har", "ndjson", "access_log"]
_BY_ENDING: Final[dict[str, Kind]] = {
    ".har": "har", ".ndjson": "ndjson", ".jsonl": "ndjson", ".log": "access_log",
}  # fmt: skip
_HINTS: Final[dict[Kind, str]] = {
    "har": "save the archive again; HAR is JSON with log.entries[].request",
    "ndjson": "write one JSON object with a url per line",
    "access_log": "name a log in the combined format",
}
_ARCHIVE: Final = Limits(file_bytes=512 * 1024 * 1024)


def read_recording(loaded: LoadedPlan, given: Path | None) -> tuple[Recording, Path, str]:
    """The requests, their file, and how reports call it.

    Raises ConfigError for a recording that is not there or is none, and IncompleteError for one that cannot be read.
    """
    if given is None:
        source = loaded.plan.requests
        kind: Kind = "har" if source.har else "ndjson" if source.ndjson else "access_log"
        name = source.har or source.ndjson or source.access_log or ""
        if not os.path.lexists(loaded.root / name.replace("\0", "")):
            hint = "record requests first, or correct the path; it begins at the root of the workspace"
            raise ConfigError(f"there is no file {name}", at=loaded.document.locate(("requests", kind)), hint=hint)
        return _read(loaded.root, name, kind), loaded.root / name, name
    found = _BY_ENDING.get(given.suffix.lower())
    if found is None:
        hint = "name a file that ends with .har, .ndjson, .jsonl or .log"
        raise UsageError(f"--requests: {given.name}: not known how to read it", hint=hint)
    if not given.is_file():
        raise UsageError(f"--requests: there is no file {given.as_posix()}", hint="check the path")
    full = given.resolve()
    return _read(full.parent, full.name, found), full, full.name


def _read(root: Path, name: str, kind: Kind) -> Recording:
    try:
        if kind == "har":
            made = read_har(_archive(root, name))
        else:
            made = (read_ndjson if kind == "ndjson" else read_access_log)(lines_of(root, name))
    except InputError as error:  # a recording is no file of the estate: it is named, and wrong
        raise ConfigError(error.message, at=error.at, hint=error.hint) from None
    if made.is_malformed:
        reason, line = min(made.first.items(), key=lambda row: row[1])
        told = f"none of {made.unusable.total():,} records is a request: {reason}"
        raise ConfigError(told, at=Location(name, line), hint=_HINTS[kind])
    return made


def _archive(root: Path, name: str) -> Any:
    data = read_bytes(root, name, limits=_ARCHIVE)
    try:
        archive = json.loads(data.decode("utf-8-sig"))
        if isinstance(archive["log"]["entries"], list):
            return archive
        told = "log.entries is no list"
    except (KeyError, TypeError):
        told = "it has no log.entries"
    except (ValueError, RecursionError):
        told = "not valid JSON"
    raise ConfigError(f"not an HTTP archive: {told}", at=Location(name), hint=_HINTS["har"])
