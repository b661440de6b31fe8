"""What the model expects at a place of a file: which keys, which words. Read off the annotations."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo


@cache
def keys_of(noun: type) -> Mapping[str, Any]:
    """Return the keys of a noun as they stand in files, with the type of each."""
    hints = get_type_hints(noun, include_extras=True)
    return {_alias(hints[field.name]) or field.name: hints[field.name] for field in fields(noun)}


def walk(expected: Any, data: Any, loc: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], Any]:
    """Return the path in the document that a pydantic ``loc`` means, and the type expected there.

    A ``loc`` also names the branches of unions, which are no part of the document: they are left out. There
    are no types where the model does not say.
    """
    path: list[str | int] = []
    current = branches(expected)
    for step in loc:
        chosen = tuple(_nouns(current, data))
        if len(chosen) == 1 < len(current) and isinstance(data, dict) and step in data.values():
            current = chosen  # the branch of a union, named by the value of its discriminator
            continue
        found, inner = _step(current, data, step)
        if not found:
            continue
        path.append(step)
        current = branches(inner) if inner is not None else ()
        data = _child(data, step)
    return tuple(path), current


def branches(expected: Any) -> tuple[Any, ...]:
    """Return the types that a value may have, without ``Annotated`` and without None."""
    origin = get_origin(expected)
    if origin is Annotated:
        return branches(get_args(expected)[0])
    if origin in (Union, types.UnionType):
        return tuple(b for arg in get_args(expected) for b in branches(arg))
    return () if expected in (None, types.NoneType) else (expected,)


def choices(current: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the words of all literal types at a place."""
    return tuple(str(arg) for b in current if get_origin(b) is Literal for arg in get_args(b))


def keys_at(current: tuple[Any, ...], data: Any) -> tuple[str, ...]:
    """Return the keys that a mapping at this place may have."""
    return tuple(dict.fromkeys(key for noun in _nouns(current, data) for key in keys_of(noun)))


def discriminator(current: tuple[Any, ...]) -> dict[str, tuple[str, ...]]:
    """Return the key that tells the nouns of a union apart, with all its values; empty without one."""
    nouns = [b for b in current if is_dataclass(b)]
    if len(nouns) < 2:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for noun in nouns:
        for key, hint in keys_of(noun).items():  # type: ignore[arg-type]
            if get_origin(hint) is Literal:
                found[key] = (*found.get(key, ()), *get_args(hint))
    return found


def _nouns(current: tuple[Any, ...], data: Any) -> Iterator[type]:
    """Yield the dataclasses at a place; of a union only the one that its discriminator chooses."""
    nouns = [b for b in current if is_dataclass(b) and isinstance(b, type)]
    if len(nouns) > 1 and isinstance(data, dict):
        for noun in nouns:
            tags = {k: get_args(h) for k, h in keys_of(noun).items() if get_origin(h) is Literal}
            if any(data.get(key) in values for key, values in tags.items() if isinstance(data.get(key), str)):
                yield noun
                return
    yield from nouns


def _step(current: tuple[Any, ...], data: Any, step: str | int) -> tuple[bool, Any]:
    """Return whether a step of ``loc`` is one of the document, and the type it leads to."""
    if isinstance(step, int):
        return True, next((get_args(b)[0] for b in current if get_origin(b) is tuple), None)
    for noun in _nouns(current, data):
        keys = keys_of(noun)
        if step in keys:
            return True, keys[step]
    if isinstance(data, dict) and step in data:
        return True, next((get_args(b)[1] for b in current if get_origin(b) is dict), None)
    return False, None


def _child(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _alias(hint: Any) -> str | None:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((extra.alias for extra in extras if isinstance(extra, FieldInfo) and extra.alias), None)
