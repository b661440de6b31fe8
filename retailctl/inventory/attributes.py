"""Attributes of nouns by their dotted path: which there are, and a noun with one of them set."""

from __future__ import annotations

import types
from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from retailctl.model.durations import interval_minutes

NOT_MERGED: Final = frozenset({"id", "sightings", "note", "name"})


@lru_cache(maxsize=512)
def types_of(owner: type, field: str) -> tuple[Any, ...]:
    """The types that a field may have beside None."""
    hint = get_type_hints(owner)[field]
    several = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return tuple(one for one in several if one is not type(None))


def block_of(owner: type, field: str) -> type | None:
    """The class of a nested block (``classification``); None for scalars, lists, and keys, whose class varies."""
    kinds = types_of(owner, field)
    return kinds[0] if len(kinds) == 1 and is_dataclass(kinds[0]) and isinstance(kinds[0], type) else None


def is_scalar(owner: type, field: str) -> bool:
    """Is it one value, and no list, mapping or block?"""
    return not any(get_origin(kind) in (tuple, dict, list) or is_dataclass(kind) for kind in types_of(owner, field))


def has_attribute(noun: Any, attribute: str) -> bool:
    """Is this a scalar attribute that the noun could have, in a block that it may lack?"""
    value = noun
    owner: Any = type(noun)
    *blocks, last = attribute.split(".")
    for part in blocks:
        if part not in _names(owner):
            return False
        value = getattr(value, part, None)
        kind = type(value) if is_dataclass(value) else block_of(owner, part)
        if kind is None:
            return False
        owner = kind
    return last in _names(owner) and is_scalar(owner, last) and attribute not in NOT_MERGED


def leaves(noun: Any, prefix: str = "") -> list[tuple[str, Any]]:
    """Scalar attributes that are declared, nested ones dotted. Lists are merged apart."""
    found: list[tuple[str, Any]] = []
    for field in fields(noun):
        value = getattr(noun, field.name)
        if value is None or field.name in NOT_MERGED or isinstance(value, tuple | dict):
            continue
        if is_dataclass(value):
            found.extend(leaves(value, f"{prefix}{field.name}."))
        else:
            found.append((prefix + field.name, value))
    return found


def put(noun: Any, path: list[str], value: Any) -> Any:
    """The noun with one attribute set, and a block made where it lacks one; itself where the value does not fit."""
    current = getattr(noun, path[0])
    if len(path) == 1:
        same = current is not None and comparable(current) == comparable(value)
        return noun if same or not fits(type(noun), path[0], value) else replace(noun, **{path[0]: value})
    if current is None:
        current = _empty(type(noun), path[0])
    if current is None or not hasattr(current, path[1]):
        return noun
    block = put(current, path[1:], value)
    return noun if block is current else replace(noun, **{path[0]: block})


def filled(value: Any, others: list[Any]) -> Any:
    """A value with what it lacks: an absent one is the first of the others, a block gets the lists that others have."""
    if value is None:
        return others[0]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for field in fields(value):
        known = [
            inner for one in others if type(one) is type(value) and (inner := getattr(one, field.name)) is not None
        ]
        if known and getattr(value, field.name) is None:
            changes[field.name] = known[0]
    return replace(value, **changes) if changes else value


def fits(owner: type, field: str, value: Any) -> bool:
    """A source may write what the vocabulary does not have ("in production"): evidence, but not a value."""
    try:
        adapter(owner, field).validate_python(value)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=512)
def adapter(owner: type, field: str) -> TypeAdapter[Any]:
    """The validator of one field."""
    return TypeAdapter(get_type_hints(owner, include_extras=True)[field])


def differ(attribute: str, values: list[Any]) -> bool:
    """Do sources contradict each other? One that only knows the pause between two runs (``1d``) does not contradict
    one that knows the hour (``0 2 * * *``)."""
    said = {comparable(value) for value in values}
    if attribute == "schedule" and len(said) > 1 and any(" " not in text for text in said):
        pauses = {interval_minutes(text) for text in said}
        return len(pauses) > 1 or None in pauses
    return len(said) > 1


def comparable(value: Any) -> str:
    """A value as it is compared: letters of one case, no margins."""
    return str(value).strip().casefold()


@lru_cache(maxsize=64)
def _names(owner: Hashable) -> frozenset[str]:
    return frozenset(field.name for field in fields(cast("Any", owner))) if is_dataclass(owner) else frozenset()


def _empty(owner: type, field: str) -> Any:
    kind = block_of(owner, field)
    try:
        return kind() if kind is not None else None
    except TypeError:  # a block that needs more than one value comes whole or not at all
        return None
