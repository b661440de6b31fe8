"""The outline of a JSON Schema: its objects and lists opened, everything else taken as it is written.

An object may grow where it only names its properties and says which it needs: there a new property changes nothing for
data that was declared so far. Keywords that count properties, or turn the meaning of what stands inside them around,
are not opened. Source: JSON Schema 2020-12, Core sections 8 and 10, Validation section 6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from retailctl.contracts.api.model import escape
from retailctl.contracts.compatibility.outline import NoOutlineError, Outline, without, written

_PROSE: Final = frozenset({"title", "description", "$comment", "examples"})
_ROOT: Final = _PROSE | {"$id", "id", "$schema"}
_DEFINITIONS: Final = frozenset({"$defs", "definitions"})
_OBJECT: Final = frozenset({"type", "properties", "required", "additionalProperties"})
_LIST: Final = frozenset({"type", "items", "minItems", "maxItems"})
_HIDDEN: Final = frozenset({"readOnly", "writeOnly", "deprecated"})
_NESTED: Final = frozenset({"properties", "items"})
_OF_ROOT: Final = re.compile(r"/properties/[^/]*+")
_LOCAL: Final = re.compile(r"#|#/[^%~]*+")
_Todo = list[tuple[Any, str]]


class _Fragment(NamedTuple):
    """What a property says, wherever it stands: its parts and those of them that hide it, by the end of the pointer."""

    parts: tuple[tuple[str, object], ...]
    hiding: tuple[str, ...]
    is_closed: bool


Fragments = dict[bytes, _Fragment]
"""What properties of other versions say, by how they are written."""


def schema_outline(raw: Mapping[str, Any], known: Fragments | None = None) -> Outline:
    """The outline of a schema that stands alone, as written; definitions that nothing leads to say nothing. What
    ``known`` has of a property of the root is not worked out again.

    Raises NoOutlineError where references lead elsewhere, or stand where what they lead to may not grow.
    """
    if not raw:
        raise NoOutlineError  # true and false come as nothing written
    found = Outline()
    todo: _Todo = [(without(raw, _ROOT), "")]
    reached: set[str] = set()
    while todo:
        value, pointer = todo.pop()
        if known is not None and _is_known(value, pointer, found, known):
            continue
        _take(value, pointer, found, todo)
        reference = value.get("$ref") if isinstance(value, dict) else None
        if reference is not None and (folder := _definition(str(reference))) and folder not in reached:
            reached.add(folder)
            _, name, inner = folder.split("/")
            todo.append((_in(_in(raw, name), inner), folder))
    return found


def _take(value: Any, pointer: str, found: Outline, todo: _Todo) -> None:
    if isinstance(value, dict):
        _open(without(value, _PROSE), pointer, found, todo)
    else:
        found.parts[pointer] = value if isinstance(value, bool) else written(value)
        _needed(pointer, found)


def _is_known(value: Any, pointer: str, found: Outline, known: Fragments) -> bool:
    """Note a property of the root as far as it says the same wherever it stands: it has no reference in it."""
    if not (isinstance(value, dict) and _OF_ROOT.fullmatch(pointer)):
        return False
    try:
        text = written(value)
    except NoOutlineError:
        return False
    if b"$" in text:
        return False
    fragment = known.get(text)
    if fragment is None:
        fragment = known[text] = _fragment(value, pointer)
    for end, part in fragment.parts:
        found.parts[pointer + end] = part
    for end in fragment.hiding:
        _needed(pointer + end, found)
    found.is_closed = found.is_closed or fragment.is_closed
    return True


def _fragment(value: Any, pointer: str) -> _Fragment:
    alone, cut = Outline(), len(pointer)
    todo: _Todo = [(value, pointer)]
    while todo:
        _take(*todo.pop(), alone, todo)
    parts = tuple((str(key)[cut:], part) for key, part in alone.parts.items())
    return _Fragment(parts, tuple(str(key)[cut:] for key in alone.holders), alone.is_closed)


def _definition(reference: str) -> str:
    """The pointer of the definition that a reference leads to, or into; "" for one into the schema itself."""
    steps = reference.split("/")
    return "/".join(["", *steps[1:3]]) if len(steps) > 2 and steps[1] in _DEFINITIONS else ""


def _in(value: object, name: str) -> Any:
    """A member, or a schema that says nothing: a reference that leads nowhere is a problem of its own."""
    return value[name] if isinstance(value, dict) and name in value else {}


def _open(raw: Mapping[str, Any], pointer: str, found: Outline, todo: _Todo) -> None:
    """Note a schema, and what is inside where that may grow on its own."""
    said = raw.keys() if pointer else raw.keys() - _DEFINITIONS
    if "properties" in said and _says_only(said, _OBJECT) and _may_grow(raw):
        found.is_closed = found.is_closed or raw.get("additionalProperties") is False
        _named(raw["properties"], f"{pointer}/properties", todo)
    elif "items" in said and _says_only(said, _LIST) and isinstance(raw["items"], dict):
        todo.append((raw["items"], f"{pointer}/items"))
    else:
        found.parts[pointer] = whole = written(raw if pointer else without(raw, _DEFINITIONS))
        if b"$" in whole:
            found.is_tree = False
            _reference(raw if pointer else without(raw, _DEFINITIONS), whole)
        if not said.isdisjoint(_HIDDEN):
            _needed(pointer, found)
        return
    found.parts[pointer] = "opened", written(without(raw, _NESTED if pointer else _NESTED | _DEFINITIONS))


def _says_only(said: AbstractSet[str], known: frozenset[str]) -> bool:
    """True for a schema of these keywords; extensions are compared as they are written."""
    return said <= known or all(name in known or str(name).startswith("x-") for name in said)


def _may_grow(raw: Mapping[str, Any]) -> bool:
    """True for an object that takes whatever it does not name, or nothing, and names what it needs."""
    names, needed = raw["properties"], raw.get("required", [])
    if not isinstance(names, dict) or not isinstance(needed, list):
        return False
    return isinstance(raw.get("additionalProperties", True), bool) and all(
        isinstance(name, str) and name in names for name in needed
    )


def _named(schemas: object, pointer: str, todo: _Todo) -> None:
    if not isinstance(schemas, dict):
        raise NoOutlineError
    todo.extend((value, f"{pointer}/{escape(str(name))}") for name, value in schemas.items())


def _needed(pointer: str, found: Outline) -> None:
    """What hides a property, or shuts it out, is no plain addition to what holds it."""
    found.holders[pointer] = pointer.rpartition("/properties/")[0]


def _reference(raw: Mapping[str, Any], whole: bytes) -> None:
    """Let a plain reference pass that stands alone, or a ``$`` that only looks like one."""
    reference = raw.get("$ref")
    if len(raw) == 1 and isinstance(reference, str) and _LOCAL.fullmatch(reference):
        return
    if any(mark in whole for mark in (b"$ref", b"$dynamic", b"$recursive", b"$id", b"$anchor", b"$defs")):
        raise NoOutlineError
