"""compose: the services of a compose file, and whom their settings say they talk to.

Each service is a system, by its name; container names, host names, network aliases and hosts of a reverse proxy are
aliases. What a service is built from or runs, its ports and profiles are figures.

Edges have evidence of two kinds, and neither alone is the graph. An address in a variable (``variable``, also from
``env_file``) is an interface of the host it names. ``depends_on`` and ``links`` say that another service must be there
first: a weak sighting (0.3) of an interface without a key, told only where no variable names the pair. Telemetry is a
figure. A variable without a value that is named after a service (``CART_ADDR``) is half as sure.
``${NAME:-default}`` is filled from ``.env`` beside the file and from the user; what nobody knows stays.
Commands are read for addresses as those of a crontab. Secrets in clear are fingerprints.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.command_notes import write_command
from retailctl.inventory.flows.environment import Environment, wire_of_image
from retailctl.inventory.flows.environment_notes import write_down
from retailctl.inventory.flows.loose import inner, listing, mapping, text
from retailctl.inventory.flows.notes import Complaints, Notes, Place
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.variables import resolve, settings_of
from retailctl.model.seen import Seen, SeenConsumer

Steps = tuple[str | int, ...]

_NAME: Final = re.compile(r"(?:^|[._-])(?:docker-)?compose(?:[._-]|$)", re.IGNORECASE)
_OF_SERVICE: Final = frozenset({
    "image", "build", "environment", "env_file", "depends_on", "ports", "volumes", "command", "networks", "links",
    "container_name", "restart", "extends", "deploy", "expose", "entrypoint", "healthcheck", "labels", "profiles",
})  # fmt: skip
_RUNS: Final = frozenset({"image", "build", "extends", "container_name", "provider"})
_ROUTED: Final = re.compile(r"Host\(([^)]{1,300})\)")
_DEPTH: Final = 5


def _detect(artefact: Artefact) -> float:
    named = _NAME.search(artefact.name) is not None
    if not named and b"services" not in artefact.head and b"image" not in artefact.head:
        return 0.0
    services = _services(artefact.data)[1]
    if not services:
        return 0.0
    fits = sum(bool(_RUNS & set(mapping(one))) for one in services.values())
    alike = sum(bool(_OF_SERVICE & set(mapping(one))) for one in services.values())
    if named:
        return 0.95 if alike or not any(services.values()) else 0.0
    return 0.8 if fits and alike == len(services) else 0.0


def _services(root: object) -> tuple[Steps, dict[str, Any]]:
    """Where the services stand, and the services; a file of version 1 has them at the top."""
    top = mapping(root)
    if isinstance(top.get("services"), dict):
        return ("services",), mapping(top["services"])
    if "services" in top or not top or not all(isinstance(one, dict) for one in top.values()):
        return (), {}
    return (), top if all(_OF_SERVICE & set(one) for one in top.values()) else {}


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    variables = {**_beside(artefact, ".env"), **reading.variables}
    notes = replace(Notes.on("compose", artefact, reading), variables=variables)
    complaints = Complaints(artefact)
    read = False
    for steps, root in artefact.documents():
        place, services = _services(root)
        whole: dict[str, Mapping[str, Any]] = {}
        for name, service in services.items():
            if isinstance(service, dict):
                whole[name] = _extended(artefact, services, service, _DEPTH)
            elif service is not None:
                yield from complaints.add("is no service", (*steps, *place, name), "a mapping with image or build")
        read = read or bool(whole)
        known = _local(whole, variables)
        images = {name: resolve(text(one.get("image")), variables) for name, one in whole.items()}
        project = text(mapping(root).get("name"))
        for name, service in whole.items():
            one = _Service(notes, (*steps, *place, name), name, service, known, images)
            yield from _service(one, project)
    if not read and not complaints.count:
        raise artefact.error("INP001", "holds no services", hint="a compose file has services with an image or a build")
    yield from complaints.rest()
    yield notes.coverage()


@dataclass(frozen=True, slots=True)
class _Service:
    notes: Notes
    place: Steps
    name: str
    settings: Mapping[str, Any]
    known: Mapping[str, str]
    images: Mapping[str, str]

    def wire(self, host: str) -> str:
        """The scheme that the image of a service of this file speaks, or nothing."""
        return wire_of_image(self.images.get(self.local(host), ""))

    def local(self, host: str) -> str:
        """The service of this file that a host means, or nothing."""
        return self.known.get(host.lower(), "")


def _extended(artefact: Artefact, services: Mapping[str, Any], service: Mapping[str, Any], depth: int) -> dict[str, Any]:  # fmt: skip  # noqa: E501
    """A service with what it extends: settings of its own win, environments are laid one over the other."""
    extends = service.get("extends")
    if extends is None or not depth:
        return dict(service)
    name = text(extends) or text(inner(extends, "service"))
    file = text(inner(extends, "file"))
    others = services
    if file:
        beside = _sibling(artefact, file)
        others = _services(beside.data if beside is not None else None)[1]
    base = mapping(others.get(name))
    if not base or base is service:
        return dict(service)
    whole = _extended(artefact, others, base, depth - 1)
    variables = {**_pairs(whole.get("environment")), **_pairs(service.get("environment"))}
    merged = {**whole, **service}
    if variables:
        merged["environment"] = dict(variables)
    return merged


def _sibling(artefact: Artefact, path: str) -> Artefact | None:
    if path.startswith("/") or ":" in path or "$" in path:
        return None
    parts: list[str] = list(PurePosixPath(artefact.relative).parent.parts)
    for part in PurePosixPath(path).parts:
        if part == "..":
            if not parts:
                return None  # above what is scanned
            parts.pop()
        elif part != ".":
            parts.append(part)
    return Artefact(artefact.root, "/".join(parts), limits=artefact.limits) if parts else None


def _beside(artefact: Artefact, path: str) -> dict[str, str]:
    found = _sibling(artefact, path)
    if found is None:
        return {}
    try:
        return settings_of(found.text)
    except (InputError, IncompleteError):
        return {}


def _pairs(environment: object) -> dict[str, str | None]:
    """``environment`` as a list of NAME=value or as a mapping; None for a name whose value comes from outside."""
    if isinstance(environment, dict):
        return {str(name): None if value is None else _scalar(value) for name, value in environment.items()}
    found: dict[str, str | None] = {}
    for entry in listing(environment):
        name, equals, value = text(entry).partition("=")
        if name:
            found[name.strip()] = value if equals else None
    return found


def _scalar(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else text(value)


def _local(services: Mapping[str, Mapping[str, Any]], variables: Mapping[str, str]) -> dict[str, str]:
    known = {alias.lower(): name for name, one in services.items() for alias in _aliases(one, variables)}
    return known | {name.lower(): name for name in services}


def _aliases(service: Mapping[str, Any], variables: Mapping[str, str]) -> list[str]:
    told = [resolve(text(service.get(name)), variables) for name in ("container_name", "hostname")]
    for network in mapping(service.get("networks")).values():
        told += [text(alias) for alias in listing(inner(network, "aliases"))]
    labels = service.get("labels")
    rules = [text(one) for one in (labels.values() if isinstance(labels, dict) else listing(labels))]
    for rule in rules:
        for hosts in _ROUTED.findall(resolve(rule, variables)):
            told += [host.strip(" `\"'") for host in hosts.split(",")]
    told += resolve(_pairs(service.get("environment")).get("VIRTUAL_HOST") or "", variables).split(",")
    return [alias for alias in dict.fromkeys(one.strip() for one in told) if alias and "$" not in alias]


def _environment(service: _Service) -> Environment:
    artefact, variables = service.notes.artefact, service.notes.variables
    values: dict[str, str] = {}
    files = service.settings.get("env_file")
    for file in [files] if isinstance(files, str | dict) else listing(files):
        values |= _beside(artefact, text(file) or text(inner(file, "path")))
    places: dict[str, Place] = dict.fromkeys(values, (*service.place, "env_file"))
    written = service.settings.get("environment")
    for number, (name, value) in enumerate(_pairs(written).items()):
        places[name] = (*service.place, "environment", name if isinstance(written, dict) else number)
        values[name] = resolve(f"${{{name}}}", variables) if value is None else resolve(value, variables)
    unknown = frozenset(name for name, value in values.items() if value in ("", f"${{{name}}}", f"${name}"))
    return Environment({name: value for name, value in values.items() if name not in unknown}, places, {}, unknown)


def _service(service: _Service, project: str) -> Iterator[Seen]:
    notes, settings = service.notes, service.settings
    environment = _environment(service)
    needs = [needed for needed in _needed(settings) if needed != service.name]
    figures = {
        "project": project,
        "image": resolve(text(settings.get("image")), notes.variables),
        "build": text(settings.get("build")) or text(inner(settings.get("build"), "context")),
        "ports": [text(port) or text(inner(port, "published")) for port in listing(settings.get("ports"))][:20],
        "profiles": [text(profile) for profile in listing(settings.get("profiles"))][:20],
        "replicas": text(inner(settings.get("deploy"), "replicas")) or text(settings.get("scale")),
        "depends_on": needs,
        "telemetry": environment.telemetry,
    }
    aliases = [alias for alias in _aliases(settings, notes.variables) if alias != service.name]
    yield notes.seen(service.place, kind="system", name=service.name, values={"aliases": aliases}, figures=figures)
    named: set[str] = set()
    for seen in (
        *write_down(notes, environment, service.name, service.place, service.local, service.wire),
        *_commands(service, environment),
    ):
        if seen.kind == "interface" and seen.provider in needs:
            named.add(seen.provider)
            yield replace(seen, figures={**seen.figures, "depends_on": True})
        else:
            yield seen
    for needed in needs:
        if needed not in named:
            yield notes.seen(
                (*service.place, "depends_on") if "depends_on" in settings else service.place,
                name=needed,
                provider=needed,
                consumers=[SeenConsumer(name=service.name)],
                figures={"evidence": "depends_on"},
                confidence=0.3,
            )


def _needed(settings: Mapping[str, Any]) -> list[str]:
    """Services that must be there first, of both forms of ``depends_on`` and of ``links`` (``service:alias``)."""
    depends = settings.get("depends_on")
    told = list(depends) if isinstance(depends, dict) else listing(depends)
    told += [text(link).partition(":")[0] for link in listing(settings.get("links"))]
    return list(dict.fromkeys(filter(None, (text(one) for one in told))))


def _commands(service: _Service, environment: Environment) -> Iterator[Seen]:
    for where in ("command", "entrypoint"):
        written = service.settings.get(where)
        command = text(written) or shlex.join(text(word) for word in listing(written))
        yield from write_command(
            replace(service.notes, variables={**environment.values, **service.notes.variables}),
            command,
            (*service.place, where),
            prefix=service.name,
            consumer=service.name,
            figures={"evidence": "command"},
            confidence=0.7,
            local=service.local,
        )


def _in_project(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    """The names of services mean something in their project only: every other one has a ``db`` too. The files of one
    folder are one project, as compose has it."""
    project = PurePosixPath(artefact.path).parent.as_posix()
    for one in _read(artefact, reading):
        yield replace(one, scope=project) if isinstance(one, Seen) else one


READER = Reader("compose", "compose file", _detect, _in_project)
