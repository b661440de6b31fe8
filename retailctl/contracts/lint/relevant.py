"""Of the errors of a validator, those that tell what is wrong: branches of anyOf and oneOf are looked into.

A branch that asks for a ``$ref`` is the Reference Object: it says nothing about an object without one. A branch whose
tag (``in: query``) differs is another kind of object. Of the others the one that got furthest is what the author meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_COMBINED = ("anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Problem:
    """One error; ``allowed`` holds the values of the tag when every branch asks for another one, else nothing."""

    error: ValidationError
    allowed: tuple[str, ...] = ()


def relevant(error: ValidationError, has_ref: Callable[[list[str | int]], bool]) -> Iterator[Problem]:
    """The errors behind one error. ``has_ref`` says whether the object at a path is a reference.

    Recursive: the schemas of the specifications nest a bounded number of alternatives for each level of the document,
    whose depth the reader bounds.
    """
    branches = _branches(error)
    if not branches or not all(branches):  # none, or more than one of them accepts the value
        yield Problem(error)
        return
    refers = has_ref(error.instance_path)
    usable = [branch for branch in branches if _is_reference(branch) == refers] or branches
    here = len(error.instance_path)
    tags = [_tags(branch, here) for branch in usable]
    if all(tags) and len(usable) > 1:
        found = [tag for branch in tags for tag in branch]
        yield Problem(found[0], tuple(sorted({option for tag in found for option in _options(tag)})))
        return
    usable = [branch for branch, tag in zip(usable, tags, strict=True) if not tag] or usable
    best = max(usable, key=lambda branch: (_reach(branch, here), -len(branch)))
    fitting = sum(_reach(branch, here) >= here for branch in usable)
    if _reach(best, here) == here and fitting > 1 and not _same_shape(usable):
        yield Problem(error)
        return
    for inner in best:
        yield from relevant(inner, has_ref)


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    return getattr(error.kind, "context", None) or [] if error.kind.name in _COMBINED else []


def _is_reference(branch: Iterable[ValidationError]) -> bool:
    return any("eference" in str(step) for error in branch for step in error.schema_path[-3:])


def _tags(branch: list[ValidationError], here: int) -> list[ValidationError]:
    """The errors that say: this is another kind of object, as one of its keys has to have another value."""
    direct = [error for error in branch if len(error.instance_path) == here + 1 and len(_options(error)) == 1]
    if direct:
        return direct
    for error in branch:
        inner = [_tags(part, here) for part in _branches(error)] if len(error.instance_path) == here else []
        if inner and all(inner):
            return [tag for part in inner for tag in part]
    return []


def _options(error: ValidationError) -> tuple[str, ...]:
    """The values that an ``enum`` or ``const`` of texts allows."""
    options = getattr(error.kind, "options", None) or [getattr(error.kind, "expected_value", None)]
    return tuple(option for option in options if isinstance(option, str))


def _reach(branch: list[ValidationError], here: int) -> int:
    """How deep the branch got: one whose type does not fit at all got nowhere."""
    if any(error.kind.name in ("type", "const") and len(error.instance_path) == here for error in branch):
        return here - 1
    return max(len(error.instance_path) for error in branch)


def _same_shape(branches: list[list[ValidationError]]) -> bool:
    """True when every branch complains about keys of the object itself, so that any of them explains it."""
    return all(error.kind.name in ("required", "additionalProperties") for branch in branches for error in branch)
