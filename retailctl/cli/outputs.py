"""``--format`` and ``--output``: what is rendered, and where it goes; checked before the run begins."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retailctl.cli.usage import one_of
from retailctl.errors import IncompleteError, Location, UsageError

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Target:
    """One rendering: its format, and the file it goes to (None is stdout)."""

    format: str
    path: Path | None = None


def parse(format: str, outputs: Sequence[str], formats: Sequence[str], *, outside: bool = False) -> tuple[Target, ...]:
    """The targets of one run: files first, stdout last.

    ``FORMAT=PATH`` writes a file besides what ``--format`` gives on stdout; ``FORMAT=-`` takes its place,
    and a bare ``PATH`` takes it off stdout into a file.
    """
    files: list[Target] = []
    stdout: list[Target] = []
    moved = False
    for spec in outputs:
        name, equals, place = spec.partition("=")
        if not equals:
            name, place, moved = format, spec, moved or spec != STDOUT
        if name not in formats:
            raise one_of(f"--output {spec}", name, formats)
        if place == STDOUT:
            stdout.append(Target(name))
        else:
            files.append(Target(name, checked(place, outside=outside)))
    if len(stdout) > 1:
        raise UsageError("--output: stdout holds one result", hint="write the others to files")
    if len({target.path for target in files}) < len(files):
        raise UsageError("--output: two formats go to one file")
    return (*files, *(stdout or ([] if moved else [Target(format)])))


def checked(place: str, *, outside: bool) -> Path:
    """The absolute path of a file that can be written: a mistake is found now, not after a long run."""
    if not place or "\0" in place:
        raise UsageError("--output: the path is empty", hint="write FORMAT=PATH, such as sarif=audit.sarif")
    path = Path(os.path.realpath(place))  # links resolved: one that leaves the folder counts as outside
    if not outside and not path.is_relative_to(Path.cwd().resolve()):
        hint = "add --allow-outside if you mean it"
        raise UsageError(f"--output: {place} is outside the working folder", hint=hint)
    if path.is_dir():
        raise UsageError(f"--output: {place} is a folder")
    if not path.parent.is_dir():
        raise UsageError(f"--output: there is no folder {Path(place).parent}", hint="create it first")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"--output: the folder of {place} cannot be written")
    return path


def checked_folder(place: Path, *, outside: bool) -> Path:
    """A folder for results, made when it is not there; inside the working folder unless a flag says otherwise."""
    path = Path(os.path.realpath(place))
    if not outside and not path.is_relative_to(Path.cwd().resolve()):
        raise UsageError(f"--output: {place} is outside the working folder", hint="add --allow-outside if you mean it")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"--output: {place} is no folder: {reason}", hint="name a folder") from None
    return path


def write(path: Path, text: str) -> None:
    """Replace ``path`` in one step: a reader sees the old file or the new one, never half."""
    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a named pipe: nothing to replace
            path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
            return
        _replace(path, text)
    except OSError as error:
        what = f"cannot write: {error.strerror}"
        raise IncompleteError(what, at=Location(path.name), hint="the file is as it was before") from error


def _replace(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(mode)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
