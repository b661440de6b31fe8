"""n8n: workflows as exported, one or a list of them, or as the API and the template library wrap them.

A workflow's host is the n8n that runs it: the system that the user names, else the file. Of each workflow:

* webhooks, forms and public chats are interfaces of the host; triggers of a service too, with the service as consumer;
* a schedule is a job of the host, by the name of the workflow;
* requests, databases, queues, file servers, mail servers and nodes that sign in to a service are interfaces of the
  other side, with the host as consumer and the name of the credential as identity. A host that only the run knows stays
  symbolic. What scheduled triggers alone lead to has their schedule, and is polling where it reads;
* ``retryOnFail`` is the retry of the interface (attempts after the first; none is a fact: 0);
* credentials by name; secrets in clear as fingerprints;
* the workflow itself is a sighting of the host with figures: nodes, disabled ones, error workflow, sub-workflows.

Nodes that are disabled and notes call nothing. Pinned data, static data and results are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows import n8n_nodes as types
from retailctl.inventory.flows.graph import schedules
from retailctl.inventory.flows.loose import listing, mapping, text
from retailctl.inventory.flows.n8n_calls import Step, calls_of
from retailctl.inventory.flows.n8n_hooks import hooks_of
from retailctl.inventory.flows.n8n_times import schedule_of
from retailctl.inventory.flows.notes import Complaints, Notes
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import JobKey
from retailctl.model.seen import Seen

Steps = tuple[str | int, ...]

_TYPE: Final = re.compile(r"^(?:@[\w.-]+/)?[\w-]+\.\w+$")
_ACTIVE: Final = {True: 1.0, False: 0.4}
_UNKNOWN: Final = 0.7


def _detect(artefact: Artefact) -> float:
    if b'"nodes"' not in artefact.head and b"nodes:" not in artefact.head and b'"workflow' not in artefact.head:
        return 0.0
    found = next(_workflows((), artefact.data), None)
    if found is None:
        return 0.0
    nodes = [mapping(node) for node in listing(found[1]["nodes"])]
    told = [text(node.get("type")) for node in nodes]
    if any("n8n-nodes" in one or "n8n-" in one for one in told):
        return 0.98
    return 0.6 if told and all(_TYPE.match(one) and "parameters" in node for one, node in zip(told, nodes, strict=True)) else 0.0  # fmt: skip  # noqa: E501


def _workflows(steps: Steps, root: object, depth: int = 3) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Objects with ``nodes`` and ``connections``, in lists and in the wrappings of the API."""
    if isinstance(root, list) and depth:
        for number_, part in enumerate(root):
            yield from _workflows((*steps, number_), part, depth - 1)
    elif isinstance(root, dict):
        if isinstance(root.get("nodes"), list) and isinstance(root.get("connections"), dict):
            yield steps, root
        elif depth:
            for name in ("workflow", "workflows", "data"):
                yield from _workflows((*steps, name), root.get(name), depth - 1)


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    notes = Notes.on("n8n", artefact, reading)
    complaints = Complaints(artefact)
    count = 0
    for steps, root in artefact.documents():
        for place, workflow in _workflows(steps, root):
            count += 1
            yield from _workflow(notes, place, workflow, complaints)
    if not count:
        raise artefact.error(
            "INP001", "holds no n8n workflow", hint="export it again: nodes and connections are needed"
        )
    yield from complaints.rest()
    yield notes.coverage()


@dataclass(slots=True)
class _Plan:
    """What of a workflow several nodes need."""

    nodes: list[tuple[Steps, dict[str, Any]]] = field(default_factory=list)
    disabled: int = 0
    notes: int = 0
    subflows: int = 0


def _workflow(notes: Notes, place: Steps, workflow: dict[str, Any], complaints: Complaints) -> Iterator[Found]:
    plan = _Plan()
    for number_, node in enumerate(listing(workflow["nodes"])):
        steps = (*place, "nodes", number_)
        if not isinstance(node, dict) or not text(node.get("type")):
            yield from complaints.add("is no node with a type", steps, "export the workflow again")
            continue
        kind = types.base_name(text(node["type"]))
        plan.notes += kind == "stickyNote"
        plan.disabled += node.get("disabled") is True
        plan.subflows += kind in types.SUBFLOWS
        if node.get("disabled") is not True and kind != "stickyNote":
            plan.nodes.append((steps, node))
    name = text(workflow.get("name")) or PurePosixPath(notes.artefact.name).stem
    settings = mapping(workflow.get("settings"))
    active = workflow.get("active")
    common = {
        "workflow": name,
        "active": active if isinstance(active, bool) else None,
        "error_workflow": bool(text(settings.get("errorWorkflow"))),
    }
    sure = _ACTIVE[active] if isinstance(active, bool) else _UNKNOWN
    figures = {
        **common,
        "nodes": len(plan.nodes) + plan.disabled + plan.notes,
        "disabled": plan.disabled or None,
        "notes": plan.notes or None,
        "subflows": plan.subflows or None,
        "retry_on_fail": sum(node.get("retryOnFail") is True for _, node in plan.nodes),
    }
    yield notes.seen(place, kind="system", name=notes.host, values={"kind": "ipaas"}, figures=figures, confidence=sure)
    times = _times(plan)
    yield from _jobs(notes, place, name, plan, common, sure)
    reached = schedules(_edges(workflow["connections"]), times)
    known: set[str] = set()
    for steps, node in plan.nodes:
        step = _step(notes, steps, node, common, reached, sure)
        yield from hooks_of(step)
        yield from calls_of(step, known)


def _step(
    notes: Notes, steps: Steps, node: dict[str, Any], common: dict[str, Any], reached: Mapping[str, str], sure: float
) -> Step:
    kind = types.base_name(text(node["type"]))
    schedule = reached.get(text(node.get("name")), "")
    own = schedule_of(kind, mapping(node.get("parameters"))) if kind not in types.SCHEDULED else ""
    return Step(
        notes=notes,
        place=steps,
        kind=kind,
        service=types.service_of(text(node["type"]), next(iter(mapping(node.get("credentials"))), "")),
        node=node,
        parameters=mapping(node.get("parameters")),
        schedule=own or schedule,
        figures={**common, "node": text(node.get("name")), "node_type": text(node["type"])},
        confidence=sure,
    )


def _times(plan: _Plan) -> dict[str, str]:
    """Triggers by name, each with its schedule; without one where something from outside sets it off."""
    found: dict[str, str] = {}
    for _, node in plan.nodes:
        kind = types.base_name(text(node["type"]))
        if types.is_trigger(kind) and kind != "manualTrigger":
            found[text(node.get("name"))] = schedule_of(kind, mapping(node.get("parameters")))
    return found


def _jobs(notes: Notes, place: Steps, name: str, plan: _Plan, common: dict[str, Any], sure: float) -> Iterator[Seen]:
    times: list[str] = []
    first: Steps = place
    for steps, node in plan.nodes:
        kind = types.base_name(text(node["type"]))
        if kind in types.SCHEDULED:
            first = first if times else steps
            times.append(schedule_of(kind, mapping(node.get("parameters"))))
    told = "; ".join(dict.fromkeys(filter(None, times)))
    if times:
        key = JobKey(protocol="cron", provider=notes.host, host=notes.host, unit=name)
        values = {"schedule": told, "mode": "batch"}
        yield notes.seen(first, key=key, provider=notes.host, values=values, figures=common, confidence=sure)


def _edges(connections: object) -> Iterator[tuple[str, str]]:
    """(from, to) of a run: models, memories and tools hang on the node that uses them, which is drawn the other way."""
    for source, kinds in mapping(connections).items():
        for kind, outputs in mapping(kinds).items():
            for targets in listing(outputs):
                for target in listing(targets):
                    name = text(mapping(target).get("node"))
                    yield (source, name) if kind == "main" else (name, source)


READER = Reader("n8n", "n8n workflows", _detect, _read)
