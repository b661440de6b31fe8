"""Kubernetes objects taken apart: workloads with their containers, and what other objects of the stream say of them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.inventory.flows.environment import Environment
from retailctl.inventory.flows.loose import inner, listing, mapping, text
from retailctl.inventory.flows.notes import Place

Steps = tuple[str | int, ...]

WORKLOADS: Final = {
    "Deployment": ("spec", "template"), "StatefulSet": ("spec", "template"), "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"), "ReplicationController": ("spec", "template"), "Job": ("spec", "template"),
    "DeploymentConfig": ("spec", "template"), "Rollout": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"), "Pod": (),
}  # fmt: skip
_REFERENCE: Final = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")


@dataclass(frozen=True, slots=True)
class Thing:
    """One object: where it stands, its kind, name, namespace and all of it."""

    place: Steps
    kind: str
    name: str
    namespace: str
    body: Mapping[str, Any]

    @property
    def template(self) -> tuple[Steps, dict[str, Any]]:
        """Where the pod of a workload stands, and the pod."""
        path = WORKLOADS.get(self.kind, ())
        return (*self.place, *path), mapping(inner(self.body, *path) if path else self.body)


@dataclass(slots=True)
class Stream:
    """All objects of a file, and the lookups between them: by (namespace, name)."""

    things: list[Thing] = field(default_factory=list)
    settings: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    secrets: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    workload_of: dict[tuple[str, str], str] = field(default_factory=dict)
    services_of: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)

    def local(self, host: str, namespace: str) -> str:
        """The workload behind ``service``, ``service.namespace`` or ``service.namespace.svc...``; or nothing."""
        name, _, rest = host.lower().partition(".")
        space, _, tail = rest.partition(".")
        if tail not in ("", "svc") and not tail.startswith("svc."):
            return ""
        return self.workload_of.get((space or namespace, name), "")


def things_of(place: Steps, root: object, depth: int = 4) -> Iterator[Thing]:
    """Objects of one document; those of a List, and of lists of lists."""
    if isinstance(root, list) and depth:
        for number, part in enumerate(root):
            yield from things_of((*place, number), part, depth - 1)
        return
    body = mapping(root)
    if text(body.get("kind")).endswith("List") and isinstance(body.get("items"), list) and depth:
        yield from things_of((*place, "items"), body["items"], depth - 1)
    elif text(body.get("kind")) and text(body.get("apiVersion")):
        meta = mapping(body.get("metadata"))
        name = text(meta.get("name")) or text(meta.get("generateName")).rstrip("-")
        yield Thing(place, text(body["kind"]), name, text(meta.get("namespace")), body)


def stream_of(things: list[Thing]) -> Stream:
    """The lookups over the objects of a file."""
    stream = Stream(things)
    for thing in things:
        where = (thing.namespace, thing.name)
        if thing.kind == "ConfigMap":
            stream.settings[where] = {name: _scalar(value) for name, value in mapping(thing.body.get("data")).items()}
        elif thing.kind == "Secret":
            stream.secrets[where] = {name: value for _, name, value in secret_data(thing)}
        elif thing.kind in WORKLOADS:
            containers = listing(inner(thing.template[1], "spec", "containers"))
            stream.images[thing.name] = text(inner(containers[0], "image")) if containers else ""
    _select(stream, things)
    for thing in things:
        if thing.kind in WORKLOADS:
            stream.workload_of.setdefault((thing.namespace, thing.name), thing.name)
    for (space, service), workload in stream.workload_of.items():
        if service != workload:
            stream.services_of.setdefault((space, workload), []).append(service)
    return stream


def _select(stream: Stream, things: list[Thing]) -> None:
    """The one workload that each Service selects; the name outside for one that only stands for it."""
    chosen_by = _labels(things)
    for thing in things:
        if thing.kind == "Service":
            pairs = [(thing.namespace, *pair) for pair in _texts(inner(thing.body, "spec", "selector")).items()]
            sets = sorted((chosen_by.get(pair, set()) for pair in pairs), key=len)
            chosen = set.intersection(*sets) if sets else set()
            outside = text(inner(thing.body, "spec", "externalName"))
            only = next(iter(chosen)) if len(chosen) == 1 else thing.name
            stream.workload_of[thing.namespace, thing.name] = outside or only


def _labels(things: list[Thing]) -> dict[tuple[str, str, str], set[str]]:
    """(namespace, label, value) -> workloads whose pods have it."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for thing in things:
        if thing.kind in WORKLOADS:
            for pair in _texts(inner(thing.template[1], "metadata", "labels")).items():
                found.setdefault((thing.namespace, *pair), set()).add(thing.name)
    return found


def _texts(value: object) -> dict[str, str]:
    return {name: text(part) for name, part in mapping(value).items()}


def secret_data(thing: Thing) -> Iterator[tuple[str, str, str]]:
    """(section, name, value in clear) of a Secret: for fingerprints and hosts in connection strings, nothing else."""
    for name, value in mapping(thing.body.get("stringData")).items():
        yield "stringData", name, _scalar(value)
    for name, value in mapping(thing.body.get("data")).items():
        written = text(value)
        if "{{" in written or "$" in written:
            continue  # filled in when it is deployed
        try:
            yield "data", name, base64.b64decode(written, validate=False).decode("utf-8", "replace").strip()
        except (binascii.Error, ValueError):
            yield "data", name, written


def _scalar(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else text(value)


def containers_of(thing: Thing) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Containers of a workload, those that run first included."""
    place, pod = thing.template
    for name in ("containers", "initContainers"):
        for number, container in enumerate(listing(inner(pod, "spec", name))):
            if isinstance(container, dict):
                yield (*place, "spec", name, number), mapping(container)


def environment_of(thing: Thing, stream: Stream, place: Steps, container: Mapping[str, Any]) -> Environment:
    """Variables of a container, from literals, ConfigMaps and Secrets of the same stream."""
    values: dict[str, str] = {}
    named: dict[str, str] = {}
    places: dict[str, Place] = {}
    for number, source in enumerate(listing(container.get("envFrom"))):
        prefix = text(inner(source, "prefix"))
        for kind, table in (("configMapRef", stream.settings), ("secretRef", stream.secrets)):
            name = text(inner(source, kind, "name"))
            for variable, value in table.get((thing.namespace, name), {}).items():
                values[prefix + variable] = value
                places[prefix + variable] = (*place, "envFrom", number)
                named.pop(prefix + variable, None)
                if kind == "secretRef":
                    named[prefix + variable] = f"{name}/{variable}"
    for number, entry in enumerate(listing(container.get("env"))):
        variable = text(inner(entry, "name"))
        if not variable:
            continue
        places[variable] = (*place, "env", number)
        filled, secret = _value(entry, thing, stream)
        named.pop(variable, None)
        if secret:
            named[variable] = secret
        if filled is not None:
            values[variable] = filled
    for _ in range(4):  # $(NAME) may name another that holds one
        values = {name: _REFERENCE.sub(lambda found: values.get(found[1], found[0])[:2_000], value)[:8_000] for name, value in values.items()}  # fmt: skip  # noqa: B023, E501
    return Environment(values, places, named)


def _value(entry: object, thing: Thing, stream: Stream) -> tuple[str | None, str]:
    """(value where it is known, credential that it comes from)."""
    if isinstance(entry, dict) and "value" in entry:
        return _scalar(entry["value"]), ""
    chosen = mapping(inner(entry, "valueFrom", "configMapKeyRef"))
    if chosen:
        table = stream.settings.get((thing.namespace, text(chosen.get("name"))), {})
        return table.get(text(chosen.get("key"))), ""
    chosen = mapping(inner(entry, "valueFrom", "secretKeyRef"))
    if chosen:
        name, key = text(chosen.get("name")), text(chosen.get("key"))
        return stream.secrets.get((thing.namespace, name), {}).get(key), f"{name}/{key}"
    return None, ""
