"""A map held against the schema of one member: where each canonical field is, and what differs from the entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from retailctl.contracts.api.model import Place, escape
from retailctl.contracts.sets.fields import FieldNode, every_field, find, find_like
from retailctl.contracts.sets.paths import Path, parse, plain, shown
from retailctl.contracts.sets.types import carries, declared, type_text
from retailctl.errors import Location
from retailctl.model.map_file import CanonicalField, MapMember, MappedField

Status = Literal["carried", "unmapped", "dropped", "derived", "gone"]
Mark = Literal["renamed", "type-changed", "unit-changed", "type-unknown", "converted", "optional"]


Locate = Callable[[Place], Location]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One canonical field in one member. ``gone`` is a path that the map names and the schema does not have; ``lost``
    is how far one would have to go to find that it is not there. ``reason`` is why it is not carried, or how it is
    converted; ``pointer`` is where the map says so; ``accepted`` is True where it gives a reason for the name.
    """

    field: str
    path: Path = ()
    status: Status = "unmapped"
    types: tuple[str, ...] = ()
    unit: str = ""
    required: bool | None = None
    reason: str = ""
    marks: tuple[Mark, ...] = ()
    place: Place | None = None
    pointer: str = ""
    lost: Path = ()
    accepted: bool = False

    @property
    def is_there(self) -> bool:
        """Whether the member has the field itself."""
        return self.status == "carried"

    @property
    def type(self) -> str:
        """Its types in words."""
        return type_text(self.types)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberState:
    """A member at one version: every canonical field. ``index`` is its position in the map; ``inherited`` is True for
    a version that the map does not list and that is read as the one after it. ``unread`` says why there are no fields;
    ``missing`` is True where there is no such contract, version or schema.
    """

    name: str
    version: str = ""
    index: int = 0
    fields: Mapping[str, Carried] = field(default_factory=dict)
    contract: str | None = None
    path: str = ""
    at: str = ""
    unread: str = ""
    missing: bool = False
    known: tuple[str, ...] = ()
    inherited: bool = False
    root: FieldNode | None = field(default=None, compare=False)
    locate: Locate | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """How people name it: ``orders-api v2``."""
        return f"{self.name} {self.version}".rstrip()

    def place_of(self, one: Carried) -> Location | None:
        """Where the schema has the field."""
        return self.locate(one.place) if self.locate is not None and one.place is not None else None


class Said:
    """What a map says of one member, looked up by canonical path. ``pointer`` is of the member in the map."""

    def __init__(self, member: MapMember, pointer: str) -> None:
        self._said = member.fields or {}
        self._pointer = pointer
        self._by_path = {path: name for name in self._said if (path := parsed(name)) is not None}

    def of(self, path: Path) -> tuple[MappedField, str, Path]:
        """What is said of a field, where, and the rest of the path below the entry: of the field itself, or of the
        closest one around it."""
        for length in range(len(path), 0, -1):
            name = self._by_path.get(path[:length])
            if name is None:
                continue
            entry, rest = self._said[name], path[length:]
            if not rest or entry.path is not None or entry.dropped or entry.derived:
                return entry, f"{self._pointer}/fields/{escape(name)}", rest
        return MappedField(), self._pointer, ()


def parsed(text: str) -> Path | None:
    """The path, None for what is none."""
    try:
        return parse(text)
    except ValueError:
        return None


def carried_fields(
    fields: Mapping[str, CanonicalField], said: Said, root: FieldNode | None, *, inherited: bool = False
) -> dict[str, Carried]:
    """Every canonical field in one member. ``root`` is None for a member without a schema (Odoo).

    ``inherited``: the map is about a later version, so that a path that is not there yet says nothing, and the name of
    the entity counts.
    """
    return {
        name: _one(name, path, canonical, said, root, inherited=inherited)
        for name, canonical in fields.items()
        if (path := parsed(name)) is not None
    }


def _one(
    name: str, path: Path, canonical: CanonicalField, all_said: Said, root: FieldNode | None, *, inherited: bool
) -> Carried:
    said, pointer, rest = all_said.of(path)
    own = MappedField() if rest else said
    if said.dropped or said.derived:
        why: Status = "dropped" if said.dropped else "derived"
        return Carried(field=name, status=why, reason=said.dropped or said.derived or "", pointer=pointer)
    explicit = parsed(said.path) if said.path is not None else None
    if root is None:
        if explicit is None:
            return Carried(field=name, pointer=pointer)
        known = _Known(path=(*explicit, *rest), types=declared(own.type), unit=own.unit or "")
        return _compared(name, canonical, own, known, pointer)
    node, spelled = _node(root, path, explicit, rest)
    if node is None and inherited:
        node, spelled = _node(root, path, None, ())
    if node is None:
        gone = explicit is not None and len(spelled) <= len(explicit)
        status: Status = "gone" if gone else "unmapped"
        return Carried(field=name, path=explicit or () if gone else (), status=status, pointer=pointer, lost=spelled)
    known = _Known(spelled, node.types or declared(own.type), node.unit or own.unit or "", node.required, node.place)
    return _compared(name, canonical, own, known, pointer)


def _node(root: FieldNode, path: Path, explicit: Path | None, rest: Path) -> tuple[FieldNode | None, Path]:
    """The field and its path as spelled; or None, and the path as far as the first step that is not there."""
    start, begun, wanted = root, tuple[str, ...](), path
    if explicit is not None:
        found, count = find(root, explicit)
        if found is None:
            return None, explicit[: count + 1]
        start, begun, wanted = found, explicit, rest
    node, spelled = find_like(start, wanted)
    if node is None:
        return None, (*begun, *spelled, wanted[len(spelled)])
    return node, (*begun, *spelled)


class _Known(NamedTuple):
    path: Path
    types: tuple[str, ...]
    unit: str
    required: bool | None = None
    place: Place | None = None


def _compared(name: str, canonical: CanonicalField, own: MappedField, known: _Known, pointer: str) -> Carried:
    marks: list[Mark] = ["renamed"] if plain(known.path) != plain(parse(name)) else []
    fits = carries(canonical.type, known.types) if canonical.type else True
    if own.conversion or own.scale is not None:
        marks.append("converted")
    else:
        if fits is not True:
            marks.append("type-unknown" if fits is None else "type-changed")
        if canonical.unit and known.unit and known.unit.casefold() != canonical.unit.casefold():
            marks.append("unit-changed")
    if canonical.required and known.required is False:
        marks.append("optional")
    return Carried(
        field=name,
        path=known.path,
        status="carried",
        types=known.types,
        unit=known.unit,
        required=known.required,
        reason=own.conversion or (f"times ten to the power of {own.scale}" if own.scale is not None else ""),
        marks=tuple(marks),
        place=known.place,
        pointer=pointer,
        accepted=bool(own.renamed),
    )


def other_fields(state: MemberState) -> tuple[str, ...]:
    """The fields of a schema that carry no canonical field and are no part of one that is carried as a whole."""
    if state.root is None:
        return ()
    carried = {one.path for one in state.fields.values() if one.is_there}
    around = {path[:length] for path in carried for length in range(1, len(path))}
    whole = carried - around
    return tuple(
        shown(path)
        for path, _ in every_field(state.root)
        if path not in around and not any(path[:length] in whole for length in range(1, len(path) + 1))
        if path not in carried
    )
