"""A tree of ``.proto`` files from its root file, or from a set of files: read, linked and looked over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.protobuf import wellknown
from retailctl.contracts.protobuf.checks import check
from retailctl.contracts.protobuf.linking import Linker
from retailctl.contracts.protobuf.locating import mark_of
from retailctl.contracts.protobuf.model import Enum, Message, ProtoFile
from retailctl.contracts.protobuf.parser import MAX_LENGTH, parse
from retailctl.contracts.protobuf.problems import ProtoProblem

MAX_TREE: Final = 3 * MAX_LENGTH


class Located(NamedTuple):
    """A place in words that an editor understands."""

    file: str
    line: int
    column: int


@dataclass(slots=True)
class ProtoTree:
    """Files by path, types by full name. ``root`` is the file that was asked for, "" for a set of files."""

    files: dict[str, ProtoFile]
    root: str = ""
    problems: list[ProtoProblem] = field(default_factory=list)
    types: Mapping[str, Message | Enum] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Whether every file was read to its end; else the tree says nothing of what it does not declare."""
        return not any(problem.unreadable for problem in self.problems)

    def locate(self, place: Place) -> Located:
        """The line and column of a place; an unknown pointer gives the nearest thing around it."""
        path = place.path or self.root
        file = self.files.get(path)
        if file is None:
            return Located(path, 1, 1)
        return Located(path, *file.position(mark_of(file, place.pointer)))


def read_proto(read: Callable[[str], str], root_path: str) -> ProtoTree:
    """The file ``root_path`` with everything it imports.

    ``read`` gives the text of a path and raises OSError, KeyError or ValueError where it has none; that is a problem
    at the import, and for the root file itself the error goes on to the caller.
    """
    files = {root_path: read(root_path)}
    missing: dict[str, str] = {}
    parsed: dict[str, ProtoFile] = {}
    problems: list[ProtoProblem] = []
    waiting = [root_path]
    room = MAX_TREE
    while waiting:
        path = waiting.pop()
        room -= len(files[path])
        if room < 0:
            told = f"the imported files have more than {MAX_TREE:,} characters together: import less"
            problems.append(ProtoProblem("proto-size", path, 1, 1, told))
            break
        parsed[path], found = parse(path, files[path])
        problems += found
        for one in parsed[path].imports:
            if one.path not in files and one.path not in missing:
                try:
                    files[one.path] = read(one.path)
                except (OSError, KeyError, ValueError):
                    missing[one.path] = path
                else:
                    waiting.append(one.path)
    return _tree(parsed, root_path, problems)


def read_set(texts: Mapping[str, str]) -> ProtoTree:
    """A set of files by path, all of them of interest, as the modules of an estate or of a registry."""
    parsed: dict[str, ProtoFile] = {}
    problems: list[ProtoProblem] = []
    for path in sorted(texts):
        parsed[path], found = parse(path, texts[path])
        problems += found
    return _tree(parsed, "", problems)


def _tree(parsed: dict[str, ProtoFile], root: str, problems: list[ProtoProblem]) -> ProtoTree:
    linker = Linker(parsed)
    linker.link()
    cut = {problem.file for problem in problems if problem.unreadable}
    # A file that ends in a syntax error declares less than it seems to: what is missing then is no problem of others.
    unknown = [] if cut else linker.problems
    problems = [*problems, *unknown, *check(parsed, cut, frozenset(wellknown.FILES))]
    order = sorted(set(problems), key=lambda one: (one.file, one.line, one.column, one.code, one.message))
    return ProtoTree(parsed, root, order, linker.types)
