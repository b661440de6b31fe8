"""Whether a document is an Avro schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

_DECLARED: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = MappingProxyType(
    {
        "record": lambda raw: isinstance(raw.get("fields"), list) and "name" in raw,
        "error": lambda raw: isinstance(raw.get("fields"), list) and "name" in raw,
        "enum": lambda raw: isinstance(raw.get("symbols"), list) and "name" in raw,
        "fixed": lambda raw: "size" in raw and "name" in raw,
        "map": lambda raw: "values" in raw,
    }
)
_MOST_STEPS: Final = 10_000


def is_avro(raw: object, path: str = "") -> bool:
    """Tell by the extension ``.avsc``, or by content: a type that only Avro has, with what belongs to it.

    An array is Avro if its items are: ``{"type": "array", "items": {"type": "string"}}`` reads the same in JSON Schema
    and is taken for that. A list is a union, so one Avro type in it is enough.
    """
    if PurePosixPath(path).suffix.lower() == ".avsc":
        return True
    todo: list[object] = [raw]
    for _ in range(_MOST_STEPS):
        if not todo:
            return False
        here = todo.pop()
        if isinstance(here, list):
            todo += here[:_MOST_STEPS]
        elif isinstance(here, Mapping) and "$schema" not in here:
            kind = here.get("type")
            if isinstance(kind, str) and kind in _DECLARED:
                if _DECLARED[kind](here):
                    return True
            elif kind == "array":
                if isinstance(here.get("items"), str):
                    return True
                todo.append(here.get("items"))
    return False
