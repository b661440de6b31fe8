"""What breaks between two trees under the rules of buf: located findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.protobuf.categories import CATEGORIES, REPLACED, V2_ONLY
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.rules.hits import Hit, Sides, printable
from retailctl.contracts.protobuf.rules.index import RULES, buf_id, our_id
from retailctl.contracts.rules.rules import rule

DEFAULT_USE: Final = ("FILE",)
_UNSTABLE: Final = re.compile(r"v[1-9][0-9]*(?:(?:p[1-9][0-9]*)?(?:alpha|beta)[0-9]*|test.*)")


@dataclass(frozen=True, slots=True)
class BreakingConfig:
    """Which rules are asked, as the ``breaking`` part of a ``buf.yaml`` says it; ids are buf's or ours.

    ``ignore`` and ``ignore_only`` name files or folders; a finding is left out where its file on either side is one.
    """

    use: Sequence[str] = DEFAULT_USE
    leave_out: Sequence[str] = ()
    ignore: Sequence[str] = ()
    ignore_only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ignore_unstable_packages: bool = False
    version: str = "v2"

    @classmethod
    def of(cls, document: object) -> BreakingConfig:
        """The configuration in a loaded ``buf.yaml``; what it does not say has its default."""
        whole = document if isinstance(document, Mapping) else {}
        said = whole.get("breaking")
        part = said if isinstance(said, Mapping) else {}
        only = part.get("ignore_only")
        return cls(
            use=_names(part.get("use")) or DEFAULT_USE,
            leave_out=_names(part.get("except")),
            ignore=_names(part.get("ignore")),
            ignore_only={str(key): _names(paths) for key, paths in only.items()} if isinstance(only, Mapping) else {},
            ignore_unstable_packages=part.get("ignore_unstable_packages") is True,
            version=str(whole.get("version") or "v1"),
        )

    def rules(self) -> tuple[str, ...]:
        """The ids of buf that are asked, in order."""
        asked = _ids(self.use, self.version) - _ids(self.leave_out, self.version)
        return tuple(sorted(asked & RULES.keys()))


class ProtoFinding(NamedTuple):
    """A break: ``rule`` is our id. The place is on the new side; a line of None is the file as a whole, and an empty
    file nothing on that side. ``old`` is the place on the old side."""

    rule: str
    file: str
    line: int | None
    column: int | None
    message: str
    place: Place
    old: Place
    what: str = ""
    before: str = ""
    after: str = ""
    where: str = ""


def breaking(old: ProtoTree, new: ProtoTree, config: BreakingConfig | None = None) -> list[ProtoFinding]:
    """Every break that the rules in force find, sorted by file, line and rule."""
    chosen = config or BreakingConfig()
    sides = Sides(aligned(old, new), new)
    only = {id_: paths for key, paths in chosen.ignore_only.items() for id_ in _ids([key], chosen.version)}
    found = [
        _finding(our_id(id_), hit, new)
        for id_ in chosen.rules()
        for hit in RULES[id_](sides)
        if not _ignored(hit, (*chosen.ignore, *only.get(id_, ())))
        and not (chosen.ignore_unstable_packages and _unstable(hit, sides))
    ]
    return sorted(found, key=lambda one: (one.file, one.line or 0, one.column or 0, one.rule, one.message))


def aligned(old: ProtoTree, new: ProtoTree) -> ProtoTree:
    """The old tree with the paths of the new one, where the only difference is one folder around all of it."""
    if not old.files or old.files.keys() & new.files.keys():
        return old
    folders = {path.partition("/")[0] for path in old.files}
    if len(folders) != 1 or not all("/" in path for path in old.files):
        return old
    moved = {path.partition("/")[2]: file for path, file in old.files.items()}
    if not moved.keys() & new.files.keys():
        return old
    for path, file in moved.items():
        file.path = path
        for message in file.all_messages():
            message.file = path
            for member in message.fields:
                member.file = path
        for enum in file.all_enums():
            enum.file = path
        for service in file.services:
            service.file = path
        for extension in file.all_extensions():
            extension.file = path
    return ProtoTree(moved, old.root.partition("/")[2], old.problems, old.types)


def _finding(id_: str, hit: Hit, new: ProtoTree) -> ProtoFinding:
    line, column = new.files[hit.file].position(hit.mark) if hit.mark is not None else (None, None)
    old, now = printable(hit.old), printable(hit.new)
    told = rule(id_).message(hit.what, old=old, new=now, where=hit.where)
    places = Place(hit.file, hit.pointer), Place(hit.old_file, hit.old_pointer)
    return ProtoFinding(id_, hit.file, line, column, told, *places, hit.what, old, now, hit.where)


def _ids(names: Sequence[str], version: str) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        if name in CATEGORIES:
            found |= CATEGORIES[name] - (frozenset() if version == "v2" else V2_ONLY)
        else:
            id_ = buf_id(name)
            found |= set(REPLACED.get(id_, (id_,)))
    return frozenset(found)


def _ignored(hit: Hit, ignored: Sequence[str]) -> bool:
    return any(_under(path, folder) for path in (hit.file, hit.old_file) if path for folder in ignored)


def _under(path: str, folder: str) -> bool:
    folder = folder.removeprefix("./").rstrip("/")
    return folder in (path, ".") or path.startswith(f"{folder}/")


def _unstable(hit: Hit, sides: Sides) -> bool:
    files = (sides.new.files.get(hit.file), sides.old.files.get(hit.old_file))
    return any(file is not None and _UNSTABLE.fullmatch(file.package.rpartition(".")[2]) for file in files)


def _names(said: object) -> tuple[str, ...]:
    if isinstance(said, str):
        return (said,)
    return tuple(map(str, said)) if isinstance(said, Sequence) else ()
