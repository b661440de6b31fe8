"""A named change, where it stands on both sides, and every operation it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from retailctl.contracts.api.model import Operation, Place
from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.changes.schemas.graph import Node
from retailctl.contracts.changes.slots import Slot
from retailctl.model.compatibility import Category

Direction = Literal["request", "response", "none"]
Naming = Literal["retailctl", "oasdiff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """How two documents are compared.

    ``naming`` "oasdiff" names changes exactly as that tool does (webhooks and security included); ``as_of`` is the day
    that sunset dates are held against; ``days_stable`` and ``days_beta`` are the notice that a sunset must give.
    ``stability`` leaves out everything below that level. ``category`` is what Protobuf schemas promise. Paths are
    matched after the prefixes are cut or put before.
    """

    naming: Naming = "retailctl"
    as_of: date
    days_stable: int = 0
    days_beta: int = 0
    stability: str = ""
    category: Category | None = None
    match_path: str = ""
    unmatch_path: str = ""
    strip_prefix_base: str = ""
    strip_prefix_revision: str = ""
    prefix_base: str = ""
    prefix_revision: str = ""


class Occurrence(NamedTuple):
    """One operation that a change reaches, and where in it ("200 application/json", "query limit")."""

    operation: str
    at: str = ""


class SchemaEvidence(NamedTuple):
    """What a witness is made from: the pair of schemas, the difference, and a slot that reaches it."""

    node: Node
    fact: SchemaFact
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``id`` names the rule. ``what``, ``old``, ``new`` and ``location`` fill its text; ``subject`` is the operation or
    component that changed, ``pointer`` the place inside it (both enter the fingerprint). ``undecided`` is True for a
    difference whose meaning cannot be told."""

    id: str
    subject: str
    pointer: str = ""
    what: str = ""
    old: object = None
    new: object = None
    location: str = ""
    direction: Direction = "none"
    occurrences: tuple[Occurrence, ...] = ()
    old_place: Place | None = None
    new_place: Place | None = None
    stability: str = ""
    schema: SchemaEvidence | None = None
    undecided: bool = False

    @property
    def operations(self) -> tuple[str, ...]:
        """The labels of the operations, each once, in order."""
        return tuple(dict.fromkeys(occurrence.operation for occurrence in self.occurrences))


@dataclass(slots=True)
class Collector:
    """Gathers changes: what has one cause becomes one change with all the operations it reaches."""

    found: dict[tuple[object, ...], Change] = field(default_factory=dict)
    _occurrences: dict[tuple[object, ...], dict[Occurrence, None]] = field(default_factory=dict)

    def add(
        self,
        id: str,
        *,
        subject: str,
        old_place: Place | None,
        new_place: Place | None,
        occurrences: Iterable[Occurrence] = (),
        what: str = "",
        **more: object,
    ) -> None:
        """Report a change; the same id, place and name is the same cause."""
        key = (id, old_place, new_place, what, str(more.get("old")), str(more.get("new")))
        if key not in self.found:
            self.found[key] = Change(
                id=id, subject=subject, old_place=old_place, new_place=new_place, what=what, **more  # type: ignore[arg-type]
            )  # fmt: skip
        self._occurrences.setdefault(key, {}).update(dict.fromkeys(occurrences))

    def changes(self) -> list[Change]:
        """Every change with its operations, in the order of finding."""
        from dataclasses import replace

        return [replace(change, occurrences=tuple(self._occurrences[key])) for key, change in self.found.items()]


class Pair(NamedTuple):
    """An operation on both sides."""

    old: Operation
    new: Operation

    @property
    def label(self) -> str:
        """As the new side names it."""
        return self.new.label

    def at(self, where: str = "") -> tuple[Occurrence, ...]:
        """The occurrence of something in this operation."""
        return (Occurrence(self.new.label, where),)


def extension(raw: Mapping[str, object], name: str) -> object:
    """The value of an extension, None when it is absent."""
    return raw.get(name)
