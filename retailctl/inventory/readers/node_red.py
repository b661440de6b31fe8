"""Node-RED: flows as exported, a list of nodes with ``type`` and ``wires``, or ``{flows: [...]}`` of the admin API.

The host is the Node-RED that runs them: the system that the user names, else the file.

* ``http in`` is an interface of the host; ``http request`` one of the other side. Where the address comes with the
  message the interface has a name only;
* ``mqtt in`` and ``mqtt out``, and nodes like them, are interfaces of their broker, with the host as consumer
  (direction ``out`` and ``in``, seen from the broker), and events by topic;
* nodes whose configuration names a host are interfaces of it where the type tells the wire, else names with a place
  (``tcp://till-3:9100``);
* ``inject`` that repeats is a job of the host, and gives its schedule to what it alone leads to, across link nodes;
* secrets that stand in a node in clear are fingerprints; those of the encrypted file beside it cannot be read.

Nodes and tabs that are disabled call nothing. A subflow counts once, with the variables of its definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows import red_nodes as types
from retailctl.inventory.flows.command_notes import write_command
from retailctl.inventory.flows.graph import schedules
from retailctl.inventory.flows.loose import inner, listing, mapping, number, text
from retailctl.inventory.flows.notes import Complaints, Notes
from retailctl.inventory.flows.targets import target_of
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import EventKey, HttpKey, JobKey
from retailctl.model.seen import Seen, SeenConsumer

Steps = tuple[str | int, ...]

_PARAMETER: Final = re.compile(r":([A-Za-z_]\w*)[?*]?")
_MUSTACHE: Final = re.compile(r"^\{\{\{?|\}?\}\}$")
_TRIPLE: Final = re.compile(r"\{(\{\{[^{}]{0,200}\}\})\}")


def _detect(artefact: Artefact) -> float:
    if b'"wires"' not in artefact.head and b'"type"' not in artefact.head:
        return 0.0
    nodes = _nodes_of(artefact.data)
    told = [node for _, node in nodes[:200] if isinstance(node, dict)]
    wired = sum(isinstance(node.get("wires"), list) for node in told)
    named = sum(isinstance(node.get("type"), str) and isinstance(node.get("id"), str) for node in told)
    return 0.95 if told and wired and named >= 0.5 * len(told) else 0.0


def _nodes_of(root: object) -> list[tuple[Steps, Any]]:
    if isinstance(root, dict) and isinstance(root.get("flows"), list):
        return [(("flows", number_), node) for number_, node in enumerate(root["flows"])]
    return [((number_,), node) for number_, node in enumerate(listing(root))]


@dataclass(frozen=True, slots=True)
class _Flow:
    """All nodes of a file by id, and what is known of the whole."""

    notes: Notes
    nodes: Mapping[str, Mapping[str, Any]]
    schedules: Mapping[str, str]
    everywhere: Sequence[Mapping[str, Any]]

    def variables(self, node: Mapping[str, Any]) -> dict[str, str]:
        """``${NAME}`` for a node: of its tab or subflow, of the whole file, of the user."""
        home = self.nodes.get(text(node.get("z")), {})
        found: dict[str, str] = {}
        for entry in (part for one in (*self.everywhere, home) for part in listing(one.get("env"))):
            told = mapping(entry)
            if text(told.get("type")) != "cred":
                found[text(told.get("name"))] = text(told.get("value"))
        return {**found, **self.notes.variables}

    def config(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """The configuration node (broker, database, server) that a node points to; empty without one."""
        for name in types.LINKS:
            found = self.nodes.get(text(node.get(name)))
            if found is not None and "wires" not in found:
                return found
        return {}

    def label(self, node: Mapping[str, Any]) -> str:
        """The name of the tab or subflow that a node stands on."""
        home = self.nodes.get(text(node.get("z")), {})
        return text(home.get("label")) or text(home.get("name"))


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    notes = Notes.on("node-red", artefact, reading)
    complaints = Complaints(artefact)
    placed: list[tuple[Steps, Mapping[str, Any]]] = []
    for steps, root in artefact.documents():
        for place, node in _nodes_of(root):
            if isinstance(node, dict) and text(node.get("type")):
                placed.append(((*steps, *place), node))
            else:
                yield from complaints.add("is no node with a type", (*steps, *place), "export the flows again")
    if not placed:
        raise artefact.error("INP001", "holds no Node-RED nodes", hint="export the flows again")
    nodes = {text(node.get("id")): node for _, node in placed}
    everywhere = [node for _, node in placed if node["type"] == "global-config"]
    flow = _Flow(notes, nodes, _schedules([node for _, node in placed]), everywhere)
    running = [(place, node) for place, node in placed if _runs(node, nodes)]
    figures = {
        "nodes": sum("wires" in node for _, node in placed),
        "tabs": sum(node.get("type") == "tab" for _, node in placed),
        "disabled": len(placed) - len(running),
    }
    yield notes.seen((), kind="system", name=notes.host, figures=figures)
    known: set[str] = set()
    for place, node in running:
        yield from _node(flow, place, node, known)
    yield from complaints.rest()
    yield notes.coverage()


def _runs(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> bool:
    home = nodes.get(text(node.get("z")), {})
    return node.get("d") is not True and node.get("disabled") is not True and home.get("disabled") is not True


def _schedules(nodes: list[Mapping[str, Any]]) -> dict[str, str]:
    edges: list[tuple[str, str]] = []
    triggers: dict[str, str] = {}
    for node in nodes:
        id_, kind = text(node.get("id")), text(node.get("type"))
        edges += [(id_, text(target)) for output in listing(node.get("wires")) for target in listing(output)]
        if kind in ("link out", "link call"):
            edges += [(id_, text(target)) for target in listing(node.get("links"))]
        if kind.startswith("subflow:"):
            edges.append((id_, kind.removeprefix("subflow:")))
        if kind == "subflow":
            edges += [(id_, text(mapping(wire).get("id"))) for port in listing(node.get("in")) for wire in listing(mapping(port).get("wires"))]  # fmt: skip  # noqa: E501
        repeat = _repeat(node)
        if kind == "inject" and repeat:
            triggers[id_] = repeat
        elif kind not in ("inject", "link in") and types.is_source(kind):
            triggers[id_] = ""
    return schedules(edges, triggers)


def _repeat(node: Mapping[str, Any]) -> str:
    """``crontab`` as it is, an interval with its unit; empty for a button."""
    crontab, repeat = text(node.get("crontab")), text(node.get("repeat"))
    seconds = number(repeat.removesuffix(".0"))
    if crontab:
        return crontab
    if seconds is None or seconds <= 0:
        return f"{repeat}s" if re.fullmatch(r"0?\.\d{1,6}|[1-9]\d{0,6}\.\d{1,6}", repeat) else ""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _node(flow: _Flow, place: Steps, node: Mapping[str, Any], known: set[str]) -> Iterator[Seen]:
    kind = text(node["type"])
    if kind in types.SILENT:
        return
    label = text(node.get("name")) or text(node.get("label")) or kind
    calls = list(_calls(flow, place, node, kind))
    provider = next((one.provider for one in calls if one.kind == "interface"), "")
    clear = list(flow.notes.secrets(_settings(node), place, prefix=label, provider=provider, known=known))
    yield from clear
    inline = next(iter(clear), None)
    for one in calls:
        if inline is not None and one.kind == "interface" and kind != "http in":
            users = (replace(user, identity=user.identity or inline.name, secret=user.secret or inline.secret) for user in one.consumers)  # fmt: skip  # noqa: E501
            yield replace(one, consumers=tuple(users))
        else:
            yield one


def _settings(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a person typed into a node: ids, wires and places are the editor's."""
    return {name: value for name, value in node.items() if name not in ("id", "z", "wires", "x", "y", "info", "links")}


def _figures(flow: _Flow, node: Mapping[str, Any]) -> dict[str, Any]:
    return {"flow": flow.label(node), "node": text(node.get("name")), "node_type": text(node.get("type"))}


def _calls(flow: _Flow, place: Steps, node: Mapping[str, Any], kind: str) -> Iterator[Seen]:
    if kind == "http in":
        yield _offered(flow, place, node)
    elif kind == "inject":
        yield from _job(flow, place, node)
    elif kind == "http request":
        yield from _request(flow, place, node)
    elif kind == "exec":
        command = text(node.get("command"))
        prefix = text(node.get("name")) or "exec"
        schedule = flow.schedules.get(text(node.get("id")), "")
        figures = _figures(flow, node)
        yield from write_command(flow.notes, command, place, prefix=prefix, schedule=schedule, figures=figures)
    elif "wires" in node and not kind.startswith("subflow:"):
        yield from _other(flow, place, node, kind)


def _offered(flow: _Flow, place: Steps, node: Mapping[str, Any]) -> Seen:
    notes = flow.notes
    method = text(node.get("method")).upper() or "GET"
    address = "/" + _PARAMETER.sub(r"{\1}", notes.text(text(node.get("url")))).lstrip("/")
    key = HttpKey(protocol="http", provider=notes.host, method=method, address=address)
    return notes.seen(place, key=key, provider=notes.host, figures=_figures(flow, node))


def _job(flow: _Flow, place: Steps, node: Mapping[str, Any]) -> Iterator[Seen]:
    schedule, notes = _repeat(node), flow.notes
    if schedule:
        own = text(node.get("name")) or f"inject {text(node.get('id'))}"
        unit = " / ".join(filter(None, (flow.label(node), own)))
        key = JobKey(protocol="cron", provider=notes.host, host=notes.host, unit=unit)
        values = {"schedule": schedule, "mode": "batch"}
        yield notes.seen(place, key=key, provider=notes.host, values=values, figures=_figures(flow, node))


def _values(flow: _Flow, node: Mapping[str, Any], *, reads: bool | None = None) -> dict[str, Any]:
    schedule = flow.schedules.get(text(node.get("id")), "")
    if not schedule:
        return {}
    return {"schedule": schedule, **({} if reads is None else {"mode": "poll" if reads else "batch"})}


def _request(flow: _Flow, place: Steps, node: Mapping[str, Any]) -> Iterator[Seen]:
    notes = replace(flow.notes, variables=flow.variables(node))
    method = text(node.get("method")).upper()
    method = "" if method in ("USE", "TXT") else method or "GET"
    figures = {**_figures(flow, node), "authentication": text(node.get("authType"))}
    values = _values(flow, node, reads=method in ("GET", "HEAD") if method else None)
    target = notes.target(_TRIPLE.sub(r"\1", text(node.get("url"))))
    if target is None:
        name = f"{flow.label(node)}: {text(node.get('name')) or 'http request'}".strip(": ")
        users = [SeenConsumer(name=notes.host)]
        yield notes.seen(place, name=name, consumers=users, values=values, figures={**figures, "http_method": method})
        return
    yield from notes.call(target, place, method=method, values=values, figures=figures)


def _other(flow: _Flow, place: Steps, node: Mapping[str, Any], kind: str) -> Iterator[Seen]:
    """By the host that the node or its configuration node names; nothing where neither does."""
    config = flow.config(node)
    both = {**node, **config} if config else dict(node)
    variables = flow.variables(node)
    scheme = types.scheme_of(text(config.get("type"))) or types.scheme_of(kind)
    scheme = "mqtts" if scheme == "mqtt" and both.get("usetls") is True else scheme
    written = _address(both, scheme or ("tcp" if kind in types.TCP else ""))
    target = target_of(written, variables) if written else None
    if target is None:
        return
    notes = replace(flow.notes, variables=variables)
    figures = _figures(flow, node)
    account = text(both.get("user")) or text(both.get("username")) or text(inner(both, "credentials", "user"))
    topic = next((told for name in types.TOPICS if (told := text(node.get(name)))), "")
    if target.url.scheme in ("mqtt", "mqtts", "amqp", "amqps", "kafka"):
        figures["tls"] = target.url.scheme.endswith("s") or both.get("usetls") is True
        yield from _topic(notes, place, kind, target.url.name, target.url.scheme, topic, account, figures)
        return
    values = _values(flow, node)
    yield from notes.call(target, place, identity=account, values=values, figures=figures, base=True)


def _address(node: Mapping[str, Any], scheme: str) -> str:
    for name in types.ADDRESSES:
        written = text(node.get(name))
        if "://" in written:
            return written
    host = next((told for name in types.HOSTS if (told := text(node.get(name)))), "")
    if "://" in host:
        return host
    if not host or not scheme or not re.fullmatch(r"[\w.${}-]{1,253}", host):
        return ""
    port = text(node.get("port"))
    database = next((told for name in types.DATABASES if (told := text(node.get(name)))), "")
    return f"{scheme}://{host}{f':{port}' if port.isdigit() else ''}{f'/{database}' if database else ''}"


def _topic(
    notes: Notes,
    place: Steps,
    kind: str,
    broker: str,
    scheme: str,
    topic: str,
    account: str,
    figures: dict[str, Any],
) -> Iterator[Seen]:
    protocol = "mqtt" if scheme.startswith("mqtt") else "kafka" if scheme == "kafka" else "amqp"
    listens = types.is_source(kind)
    key = EventKey(protocol=protocol, provider=broker, cluster=broker, topic=topic or None)  # type: ignore[arg-type]
    users = [SeenConsumer(name=notes.host, identity=account or None)]
    values = {"pattern": "event", "mode": "async", "direction": "out" if listens else "in"}
    name = "" if topic else f"{protocol} {broker}"
    yield notes.seen(place, name=name, key=key, provider=broker, consumers=users, values=values, figures=figures)
    if topic:
        told = {**figures, "publishers": [] if listens else [notes.host]}
        yield notes.seen(place, kind="event", name=topic, key=key, consumers=users if listens else (), figures=told)


READER = Reader("node-red", "Node-RED flows", _detect, _read)
