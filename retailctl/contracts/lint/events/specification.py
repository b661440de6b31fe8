"""What AsyncAPI says of each object, version by version, as data in ``specification.tsv``.

Written from the texts of the specification (2.0.0 to 2.6.0, 3.0.0, 3.1.0) and of its bindings. A row is one field; the
field ``=`` says that the name is another word for a type, ``*`` that other fields are allowed. Versions are ``2`` or
``3`` (all of them), ``2.3`` (that one), ``2.3+`` (and later ones of 2), ``2.3-`` (and all later), ``-2.3`` (until).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from retailctl.contracts.lint.events.notation import Choice, ListOf, MapOf, Type, Word, parse

VERSIONS: Final = ("2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.0", "3.1")
_BINDINGS: Final = ("serverBindings", "channelBindings", "operationBindings", "messageBindings")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object."""

    type: Type
    required: bool


@dataclass(frozen=True)
class Specification:
    """One version: the fields of every object. ``open_objects`` take any other field."""

    version: str
    objects: dict[str, dict[str, Field]]
    aliases: dict[str, Type]
    open_objects: frozenset[str]

    @property
    def major(self) -> int:
        """2 or 3."""
        return int(self.version[0])


@cache
def specification(version: str) -> Specification:
    """The specification of a version such as "2.6"; made once per process."""
    objects: dict[str, dict[str, Field]] = {}
    aliases: dict[str, Type] = {}
    open_objects: set[str] = set()
    for name, field, versions, required, type in _rows():
        if not _holds(versions, version):
            continue
        if field == "=":
            aliases[name] = parse(type)
        elif field == "*":
            open_objects.add(name)
        else:
            objects.setdefault(name, {})[field] = Field(parse(type), required == "yes")
    if version.startswith("2"):
        open_objects |= _reachable(objects)
    return Specification(version, objects, aliases, frozenset(open_objects))


@cache
def _rows() -> tuple[tuple[str, str, str, str, str], ...]:
    text = files(__package__).joinpath("specification.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines()[1:])  # type: ignore[misc]  # five cells


def _holds(versions: str, version: str) -> bool:
    if versions in ("", version, version[0]):
        return True
    if versions.startswith("-"):
        return version <= versions[1:]
    if versions.endswith("+"):
        return versions[0] == version[0] and version >= versions[:-1]
    return versions.endswith("-") and version >= versions[:-1]


def _reachable(objects: dict[str, dict[str, Field]]) -> set[str]:
    """The objects of bindings: in version 2 they are documents of their own, whose later versions may be meant."""
    found: set[str] = set()
    waiting = [*_BINDINGS]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [one for field in objects[name].values() for one in _names(field.type)]
    return found


def _names(type: Type) -> list[str]:
    if isinstance(type, Word):
        return [type.name] if type.is_object else []
    if isinstance(type, ListOf | MapOf):
        return _names(type.item)
    return [name for _, option in type.options for name in _names(option)] if isinstance(type, Choice) else []
