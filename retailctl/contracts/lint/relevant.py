"""Of the errors of a validator, those that tell what is wrong: branches of anyOf and oneOf are looked into.

A branch that asks for a ``$ref`` is the Reference Object: it says nothing about an object without one. Of the others
the one that got furthest is what the author meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_COMBINED = ("anyOf", "oneOf")
_FAR = 10_000


def relevant(error: ValidationError, *, has_ref: bool) -> Iterator[ValidationError]:
    """The errors behind one error. ``has_ref`` says whether the object it is about is a reference.

    Recursive: the schemas of the specifications nest a bounded number of alternatives for each level of the document,
    whose depth the reader bounds.
    """
    branches = getattr(error.kind, "context", None) if error.kind.name in _COMBINED else None
    if not branches:
        yield error
        return
    usable = [branch for branch in branches if branch and _is_reference(branch) == has_ref] or branches
    here = len(error.instance_path)
    best = max(usable, key=lambda branch: (_reach(branch, here), -len(branch)))
    if _reach(best, here) == here and len(usable) > 1 and not _same_shape(usable):
        yield error
        return
    for inner in best:
        yield from relevant(inner, has_ref=False)


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
