"""Protocol bindings as flat values: one per leaf, so that a change names what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.events.layers import Follow, Part, followed
from retailctl.contracts.events.model import Binding, mapping

# Notes to people, and the version of the notation.
_NOTES: Final = frozenset({"bindingVersion", "description", "title", "summary", "example", "examples"})
_KEY: Final = ("kafka", "key")


def read_bindings(parts: Iterable[Part], follow: Follow) -> tuple[Binding, ...]:
    """The leaves of a bindings object and its layers, the later ones on top; the schema of a Kafka key is left out."""
    found: dict[tuple[str, ...], Binding] = {}
    for protocol, part in _protocols(parts, follow):
        stack: list[tuple[tuple[str, ...], object, Place]] = [((), part.value, part.place)]
        while stack:
            path, value, place = stack.pop()
            if isinstance(value, dict) and (value or not path):
                stack.extend(
                    ((*path, str(name)), item, place.at(str(name)))
                    for name, item in value.items()
                    if name not in _NOTES and not str(name).startswith("x-") and (protocol, str(name), *path) != _KEY
                )
            elif path:
                found[(protocol, *path)] = Binding(protocol, path, value, place)
    return tuple(found[key] for key in sorted(found))


def bindings_of(part: Part, follow: Follow) -> tuple[Binding, ...]:
    """The bindings of a channel or server."""
    raw = mapping(part.value)
    return read_bindings((Part(raw["bindings"], part.place.at("bindings")),), follow) if "bindings" in raw else ()


def kafka_key(parts: Iterable[Part], follow: Follow) -> Part | None:
    """The schema of a Kafka key in the bindings of a message."""
    found = None
    for protocol, part in _protocols(parts, follow):
        if protocol == "kafka" and "key" in mapping(part.value):
            found = Part(part.value["key"], part.place.at("key"))
    return found


def _protocols(parts: Iterable[Part], follow: Follow) -> Iterator[tuple[str, Part]]:
    for part in parts:
        whole = followed(part, follow)
        for name, value in mapping(whole.value).items() if whole is not None else ():
            one = followed(Part(value, whole.place.at(name)), follow)  # type: ignore[union-attr]
            if one is not None and not name.startswith("x-"):
                yield name, one
