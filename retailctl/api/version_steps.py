"""Steps between versions, remembered by the content of their two documents: a comparison costs more than an audit rule.

Only what two files say by themselves is kept. A document that refers to other files is compared each time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from retailctl.errors import IncompleteError, InputError
from retailctl.model.contract_facts import ContractDocument, Place, VersionStep
from retailctl.workspace.cache import Cache, digest
from retailctl.workspace.document import Document

Read = Callable[[str], Document]

_KIND: Final = "steps"


@dataclass(frozen=True, slots=True)
class Remembered:
    """Where steps are kept. ``identity`` stands for the code that compares."""

    cache: Cache
    identity: str


def step_between(
    step: VersionStep, before: ContractDocument, read: Read, as_of: date, kept: Remembered | None = None
) -> VersionStep:
    """The step with what the comparison says of it; as it is where a document cannot be read."""
    if kept is None or not kept.cache.enabled:
        return _compared(step, before, read, as_of)
    try:
        contents = [read(path).sha256 for path in (before.path, step.path)]
    except (InputError, IncompleteError):
        return step
    key = digest(kept.identity, as_of.isoformat(), repr(step), before.path, *contents)
    known = kept.cache.get(_KIND, key)
    found = _decoded(step, known) if known is not None else None
    if found is not None:
        return found
    seen: set[str] = set()

    def noted(path: str) -> Document:
        seen.add(path)
        return read(path)

    found = _compared(step, before, noted, as_of)
    if seen <= {before.path, step.path}:
        kept.cache.put(_KIND, key, json.dumps(_said(found), sort_keys=True).encode("utf-8", "surrogatepass"))
    return found


def _compared(step: VersionStep, before: ContractDocument, read: Read, as_of: date) -> VersionStep:
    from retailctl.contracts.references import Library
    from retailctl.contracts.steps import compared

    try:
        return compared(step, Library(read, before.path), Library(read, step.path), as_of)
    except (InputError, IncompleteError):
        return step


def _said(step: VersionStep) -> dict[str, Any]:
    return {
        "breaking": step.breaking,
        "required_bump": step.required_bump,
        "first_breaking": step.first_breaking,
        "place": asdict(step.place) if step.place else None,
    }


def _decoded(step: VersionStep, entry: bytes) -> VersionStep | None:
    """None for an entry that is not one of ours: then the two are compared."""
    try:
        said = json.loads(entry.decode("utf-8", "surrogatepass"))
        place = Place(**said.pop("place")) if said["place"] else said.pop("place")
        return replace(step, place=place, **said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
