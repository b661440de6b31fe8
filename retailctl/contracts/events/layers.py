"""An object with its traits: for every field the values that were laid over each other, and where they stand.

Source: AsyncAPI 2.x, Message and Operation Trait Object (a trait patches what it is applied to, RFC 7386);
AsyncAPI 3.x, Traits Merge Mechanism (a trait never overrides it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.events.model import mapping
from retailctl.contracts.schemas.document_store import DocumentStore

Follow = Callable[[Any, Place], tuple[Any, Place]]


class Part(NamedTuple):
    """A value and where it stands."""

    value: Any
    place: Place


# Field -> the values of all layers that have it, the one that wins last.
Layers = Mapping[str, tuple[Part, ...]]


def layers(raw: Mapping[str, Any], place: Place, follow: Follow, *, trait_wins: bool) -> Layers:
    """The fields of an object and of its traits; null in a later layer takes away what was there."""
    traits = []
    for index, item in enumerate(raw["traits"] if isinstance(raw.get("traits"), list) else ()):
        found = followed(Part(item, place.at("traits", index)), follow)
        if found is not None:
            traits.append(found)
    own = Part(raw, place)
    fields: dict[str, tuple[Part, ...]] = {}
    for layer in (own, *traits) if trait_wins else (*traits, own):
        for name, value in mapping(layer.value).items():
            if value is None:
                fields.pop(name, None)
            elif name != "traits":
                fields[name] = (*fields.get(name, ()), Part(value, layer.place.at(name)))
    return fields


def last(fields: Layers, name: str) -> Any:
    """The value of a field that wins; None where no layer has it."""
    return fields[name][-1].value if name in fields else None


def followed(part: Part, follow: Follow) -> Part | None:
    """What stands behind a value, None for a reference that leads nowhere (the library knows of it)."""
    try:
        return Part(*follow(part.value, part.place))
    except KeyError:
        return None


def schema_key(parts: tuple[Part, ...], store: DocumentStore) -> str:
    """The key of a schema that several layers describe: merged where they are written out, else all of them hold."""
    top = parts[-1]
    if len(parts) == 1:
        return top.place.key
    plain = all(isinstance(part.value, dict) and "$ref" not in part.value for part in parts)
    key = top.place.at("(merged)").key
    if plain and len({part.place.path for part in parts}) == 1:
        value: Any = {}
        for part in parts:
            value = patched(value, part.value)
        return store.make(key, value)
    return store.make(
        f"#{top.place.pointer}/(merged)", {"allOf": [{"$ref": part.place.key} for part in parts]}
    )  # fmt: skip


def patched(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7386). Recursive: the reader bounds the depth of documents."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = patched(result.get(name), value)
    return result
