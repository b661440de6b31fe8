"""kubernetes: manifests, one or many in a stream, and Lists of them.

* Deployments, StatefulSets, DaemonSets, Jobs, CronJobs and Pods are systems, by name; the Services of the same folder
  that select them are aliases, with the forms that DNS gives them. A CronJob is a job as well, of itself where the user
  names no system.
* Addresses in ``env`` and ``envFrom``, filled from ConfigMaps and Secrets of the folder, are interfaces of the hosts
  they name, with the workload as consumer; so are addresses in commands. Telemetry is a figure.
* Ingress, HTTPRoute and Route offer a host and a path of the workload behind the Service they name.
* Of a Secret only fingerprints are kept; a variable that is filled from one names it as identity. A secret that another
  system fills (ExternalSecret, SealedSecret) is a credential with that system as its vault.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.clear_secrets import bare, in_address, in_text, is_secret
from retailctl.inventory.flows.command_notes import write_command
from retailctl.inventory.flows.commands import without_secrets
from retailctl.inventory.flows.environment import wire_of_image
from retailctl.inventory.flows.environment_notes import write_down
from retailctl.inventory.flows.kube import (
    WORKLOADS,
    Steps,
    Stream,
    Thing,
    containers_of,
    environment_of,
    secret_data,
    stream_of,
    things_of,
)
from retailctl.inventory.flows.kube_files import things_beside
from retailctl.inventory.flows.loose import inner, listing, mapping, text
from retailctl.inventory.flows.notes import Notes
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import HttpKey, JobKey
from retailctl.model.seen import Seen

_KINDS: Final = frozenset({
    *WORKLOADS, "Service", "ConfigMap", "Secret", "Ingress", "HTTPRoute", "Route", "ExternalSecret", "SealedSecret",
    "List", "Namespace", "ServiceAccount", "PersistentVolumeClaim", "Role", "RoleBinding", "NetworkPolicy",
})  # fmt: skip
# Groups of the API itself (apps/v1, autoscaling/v2, storage.k8s.io/v1): a file of one that nothing is seen in is read
# all the same, and so does not look like one that nobody knows.
_BUILT_IN: Final = re.compile(r"(?:(?:apps|batch|autoscaling|policy|extensions|[a-z.]{1,80}\.k8s\.io)/)?v\d\w{0,9}")
_NO_SECRET: Final = re.compile(r"(?i)(?:user(?:name)?|login|host(?:name)?|port|name|database|db|url|uri|endpoint|email|\.crt|\.pem\.pub|ca\.)$")  # fmt: skip  # noqa: E501
_HINT: Final = "apiVersion and kind are needed"
_VAULTS: Final = {"ExternalSecret": "external secret", "SealedSecret": "sealed secret"}


def _detect(artefact: Artefact) -> float:
    if b"apiVersion" not in artefact.head and b"kind" not in artefact.head:
        return 0.0
    try:
        roots = [root for _, root in artefact.documents()]
    except (InputError, IncompleteError):
        return 0.0
    things = [thing for root in roots for thing in things_of((), root)]
    if not any(thing.kind in _KINDS for thing in things):
        built_in = (thing.name and _BUILT_IN.fullmatch(text(thing.body.get("apiVersion"))) for thing in things)
        return 0.6 if things and all(built_in) else 0.0
    # A catalogue may hold objects of a cluster too, and is the catalogue's all the same.
    return 0.6 if any("backstage.io" in text(thing.body.get("apiVersion")) for thing in things) else 0.95


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    notes = Notes.on("kubernetes", artefact, reading)
    things = list(_things(artefact))
    yield from (artefact.error("INP001", "is no Kubernetes object", steps, hint=_HINT) for steps in _others(artefact))
    if not things:
        raise artefact.error("INP001", "holds no Kubernetes object", hint=_HINT)
    stream = stream_of([*things_beside(artefact, reading), *things])
    for thing in things:
        if not thing.name:
            yield artefact.error("INP001", "has no name", thing.place, hint="metadata.name")
        elif thing.kind in WORKLOADS:
            yield from _workload(notes, stream, thing)
        elif thing.kind in ("Ingress", "HTTPRoute", "Route"):
            yield from _offered(notes, stream, thing)
        elif thing.kind == "Secret":
            yield from _secret(notes, thing)
        elif thing.kind == "ConfigMap":
            yield from _config_map(notes, thing)
        elif thing.kind in _VAULTS:
            name = text(inner(thing.body, "spec", "target", "name")) or thing.name
            store = text(inner(thing.body, "spec", "secretStoreRef", "name"))
            vault = " ".join(filter(None, (_VAULTS[thing.kind], store)))
            yield notes.credential(thing.place, name, "", vault=vault)
    yield notes.coverage()


def _things(artefact: Artefact) -> Iterator[Thing]:
    for steps, root in artefact.documents():
        yield from things_of(steps, root)


def _others(artefact: Artefact) -> Iterator[Steps]:
    """Documents of the stream that hold no object: a file of several kinds is read for one of them only."""
    for steps, root in artefact.documents():
        if root and "items" not in mapping(root) and next(things_of(steps, root), None) is None:
            yield steps


def _workload(notes: Notes, stream: Stream, thing: Thing) -> Iterator[Seen]:
    containers = list(containers_of(thing))
    environments = [environment_of(thing, stream, place, container) for place, container in containers]
    figures = {
        "object": thing.kind,
        "namespace": thing.namespace,
        "images": [text(container.get("image")) for _, container in containers],
        "replicas": text(inner(thing.body, "spec", "replicas")),
        "telemetry": sorted({name for environment in environments for name in environment.telemetry}),
    }
    services = stream.services_of.get((thing.namespace, thing.name), [])
    dotted = [f"{service}.{thing.namespace}" for service in services if thing.namespace]
    aliases = sorted([*services, *dotted])
    yield notes.seen(thing.place, kind="system", name=thing.name, values={"aliases": aliases}, figures=figures)
    if thing.kind == "CronJob":
        yield _job(notes, thing, containers)

    def local(host: str) -> str:
        return stream.local(host, thing.namespace)

    def wire(host: str) -> str:
        return wire_of_image(stream.images.get(local(host), ""))

    for (place, container), environment in zip(containers, environments, strict=True):
        yield from write_down(notes, environment, thing.name, place, local, wire)
        yield from write_command(
            replace(notes, variables={**environment.values, **notes.variables}),
            _words(container),
            place,
            prefix=thing.name,
            consumer=thing.name,
            schedule=text(inner(thing.body, "spec", "schedule")) if thing.kind == "CronJob" else "",
            figures={"evidence": "command"},
            confidence=0.7,
            local=local,
        )


def _words(container: Mapping[str, Any]) -> str:
    return shlex.join(text(word) for name in ("command", "args") for word in listing(container.get(name)))


def _job(notes: Notes, thing: Thing, containers: list[tuple[Steps, dict[str, Any]]]) -> Seen:
    host = notes.reading.system or thing.name
    values = {"schedule": text(inner(thing.body, "spec", "schedule")), "mode": "batch"}
    suspended = inner(thing.body, "spec", "suspend") is True
    figures = {
        "time_zone": text(inner(thing.body, "spec", "timeZone")),
        "suspended": suspended or None,
        "concurrency": text(inner(thing.body, "spec", "concurrencyPolicy")),
        "command": "; ".join(without_secrets(_words(container)) for _, container in containers).strip("; "),
    }
    key = JobKey(protocol="cron", provider=host, host=host, unit=thing.name)
    sure = 0.4 if suspended else 1.0
    return notes.seen(thing.place, key=key, provider=host, values=values, figures=figures, confidence=sure)


def _secret(notes: Notes, thing: Thing) -> Iterator[Seen]:
    for section, name, value in secret_data(thing):
        if not _NO_SECRET.search(name) and is_secret("password", value):
            fingerprint = notes.reading.fingerprint(bare(value))
            yield notes.credential((*thing.place, section, name), f"{thing.name}/{name}", fingerprint)


def _config_map(notes: Notes, thing: Thing) -> Iterator[Seen]:
    """A ConfigMap is no place for secrets: what has the name or the shape of one is a credential in clear."""
    for name, value in mapping(thing.body.get("data")).items():
        written = text(value)
        pairs = [(name, written)] if is_secret(name, written) else [*in_text(written), *in_address(written)]
        for where, secret in pairs:
            shown = "/".join(dict.fromkeys(filter(None, (thing.name, name, where))))
            place = (*thing.place, "data", name)
            yield notes.credential(place, shown, notes.reading.fingerprint(bare(secret)))


def _offered(notes: Notes, stream: Stream, thing: Thing) -> Iterator[Seen]:
    rows = {"Ingress": _ingress, "HTTPRoute": _http_route, "Route": _route}[thing.kind](thing)
    for place, host, path, service, method in rows:
        provider = stream.local(service, thing.namespace) or service
        if not provider:
            continue
        key = HttpKey(protocol="http", provider=provider, method=method or None, address=path or "/")
        values: dict[str, Any] = {}
        if host and thing.kind != "HTTPRoute":  # whose Gateway, elsewhere, tells whether it is encrypted
            endpoint = {"url": f"{_scheme(thing, host)}://{host}/{path.lstrip('/')}"}
            if notes.reading.environment:
                endpoint["environment"] = notes.reading.environment
            values["endpoints"] = [endpoint]
        figures = {"object": thing.kind, "route": thing.name, "host": host, "prefix": True}
        yield notes.seen(place, key=key, provider=provider, values=values, figures=figures)


def _scheme(thing: Thing, host: str) -> str:
    tls = inner(thing.body, "spec", "tls")
    if thing.kind == "Route":
        return "https" if tls else "http"
    named = [[text(name) for name in listing(inner(entry, "hosts"))] for entry in listing(tls)]
    return "https" if any(not names or host in names for names in named) else "http"


_Row = tuple[Steps, str, str, str, str]


def _ingress(thing: Thing) -> Iterator[_Row]:
    """(place, host, path, service, method); both generations of the backend."""
    for number, rule in enumerate(listing(inner(thing.body, "spec", "rules"))):
        for index, path in enumerate(listing(inner(rule, "http", "paths"))):
            service = text(inner(path, "backend", "service", "name")) or text(inner(path, "backend", "serviceName"))
            place = (*thing.place, "spec", "rules", number, "http", "paths", index)
            yield place, text(inner(rule, "host")), text(inner(path, "path")), service, ""
    default = inner(thing.body, "spec", "defaultBackend") or inner(thing.body, "spec", "backend")
    service = text(inner(default, "service", "name")) or text(inner(default, "serviceName"))
    if service:
        yield (*thing.place, "spec"), "", "/", service, ""


def _http_route(thing: Thing) -> Iterator[_Row]:
    hosts = [text(host) for host in listing(inner(thing.body, "spec", "hostnames"))] or [""]
    for number, rule in enumerate(listing(inner(thing.body, "spec", "rules"))):
        place = (*thing.place, "spec", "rules", number)
        services = [text(inner(backend, "name")) for backend in listing(inner(rule, "backendRefs"))]
        for match in listing(inner(rule, "matches")) or [{}]:
            path, method = text(inner(match, "path", "value")), text(inner(match, "method"))
            for service in filter(None, services):
                yield place, hosts[0], path, service, method


def _route(thing: Thing) -> Iterator[_Row]:
    spec = mapping(thing.body.get("spec"))
    service = text(inner(spec, "to", "name"))
    yield (*thing.place, "spec"), text(spec.get("host")), text(spec.get("path")), service, ""


READER = Reader("kubernetes", "Kubernetes manifests", _detect, _read)
