"""A Protobuf schema where a contract document has it: a file of its own, or text inside another document."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from retailctl.contracts.api.model import Place
from retailctl.contracts.protobuf.problems import ProtoProblem
from retailctl.contracts.protobuf.reading import ProtoTree, read_proto
from retailctl.errors import Location

if TYPE_CHECKING:  # many versions are read so; one comparison needs none of it
    from retailctl.contracts.compatibility.change import ReadingChange
    from retailctl.contracts.protobuf.plain import PlainProto
    from retailctl.contracts.protobuf.plain_lines import Lines


class ProtoText:
    """``path`` is the file, "" for text inside another document. ``read`` gives the text of another file of the
    workspace and raises KeyError where there is none. An import is looked for beside the file, then in every folder
    above it: which of them protoc is given as the root of imports, no file says."""

    def __init__(self, text: str, path: str = "", read: Callable[[str], str] | None = None) -> None:
        self.text, self.path, self._read = text, path, read
        self._paths: dict[str, str] = {}
        self._plain: PlainProto | None = None

    def plain(self, lines: Lines) -> PlainProto | None:
        """The file as plain lines, None where it is not; what ``lines`` say is asked the first time only."""
        if self._plain is None and "tree" not in self.__dict__:
            from retailctl.contracts.protobuf.plain import read_plain

            self._plain = read_plain(self.text, lines, self._is_here)
        return self._plain

    def additions(self, old: ProtoText) -> list[ReadingChange] | None:
        """What the file has beyond ``old``, of which it is known that nothing else differs; None where only the trees
        can tell."""
        if self._plain is None or old._plain is None:
            return None
        from retailctl.contracts.protobuf.plain import plain_additions

        return plain_additions(old._plain, self._plain, self.path)

    def _is_here(self, path: str) -> bool:
        try:
            self._text_of(path)
        except KeyError:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        """Equal text that imports nothing means the same; what is imported may have changed."""
        return isinstance(other, ProtoText) and self.text == other.text and "import" not in self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def tree(self) -> ProtoTree:
        """The file with everything that it imports."""
        return read_proto(self._text_of, self.path)

    @cached_property
    def alone(self) -> ProtoTree:
        """The file without what it imports: of types that other files declare, nothing is known."""
        return read_proto({self.path: self.text}.__getitem__, self.path) if "import" in self.text else self.tree

    def locate(self, place: Place) -> Location:
        """Line and column of a place in this file or in one that it imports."""
        if self._plain is not None and place.path == self.path and place.pointer in self._plain.places:
            return Location(self.path, *self._plain.places[place.pointer], pointer=place.pointer)
        found = self.tree.locate(place)
        return Location(self.path_of(found.file), found.line, found.column, pointer=place.pointer)

    @property
    def problems(self) -> Iterator[tuple[ProtoProblem, Location]]:
        """What is wrong here and in the files that are imported, each with its place in the workspace."""
        for problem in self.tree.problems:
            yield problem, Location(self.path_of(problem.file), problem.line, problem.column)

    def path_of(self, file: str) -> str:
        """Where a file of the tree is in the workspace."""
        return self._paths.get(file, file or self.path)

    def _text_of(self, path: str) -> str:
        if path == self.path:
            return self.text
        if self._read is None:
            raise KeyError(path)
        for folder in _and_above(posixpath.dirname(self.path)):
            candidate = posixpath.normpath(posixpath.join(folder, path))
            try:
                text = self._read(candidate)
            except KeyError:
                continue
            self._paths[path] = candidate
            return text
        raise KeyError(path)


def _and_above(folder: str) -> Iterator[str]:
    """The folder, those around it, and the root."""
    while folder.strip("/"):
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
