"""``inventory list | show | check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from retailctl.api.auditing import judge as judge_all
from retailctl.api.auditing import make_report, place
from retailctl.api.loading import Loaded, load
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, open_session
from retailctl.errors import Location, UsageError
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.model.estate import Entry
from retailctl.model.inventory_file import KIND_OF_SECTION
from retailctl.model.report import Report
from retailctl.policy.engine import Evaluation
from retailctl.policy.projection import project

DERIVED = ("consumptions", "flows")
LISTABLE: tuple[str, ...] = (*KIND_OF_SECTION, *DERIVED)


def inventory_check(root: Path | None, options: AuditOptions) -> Report:
    """Files, entries, references and ids of the inventory alone: INP findings, no rules."""
    session = open_session(root, options)
    loaded = load(session)
    nothing = Evaluation(findings=(), counts=())
    return make_report(session, loaded, EstateGraph(loaded.estate), nothing, command="inventory check", judged=[])


def inventory_list(
    root: Path | None, kind: str, *, where: Mapping[str, str], options: AuditOptions
) -> list[dict[str, Any]]:
    """Rows of plain values in id order; ``kind`` is a section of an inventory file, consumptions or flows.

    ``where`` keeps rows whose field, dotted for a nested one, has that text. Raises UsageError for an unknown kind.
    """
    if kind not in LISTABLE:
        near = get_close_matches(kind, LISTABLE, n=1)
        raise UsageError(f"unknown kind {kind!r}", hint=f"did you mean {near[0]}?" if near else ", ".join(LISTABLE))
    session = open_session(root, options)
    loaded = load(session)
    rows = _derived(kind, loaded, session) if kind in DERIVED else _entries(KIND_OF_SECTION[kind], loaded, session)
    return [row for row in rows if all(_matches(row, name, value) for name, value in where.items())]


def _matches(row: Mapping[str, Any], path: str, wanted: str) -> bool:
    value: Any = row
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return any(_text(item) == wanted for item in value)
    return _text(value) == wanted


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _entries(kind: str, loaded: Loaded, session: Session) -> Iterator[dict[str, Any]]:
    for entry in loaded.estate.of(kind).values():
        row = _shown(project(entry.noun))
        row.pop("sightings", None)
        row["place"] = str(session.documents.place(entry.origins[0]))
        yield row


def _derived(kind: str, loaded: Loaded, session: Session) -> Iterator[dict[str, Any]]:
    graph = EstateGraph(loaded.estate)
    if kind == "flows":
        derived = facts(graph, session.as_of)["flow"]
        yield from (dict(derived[flow.id]) for flow in graph.flows)
        return
    for entry in graph.interfaces.values():
        for number, consumption in enumerate(entry.noun.consumers or ()):
            origin = entry.origins[0]
            pointer = f"{origin.pointer}/consumers/{number}"
            where = session.documents.place(replace(origin, pointer=pointer))
            yield {"id": f"{entry.id}>{consumption.system}", "interface": entry.id, **_shown(project(consumption))} | {
                "place": str(where)
            }


def inventory_show(root: Path | None, id_: str, options: AuditOptions) -> dict[str, Any]:
    """One entry of any kind: merged values, derived facts, sightings, conflicts, places, references, findings.

    Raises UsageError, with the closest id, for an id that the inventory does not have.
    """
    session = open_session(root, options)
    loaded = load(session)
    entry = _find(id_, loaded)
    graph = EstateGraph(loaded.estate)
    fields = _shown(project(entry.noun))
    sightings = fields.pop("sightings", [])
    evaluation = judge_all(session, loaded, graph)
    about = [place(finding, session) for finding in evaluation.findings if _concerns(finding.subject, id_)]
    derived = facts(graph, session.as_of).get(entry.kind, {}).get(id_, {})
    return {
        "kind": entry.kind,
        **fields,
        "derived": derived,
        "places": [str(session.documents.place(origin)) for origin in entry.origins],
        "named_by": [{"kind": kind, "id": name} for kind, name in sorted(_named_by(id_, loaded))],
        "sightings": sightings,
        "conflicts": [_conflict(conflict, session) for conflict in entry.conflicts],
        "findings": [
            {"rule": f.rule, "verdict": f.verdict, "severity": f.severity, "message": f.message} for f in about
        ],
    }


def _shown(value: Any) -> Any:
    """Days as people write them: rules compare them as timestamps of midnight."""
    if isinstance(value, str):
        return value.removesuffix("T00:00:00Z")
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _concerns(subject: str, id_: str) -> bool:
    return subject == id_ or subject.startswith(f"{id_}:")


def _find(id_: str, loaded: Loaded) -> Entry:
    for entries in loaded.estate.entries.values():
        if id_ in entries:
            return entries[id_]
    known = sorted({name for entries in loaded.estate.entries.values() for name in entries})
    near = get_close_matches(id_, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "retailctl inventory list shows the ids"
    raise UsageError(f"no entry {id_!r} in the inventory", hint=hint)


def _conflict(conflict: Any, session: Session) -> dict[str, Any]:
    def where(location: Location) -> str:
        return str(session.documents.place(location))

    said = [f"{a.source}: {a.value} ({where(a.location)})" for a in conflict.assertions]
    return {"attribute": conflict.attribute, "kept": str(conflict.assertions[0].value), "sources": said}


def _named_by(id_: str, loaded: Loaded) -> set[tuple[str, str]]:
    """Entries that name this one in a field, found by value: ids are unique enough for a page that people read."""
    naming: set[tuple[str, str]] = set()
    for kind, entries in loaded.estate.entries.items():
        for entry in entries.values():
            if entry.id != id_ and _mentions(project(entry.noun), id_):
                naming.add((kind, entry.id))
    return naming


def _mentions(value: Any, id_: str) -> bool:
    if isinstance(value, str):
        return value == id_
    if isinstance(value, Mapping):
        return any(_mentions(item, id_) for name, item in value.items() if name not in ("id", "note", "sightings"))
    return isinstance(value, list) and any(_mentions(item, id_) for item in value)
