"""Captured files as streams of messages: JSON lines and Avro, one message in memory at a time."""

from __future__ import annotations

import glob
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from retailctl.errors import IncompleteError, UsageError
from retailctl.model.event_message import LARGEST, Message
from retailctl.parallel.events.avro_files import avro_messages
from retailctl.parallel.events.envelopes import TOO_LARGE, Fault

_ENDINGS: Final = {
    "jsonl": (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz"),
    "avro": (".avro",),
}
_MANY: Final = 100_000
_CHUNK: Final = 1 << 20


def capture_files(root: Path, kind: str, where: str) -> tuple[Path, ...]:
    """The files of a path, a pattern or a folder, sorted by name: their order is the order of arrival.

    Raises UsageError where there are none, or where one is outside ``root``.
    """
    given = root / where
    if given.is_dir():
        found = [file for file in sorted(given.rglob("*")) if file.name.lower().endswith(_ENDINGS[kind])]
    else:
        found = sorted(Path(name) for name in glob.iglob(str(given), recursive=True))  # noqa: PTH207 - ** too
    files = tuple(file for file in found[: _MANY + 1] if file.is_file())
    if not files:
        hint = f"Write a path, a pattern or a folder with files such as events{_ENDINGS[kind][0]}."
        raise UsageError(f"{where}: there is no such capture", hint=hint)
    if len(files) > _MANY:
        raise UsageError(f"{where}: more than {_MANY:,} files", hint="Name a narrower pattern.")
    inside = root.resolve()
    if any(not file.resolve().is_relative_to(inside) for file in files):
        hint = "A link inside may not lead out either; copy the file into the workspace."
        raise UsageError(f"{where} leaves the workspace", hint=hint)
    return files


def file_messages(kind: str, files: tuple[Path, ...]) -> Iterator[Message | Fault]:
    """The messages of files, in order; a Fault stands for one that is too large to be read.

    Raises IncompleteError for a file that cannot be read to its end.
    """
    for file in files:
        try:
            yield from _lines(file) if kind == "jsonl" else avro_messages(file)
        except (OSError, EOFError, zlib.error) as error:
            what = (
                "is a broken archive"
                if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error)
                else "cannot be read"
            )
            raise IncompleteError(
                f"{file.name} {what} ({type(error).__name__})", hint="capture it again, or leave the file out"
            ) from None


def _lines(file: Path) -> Iterator[Message | Fault]:
    opened: Any = gzip.open if file.name.lower().endswith(".gz") else open
    with opened(file, "rb") as stream:
        while line := stream.readline(LARGEST + 2):
            if len(line) > LARGEST + 1 or (len(line) > LARGEST and not line.endswith(b"\n")):
                _skip_line(stream, line)
                yield Fault(TOO_LARGE)
            elif line.strip():
                yield Message(line.rstrip(b"\r\n"))


def _skip_line(stream: IO[bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(_CHUNK)
