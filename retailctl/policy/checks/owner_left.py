"""EST104: who is named as an owner is still there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from retailctl.graph.owners import owner_status
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per entry with an owner, or with a source that says that the owner left.

    Params: ``kinds`` of entry whose owners are held against the teams, ``left`` (pattern for the words of a source).
    """
    left = re.compile(context.params["left"])
    status_of = owner_status(context.graph)
    for kind, entries in sorted(context.estate.entries.items()):
        for entry in entries.values():
            yield from _judge(entry, left, status_of if kind in context.params["kinds"] else None, context)


def _judge(entry: Entry, left: re.Pattern[str], status_of: Any, context: CheckContext) -> Iterator[Outcome]:
    owner = getattr(entry.noun, "owner", None)
    domain = entry.id if entry.kind == "domain" else getattr(entry.noun, "domain", None)
    base: dict[str, Any] = {"subject": entry.id, "owner": owner, "domain": domain}
    gone = [
        (one.source, str(one.fields.get("owner") or "that whoever it was has left"))
        for one in _told(entry)
        # A reader keeps no name of a person: it says beside the pseudonym that whoever it was has left.
        if one.fields.get("owner_left") is True or left.search(str(one.fields.get("owner") or ""))
    ]
    place = context.place(entry.id, "owner" if owner else "", kind=entry.kind)
    if owner and left.search(owner):
        gone.insert(0, ("the inventory", owner))
    if gone:
        source, name = gone[0]
        message = f"the owner of {entry.kind} {entry.id} left: {source} says {name}"
        where = place if source == "the inventory" else entry.origins[-1]
        yield Outcome(
            decision="fail", message=message, locations=(where,), evidence=(Evidence(message, where),), **base
        )
    elif owner and status_of is not None:
        status = status_of(owner)
        if status in ("inactive", "missing"):
            told = "is not active any more" if status == "inactive" else "is no team of the inventory"
            message = f"{owner} owns {entry.kind} {entry.id} and {told}"
            yield Outcome(decision="fail", message=message, locations=(place,), **base)
        elif status is None:
            yield Outcome(decision="unknown", missing="team.active", locations=(place,), **base)
        else:
            yield Outcome(decision="pass", **base)


def _told(entry: Entry) -> Iterator[Any]:
    for sighting in getattr(entry.noun, "sightings", None) or ():
        told = sighting.fields or {}
        if told.get("owner") is not None or told.get("owner_left") is True:
            yield sighting
