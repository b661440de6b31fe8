"""One parsed file: plain values, the places of its keys and items, and a form for the parse cache."""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from retailctl.errors import Location
from retailctl.workspace.formats import JSON, YAML
from retailctl.workspace.json_places import JsonPlaces, Place
from retailctl.workspace.json_reader import scan_json
from retailctl.workspace.notice import Notice
from retailctl.workspace.positions import Path, Positions, line_and_column, line_starts, typed
from retailctl.workspace.scalars import SourceFloat, SourceInt, resolve
from retailctl.workspace.yaml_reader import value_spans

_SCHEMA: Final = "retailctl.document/2"


def pointer(path: Sequence[str | int]) -> str:
    """Return the RFC 6901 pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def steps(text: str) -> tuple[str, ...]:
    """Return the steps of an RFC 6901 pointer; all are text, as the pointer does not tell an index from a key."""
    if not text:
        return ()
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.removeprefix("/").split("/"))


class Document:
    """The content of one file.

    ``roots`` holds the documents of the stream; ``data`` is the document itself, or the list of them when there are
    several (a pointer then starts with the number of the document). ``sha256`` is of the bytes of the file, and
    ``load`` reads those bytes again (None: they changed), for places that are worked out only when asked for.
    ``keeps_sources`` is False when no value remembers its source text, ``may_refer`` when nothing in it looks like a
    reference (``$ref``).
    """

    __slots__ = (
        *("_places", "_positions", "_spans"),
        *("format", "keeps_sources", "load", "may_refer", "notices", "path", "roots", "sha256"),
    )

    def __init__(
        self,
        path: str,
        roots: list[Any],
        positions: Positions | None,
        sha256: str,
        *,
        format: str = YAML,
        notices: tuple[Notice, ...] = (),
        load: Callable[[], str | None] | None = None,
    ) -> None:
        self.path, self.roots, self.sha256 = path, roots, sha256
        self.format, self.notices, self.load = format, notices, load
        self.keeps_sources = self.may_refer = True
        self._positions = positions
        self._spans: array[int] | None = None
        self._places: JsonPlaces | None = None

    @property
    def data(self) -> Any:
        """The document, or the list of documents when the file holds several."""
        return self.roots[0] if len(self.roots) == 1 else self.roots

    def locate(self, where: str | Sequence[str | int]) -> Location:
        """Return the place of a key or item, given as a JSON Pointer or as steps.

        For a path that does not exist it is the place of the closest parent that does; ``pointer`` stays as asked.
        """
        path = self._path(where)
        line, column = self._place(path)[0]
        return Location(self.path, line, column, pointer=pointer(path))

    def locate_value(self, where: str | Sequence[str | int]) -> Location:
        """Return the place of a value, with its end if it is a scalar; the text is read once more for it.

        The same as :meth:`locate` when the path does not exist or the text has changed in the meantime.
        """
        path = self._path(where)
        key, span = self._place(path, spans=True)
        if span is None:
            return Location(self.path, *key, pointer=pointer(path))
        (line, column), (end_line, end_column) = span
        return Location(self.path, line, column, end_line, end_column, pointer(path))

    def _place(self, path: Path, *, spans: bool = False) -> tuple[Place, tuple[Place, Place] | None]:
        """Return where a key or item stands, and with ``spans`` where its value begins and ends, if it exists."""
        if self.format == JSON and self._positions is None:
            if self._places is None and (text := self.load() if self.load else None) is not None:
                self._places = JsonPlaces(text)
            if self._places is None:
                return (0, 0), None
            if not self._places.worn:
                return self._places.place(self.data, path)
        positions = self.positions()
        if positions is None:
            return (0, 0), None
        full = path if len(self.roots) > 1 else (0, *path)
        entry, found = positions.find(self.roots, full)
        if not spans or found != len(full) or not self._load_spans() or self._spans is None:
            return positions.place(entry), None
        begin, end = self._spans[2 * entry], self._spans[2 * entry + 1]
        last = line_and_column(positions.lines, end) if end > begin else (0, 0)
        return positions.place(entry), (line_and_column(positions.lines, begin), last)

    def _path(self, where: str | Sequence[str | int]) -> Path:
        return typed(self.data, steps(where)) if isinstance(where, str) else tuple(where)

    def positions(self) -> Positions | None:
        """Return the positions; for JSON they are scanned at the first call, None when the text has changed."""
        if self._positions is None:
            text = self.load() if self.load else None
            if text is not None:
                marks, self._spans = scan_json(text)
                self._positions, self._places = Positions(marks, line_starts(text)), None
        return self._positions

    def _load_spans(self) -> bool:
        if self._spans is None:
            text = self.load() if self.load else None
            if text is None:
                return False
            self._spans = scan_json(text)[1] if self.format == JSON else value_spans(text)
        return True

    def encode(self) -> bytes | None:
        """Return the document as bytes for a cache, or None when it is better parsed again (aliases, decimals).

        A line with the digest of the rest, one line of JSON with the facts, then the positions, then the data as JSON.
        """
        positions = self._positions
        if positions is not None and (positions.aliases or positions.merges):
            return None
        try:
            body = json.dumps(self.roots, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode()
        except (TypeError, ValueError, RecursionError):
            return None
        tables = [] if positions is None else [_little_endian(table) for table in _tables(positions)]
        head = {
            "schema": _SCHEMA,
            "path": self.path,
            "sha256": self.sha256,
            "format": self.format,
            "notices": [[notice.message, notice.at.line, notice.at.column] for notice in self.notices],
            "sources": list(_sources(self.roots)) if self.keeps_sources else [],
            "tables": [len(table) for table in tables],
        }
        parts = (json.dumps(head).encode(), b"\n", *tables, body)
        digest = hashlib.sha256()
        for part in parts:  # one after the other: a large document is copied only once
            digest.update(part)
        return b"".join((digest.hexdigest().encode(), b"\n", *parts))

    @classmethod
    def decode(cls, data: bytes, *, load: Callable[[], str | None] | None = None) -> Document:
        """Return the document that :meth:`encode` wrote; raise ValueError for any other bytes.

        ``load`` reads the text again for places that the cache does not hold (see ``reader.text_loader``).
        """
        try:
            return cls._decode(data, load)
        except (LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise ValueError(f"not a cached document: {type(error).__name__}") from None

    @classmethod
    def _decode(cls, data: bytes, load: Callable[[], str | None] | None) -> Document:
        digest, _, content = data.partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            raise ValueError("not a cached document: the digest differs")
        first, _, payload = content.partition(b"\n")
        head = json.loads(first)
        if head["schema"] != _SCHEMA:
            raise ValueError("a cached document of another version")
        tables, begin = [], 0
        for length in head["tables"]:
            table = array("I")
            table.frombytes(payload[begin : begin + length])
            if sys.byteorder == "big":
                table.byteswap()
            tables.append(table)
            begin += length
        positions = None
        if tables:
            marks, lines, shallow = tables
            positions = Positions(marks, lines, dict(zip(shallow[::2], shallow[1::2], strict=True)))
        roots = json.loads(payload[begin:])
        for path, text in head["sources"]:
            *parents, last = path
            container = roots
            for step in parents:
                container = container[step]
            container[last] = resolve(text, keep_source=True)
        notices = tuple(Notice(text, Location(head["path"], line, column)) for text, line, column in head["notices"])
        return cls(head["path"], roots, positions, head["sha256"], format=head["format"], notices=notices, load=load)


def _tables(positions: Positions) -> tuple[array[int], array[int], array[int]]:
    """The three tables of a document: offsets, line starts, and pairs of start and size of what was measured."""
    pairs = array("I", (number for pair in positions.sizes.items() for number in pair))
    return positions.marks, positions.lines, pairs


def _little_endian(table: array[int]) -> bytes:
    if sys.byteorder == "big":
        table = table[:]
        table.byteswap()
    return table.tobytes()


def _sources(roots: list[Any]) -> Iterator[tuple[Path, str]]:
    """Yield path and text of every scalar that remembers its source, below the list of documents."""
    stack: list[tuple[Path, Any]] = [((), roots)]
    while stack:
        path, container = stack.pop()
        for key, value in container.items() if isinstance(container, dict) else enumerate(container):
            if isinstance(value, dict | list):
                stack.append(((*path, key), value))
            elif isinstance(value, SourceInt | SourceFloat):
                yield (*path, key), value.text
