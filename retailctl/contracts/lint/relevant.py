"""Of the errors of a validator, those that tell what is wrong: branches of anyOf and oneOf are looked into.

A branch that asks for a ``$ref`` is the Reference Object: it says nothing about an object without one. Of the others
the one that got furthest is what the author meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_COMBINED = ("anyOf", "oneOf")


def relevant(error: ValidationError, has_ref: Callable[[list[str | int]], bool]) -> Iterator[ValidationError]:
    """The errors behind one error. ``has_ref`` says whether the object at a path is a reference.

    Recursive: the schemas of the specifications nest a bounded number of alternatives for each level of the document,
    whose depth the reader bounds.
    """
    branches = getattr(error.kind, "context", None) if error.kind.name in _COMBINED else None
    if not branches or not all(branches):  # none, or more than one of them accepts the value
        yield error
        return
    refers = has_ref(error.instance_path)
    usable = [branch for branch in branches if _is_reference(branch) == refers] or branches
    here = len(error.instance_path)
    best = max(usable, key=lambda branch: (_reach(branch, here), -len(branch)))
    fitting = sum(_reach(branch, here) >= here for branch in usable)
    if _reach(best, here) == here and fitting > 1 and not _same_shape(usable):
        yield error
        return
    for inner in best:
        yield from relevant(inner, has_ref)


def _is_reference(branch: Iterable[ValidationError]) -> bool:
    return any("eference" in str(step) for error in branch for step in error.schema_path[-3:])


def _reach(branch: list[ValidationError], here: int) -> int:
    """How deep the branch got: one whose type does not fit at all got nowhere."""
    if any(error.kind.name in ("type", "const") and len(error.instance_path) == here for error in branch):
        return here - 1
    return max(len(error.instance_path) for error in branch)


def _same_shape(branches: list[list[ValidationError]]) -> bool:
    """True when every branch complains about keys of the object itself, so that any of them explains it."""
    return all(error.kind.name in ("required", "additionalProperties") for branch in branches for error in branch)
