"""Artefact: one file under scan, opened under the guards of the workspace and parsed at most once."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.workspace.document import Document
from retailctl.workspace.formats import JSON, YAML, ending_of
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import open_regular, parse_bytes
from retailctl.workspace.source import Source

HEAD: Final = 64 * 1024
_PACKED: Final = b"\x1f\x8b"
_MARK: Final = b"\xef\xbb\xbf"  # of UTF-8; programs of Windows write it before JSON and logs too
_DEFAULT: Final = Limits()


class Artefact:
    """``path`` is what reports and sightings show; the file is ``relative`` below ``root``.

    Files packed with gzip are unpacked as they are read. Every method that reads raises InputError for content and
    IncompleteError for a file that cannot be read.
    """

    def __init__(self, root: Path, relative: str, *, path: str = "", limits: Limits = _DEFAULT) -> None:
        self.root, self.relative, self.limits = root, relative, limits
        self.path = path or relative
        self.name = PurePosixPath(self.path).name
        self.suffix = PurePosixPath(self.name.removesuffix(".gz")).suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, unpacked, without a byte order mark: by which a reader tells whether a file is for it."""
        with self.stream() as stream:
            return self._read(stream, HEAD).removeprefix(_MARK)

    @cached_property
    def first_lines(self) -> tuple[str, ...]:
        """Whole lines of the head, decoded with replacement; of a file with one line only, what there is of it."""
        lines = self.head.decode("utf-8", "replace").splitlines()
        return tuple(lines[:-1] if len(lines) > 1 and len(self.head) >= HEAD else lines)

    def stream(self) -> IO[bytes]:
        """The bytes behind a byte order mark; the caller closes it. Of any size: do not read it whole."""
        try:
            file = open_regular(self.root, self.relative)
            first = file.read(len(_MARK))
            packed = first[:2] == _PACKED
            file.seek(len(_MARK) if first == _MARK else 0)
        except OSError as error:
            raise IncompleteError(
                f"cannot be read: {error.strerror or type(error).__name__}",
                at=Location(self.path),
                hint="check its permissions",
            ) from None
        if not packed:
            return file
        unpacked = gzip.GzipFile(fileobj=file, mode="rb")
        unpacked.myfileobj = file  # type: ignore[assignment]  # closed with it
        return unpacked  # type: ignore[return-value]

    @cached_property
    def content(self) -> bytes:
        """All bytes, unpacked, up to the size limit of one file."""
        with self.stream() as stream:
            data = self._read(stream, self.limits.file_bytes + 1)
        if len(data) > self.limits.file_bytes:
            raise InputError(
                "INP002",
                f"more than {self.limits.file_bytes:,} bytes",
                at=Location(self.path),
                hint="split the file, or raise limits.file-mib",
            )
        return data

    @cached_property
    def text(self) -> str:
        """All of it as strict UTF-8 without a byte order mark."""
        return Source.decode(self.path, self.content).text

    @cached_property
    def document(self) -> Document | None:
        """The file as JSON or YAML, by its ending or its first character; None for other files.

        A YAML stream may hold several documents: ``roots`` has all. Raises InputError when it cannot be parsed.
        """
        form = self._format()
        if form is None:
            return None
        return parse_bytes(self.path, self.content, limits=self.limits, owned=False, require_mapping=False, format=form)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Top-level keys of the first document; empty for files of other forms and for broken ones."""
        data = self.data
        return frozenset(str(key) for key in data) if isinstance(data, dict) else frozenset()

    @cached_property
    def data(self) -> Any:
        """The first document, or None: for ``detect``, which must not fail on a broken file."""
        try:
            document = self.document
        except (InputError, IncompleteError):
            return None
        return document.roots[0] if document is not None and document.roots else None

    def documents(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """(steps that lead to it for :meth:`ref`, root) of every document of the stream."""
        document = self.document
        if document is None:
            return
        several = len(document.roots) > 1
        for number, root in enumerate(document.roots):
            yield ((number,) if several else ()), root

    def at(self, place: int | tuple[str | int, ...] = 0) -> Location:
        """The place of a line, or of the steps to a value of the document."""
        if isinstance(place, int):
            return Location(self.path, line=place)
        document = self.document
        return replace(document.locate(place), path=self.path) if document is not None else Location(self.path)

    def ref(self, place: int | tuple[str | int, ...] = 0) -> str:
        """``path#L12``, as sightings write it; the path alone when the line is not known."""
        line = self.at(place).line
        return f"{self.path}#L{line}" if line else self.path

    def error(self, code: str, message: str, place: int | tuple[str | int, ...] = 0, *, hint: str = "") -> InputError:
        """A located mistake of the content; a reader yields it and goes on, or raises it when nothing can be read."""
        return InputError(code, message, at=self.at(place), hint=hint)

    def _format(self) -> str | None:
        ending = ending_of(self.name.removesuffix(".gz"))
        if ending is not None:
            return ending.format if ending.format in (JSON, YAML) else None
        return JSON if self.head.lstrip()[:1] in (b"{", b"[") else None

    def _read(self, stream: IO[bytes], size: int) -> bytes:
        try:
            return stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                "INP001",
                f"is a broken archive: {type(error).__name__}",
                at=Location(self.path),
                hint="copy the file again",
            ) from None
