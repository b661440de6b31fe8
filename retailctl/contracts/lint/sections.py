"""The parts of all documents that belong to one contract: the root, and whatever references reach elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retailctl.contracts.lint.schema_walk import SchemaPlace, schemas_in
from retailctl.contracts.references import Library, ReferenceProblem, find_references
from retailctl.contracts.references.walk import Family


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: the document and the pointer of the key that holds it, its text, and its problem if it has one."""

    path: str
    pointer: str
    text: str
    problem: ReferenceProblem | None


@dataclass(frozen=True, slots=True)
class Section:
    """A value of a document that belongs to the contract, with everything below it."""

    path: str
    pointer: str
    value: object
    schemas: tuple[SchemaPlace, ...]
    references: tuple[Reference, ...]


def sections(library: Library, family: Family) -> Iterator[Section]:
    """The root document first, then each part of another document in the order in which references reach it."""
    waiting: list[tuple[str, str, object, bool]] = [(library.root_path, "", library.data(library.root_path), False)]
    reached: set[tuple[str, str]] = set()
    while waiting:
        path, pointer, value, is_schema = waiting.pop()
        schemas = tuple(schemas_in(value, family, path, pointer, is_schema=is_schema))
        in_schemas = {place.pointer for place in schemas}
        found: list[Reference] = []
        further: list[tuple[str, str, object, bool]] = []
        for where, text in find_references(value, family=family, pointer=pointer):
            problem: ReferenceProblem | None = None
            holder = where.rpartition("/")[0]
            base = library.base_of(path, holder)
            try:
                target = library.target(text, base)
                place = (target.path, target.pointer)
                if target.path != library.root_path and not _covered(place, reached):
                    reached.add(place)
                    further.append((*place, target.value, holder in in_schemas or "/discriminator/" in where))
                library.follow(text, base)
            except ReferenceProblem as caught:
                problem = caught
            found.append(Reference(path, where, text, problem))
        yield Section(path, pointer, value, schemas, tuple(found))
        waiting.extend(reversed(further))


def _covered(place: tuple[str, str], reached: set[tuple[str, str]]) -> bool:
    """True when the place, or one around it, was reached before."""
    path, pointer = place
    while True:
        if (path, pointer) in reached:
            return True
        if not pointer:
            return False
        pointer = pointer.rpartition("/")[0]
