"""Fields that can be asked: what may be answered, in words, and whether an answer fits."""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from retailctl.inventory.attributes import adapter, block_of
from retailctl.model.inventory_file import KIND_OF_SECTION, SECTIONS

SECTION_OF: Final = {kind: section for section, kind in KIND_OF_SECTION.items()}
_NEVER: Final = frozenset({"id", "sightings", "note", "name", "key"})
_PLAIN: Final = {bool: "true or false", int: "a whole number", float: "a number", Decimal: "a number",
                 date: "a day, YYYY-MM-DD", datetime: "a day, YYYY-MM-DD"}  # fmt: skip
# Attribute -> as a file spells it, where the two differ.
_SPELLED: Final = {"sync.source": "sync.from"}


@dataclass(frozen=True, slots=True)
class Askable:
    """One field: what may be written there, and what it means."""

    owner: type
    field: str
    allowed: str
    meaning: str


def askable(kind: str, path: str) -> Askable | None:
    """The field at a dotted path of a kind of noun; None when there is none that anybody could answer."""
    owner: type | None = SECTIONS[SECTION_OF[kind]] if kind in SECTION_OF else None
    *blocks, last = path.split(".")
    if not path or path.split(".", maxsplit=1)[0] in _NEVER:
        return None
    for block in blocks:
        known = owner is not None and block in {field.name for field in fields(owner)}
        owner = block_of(owner, block) if owner is not None and known else None
    if owner is None or not is_dataclass(owner) or last not in {field.name for field in fields(owner)}:
        return None
    hint = get_type_hints(owner, include_extras=True)[last]
    info = next((one for one in _metadata(hint) if isinstance(one, FieldInfo)), None)
    return Askable(owner, last, _allowed(hint, info), (info.description or "") if info is not None else "")


def problem_of(field: Askable, value: Any) -> str:
    """Why an answer is none of what is allowed; empty when it is."""
    if value in ("", [], {}) and not isinstance(value, list):
        return "is empty"
    try:
        adapter(field.owner, field.field).validate_python(value)
    except ValidationError:
        return f"is not {field.allowed}" if field.allowed else "does not fit the field"
    return ""


def spelled(path: str) -> str:
    """The path as a file of the inventory has it."""
    return _SPELLED.get(path, path)


def value_at(noun: Any, path: str) -> Any:
    """The value at a dotted path of a noun, None where it is not declared."""
    for step in path.split("."):
        noun = getattr(noun, step, None)
        if noun is None:
            return None
    return noun


def _metadata(hint: Any) -> tuple[Any, ...]:
    return tuple(get_args(hint)[1:]) if get_origin(hint) is Annotated else ()


def _bare(hint: Any) -> Any:
    return _bare(get_args(hint)[0]) if get_origin(hint) is Annotated else hint


def _kinds(hint: Any) -> list[Any]:
    bare = _bare(hint)
    several = get_args(bare) if get_origin(bare) in (Union, types.UnionType) else (bare,)
    return [_bare(one) for one in several if one is not type(None)]


def _allowed(hint: Any, info: FieldInfo | None) -> str:
    words = []
    for kind in _kinds(hint):
        if get_origin(kind) is tuple:
            inner = _allowed(get_args(kind)[0], None)
            words.append(f"a list of {inner}" if inner else "a list, such as [a, b]")
        elif is_dataclass(kind):
            words.append("a mapping with " + ", ".join(each.name for each in fields(kind)))
        elif get_origin(kind) is Literal:
            words.append(f"one of {', '.join(map(str, get_args(kind)))}")
        elif kind in _PLAIN and _PLAIN[kind] not in words:
            words.append(_PLAIN[kind])
    examples = [str(one) for one in (info.examples or ()) if isinstance(one, str)] if info is not None else []
    return " or ".join(words) or (f"text, such as {', '.join(examples)}" if examples else "text")
