"""Subjects: the estate as plain values, declared fields and derived facts side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import PLACES_OF_CONTRACTS, PLACES_OF_EVENTS, PLACES_OF_INTERFACES
from retailctl.model.estate import Entry, Subject
from retailctl.policy.projection import project

Facts = Mapping[str, Mapping[str, Mapping[str, Any]]]

_PLACES = {"event": PLACES_OF_EVENTS, "interface": PLACES_OF_INTERFACES}


def subjects_of(graph: EstateGraph, facts: Facts) -> dict[str, list[Subject]]:
    """All subjects by kind, in id order. Flows take origin, owner and domain from their interface; contracts are the
    API documents that are in force, by path."""
    subjects: dict[str, list[Subject]] = {}
    for kind, entries in graph.estate.entries.items():
        derived = facts.get(kind, {})
        places = facts.get(_PLACES.get(kind, ""), {})
        subjects[kind] = [_subject(entry, derived.get(id_), places.get(id_, {})) for id_, entry in entries.items()]
    flows = facts.get("flow", {})
    subjects["flow"] = [_flow(id_, fields, graph) for id_, fields in sorted(flows.items())]
    places = facts.get(PLACES_OF_CONTRACTS, {})
    subjects["contract"] = [
        _contract(path, fields, places.get(path, {})) for path, fields in sorted(facts.get("contract", {}).items())
    ]
    return subjects


def _contract(path: str, fields: Mapping[str, Any], places: Mapping[str, tuple[Location, ...]]) -> Subject:
    owner, domain = fields.get("owner"), fields.get("domain")
    return Subject("contract", path, dict(fields), (Location(path, 1, 1),), owner=owner, domain=domain, places=places)


def _subject(entry: Entry, derived: Mapping[str, Any] | None, places: Mapping[str, tuple[Location, ...]]) -> Subject:
    fields = project(entry.noun)
    if derived:
        fields.update(derived)
    owner = fields.get("owner") if entry.kind != "team" else entry.id
    domain = entry.id if entry.kind == "domain" else fields.get("domain")
    return Subject(entry.kind, entry.id, fields, entry.origins, entry.hand_kept, owner, domain, places)


def _flow(id_: str, fields: Mapping[str, Any], graph: EstateGraph) -> Subject:
    entry = graph.interfaces[fields["interface"]]
    noun = entry.noun
    return Subject("flow", id_, dict(fields), entry.origins, entry.hand_kept, noun.owner, noun.domain)
