"""The parts that make a change: which readings a test breaks, where both sides stand, and the case that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.change import ReadingChange, ReadingWitness
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.protobuf.model import Element, Enum, Field, Message, Service
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.readings.views import View
from retailctl.contracts.protobuf.rules.hits import printable

_Side = TypeVar("_Side")
NOTHING: Final[frozenset[Reading]] = frozenset()
BACKWARD: Final[frozenset[Reading]] = frozenset({"backward"})
FORWARD: Final[frozenset[Reading]] = frozenset({"forward"})
BOTH: Final[frozenset[Reading]] = frozenset({"backward", "forward"})
Show = Callable[["Focus", Reading], ReadingWitness | str]


def moved(name: str, package: str, moves: Mapping[str, str]) -> str:
    """The full name that something of an old package has on the new side."""
    if package not in moves:
        return name
    inner = name[len(package) + 1 :] if package else name
    return f"{moves[package]}.{inner}" if moves[package] else inner


Holder = Message | Enum | Service


@dataclass(frozen=True, slots=True)
class Focus:
    """What a witness has to show: the type on both sides, and the numbers of the fields that matter on each.

    ``reason`` says why there can be no datum; it is given instead of one.
    """

    old: str = ""
    new: str = ""
    old_numbers: tuple[int, ...] = ()
    new_numbers: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two trees under one view; ``show`` builds witnesses."""

    old: ProtoTree
    new: ProtoTree
    view: View
    show: Show
    moves: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """The full name that a type of the old side has on the new one, where its package was renamed."""
        one = self.old.types.get(name)
        return moved(name, self.old.files[one.file].package, self.moves) if one else name

    def same_type(self, old: Field, new: Field) -> bool:
        """Whether two fields have the same named type, or none."""
        return self.named(old.type) == new.type

    def readings(self, breaks: Callable[[_Side, _Side], bool], old: _Side, new: _Side) -> frozenset[Reading]:
        """The readings that break, by a test of a written against a read thing."""
        found: set[Reading] = set()
        if breaks(old, new):
            found.add("backward")
        if breaks(new, old):
            found.add("forward")
        return frozenset(found)

    def change(  # the parts of a change are named at the call
        self,
        id_: str,
        holder: Holder,
        *,
        old: Element | None = None,
        new: Element | None = None,
        old_file: str = "",
        new_file: str = "",
        told: tuple[str, str, str] = ("", "", ""),
        broken: frozenset[Reading] = NOTHING,
        focus: Focus | None = None,
    ) -> ReadingChange:
        """A change inside a type or a service; ``old`` and ``new`` are the elements that it is about.

        ``told`` fills the message: the thing (the name of the element where it is ""), its old and its new form.
        """
        element = new or old or holder
        inside = element.pointer.removeprefix(holder.pointer) if element is not holder else ""
        what, before, after = map(printable, told)
        shown = focus or Focus(reason="what is lost is the declaration, not the data of one message")
        show = self.show
        return ReadingChange(
            id=f"proto-{id_}",
            subject=holder.full_name,
            pointer=inside,
            what=what or element.name,
            old=before,
            new=after,
            location=holder.full_name,
            broken=broken,
            old_place=Place(old_file or holder.file, old.pointer) if old else None,
            new_place=Place(new_file or holder.file, new.pointer) if new else None,
            witness=lambda reading: show(shown, reading),
        )
