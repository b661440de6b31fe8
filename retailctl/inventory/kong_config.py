"""A decK file in one shape: nested and flat forms, references by name or id, plug-ins by what they apply to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from retailctl.inventory.loose import Steps, entries, mapping, number, sequence, text, texts
from retailctl.inventory.urls import url_of
from retailctl.inventory.variables import resolve

_NESTED = ("service", "route", "consumer", "consumer_group")


@dataclass(frozen=True, slots=True)
class Named:
    """An entry, its place, and what it belongs to by (kind, name or id)."""

    name: str
    entry: Mapping[Any, Any]
    where: Steps
    of: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Service:
    """What stands behind a route; ``port`` is None where it is the usual one of the protocol."""

    name: str
    entry: Mapping[Any, Any]
    protocol: str
    host: str
    port: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Held:
    """A consumer with its groups (of ACLs and of its own) and the plug-ins that hold for it alone."""

    name: str
    entry: Mapping[Any, Any]
    where: Steps
    groups: frozenset[str]
    plugins: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file.

    ``targets`` are the addresses behind an upstream, by its name; ``by_label`` services by name and id; ``by_owner``
    plug-ins by one of what they belong to, ``by_group`` consumers by group; ``of_consumers`` are names of plug-ins.
    """

    services: tuple[tuple[Named, Service], ...]
    routes: tuple[Named, ...]
    plugins: tuple[Named, ...]
    consumers: tuple[Held, ...]
    targets: Mapping[str, list[str]]
    by_label: Mapping[str, Service]
    by_owner: Mapping[tuple[str, str], list[Named]]
    by_group: Mapping[str, list[Held]]
    of_consumers: frozenset[str]

    @property
    def globals_(self) -> list[Named]:
        """Plug-ins that hold for everything."""
        return self.by_owner.get(("", ""), [])

    def service_of(self, route: Named) -> Service | None:
        """The service of a route, by name or id."""
        return next(
            (self.by_label[name] for kind, name in route.of if kind == "service" and name in self.by_label), None
        )

    def provider_of(self, host: str, port: int | None, protocol: str) -> str:
        """The target of an upstream where there is one only, else its name; of anything else the host as written."""
        targets = self.targets.get(host)
        if targets is None:
            return f"{host}:{port}" if port is not None else host
        hosts = {found.name for one in targets if (found := url_of(f"{protocol}://{one}")) is not None}
        return hosts.pop() if len(hosts) == 1 else host

    def in_force(self, route: Named, service: Service) -> list[Named]:
        """Plug-ins that hold for every call of a route: global ones, those of the service and of the route."""
        labels = {("route", name) for name in _labels(route.entry)} | {("service", service.name)}
        labels |= {("service", name) for name in _labels(service.entry)}
        mine = [*self.globals_, *(one for label in sorted(labels) for one in self.by_owner.get(label, ()))]
        return [one for one in mine if one.of <= labels]

    def let_in(self, plugins: Iterable[Named]) -> frozenset[str] | None:
        """Groups that an ``acl`` plug-in in force allows; None where none says so."""
        for one in plugins:
            settings = mapping(one.entry.get("config"))
            allowed = texts(settings.get("allow")) or texts(settings.get("whitelist"))
            if one.name == "acl" and allowed:
                return frozenset(allowed)
        return None

    def names(self, plugins: Iterable[Named], allowed: frozenset[str] | None) -> tuple[list[str], list[str]]:
        """Names of the plug-ins in force, and of those that hold for some consumers only.

        A plug-in of consumers counts as in force where everybody who may call has it: then no call is without it.
        """
        names = {one.name for one in plugins}
        theirs = [{plugin.name for plugin in one.plugins} for one in self.callers(allowed)]
        every = set.intersection(*theirs) if theirs else set()
        some = (set.union(*theirs) if theirs else self.of_consumers) - every - names
        return sorted(names | every), sorted(some)

    def callers(self, allowed: frozenset[str] | None) -> list[Held]:
        """Consumers of some groups, in the order of the file."""
        found = {one.where: one for group in allowed or () for one in self.by_group.get(group, ())}
        return [found[where] for where in sorted(found, key=str)]


def config_of(root: Mapping[Any, Any], steps: Steps, variables: Mapping[str, str]) -> Config:
    """The file, whatever is nested in what."""
    plugins: list[Named] = []
    routes: list[Named] = []
    services: list[tuple[Named, Service]] = []
    for where, entry in entries(root.get("services"), (*steps, "services")):
        service = _service(entry, variables)
        services.append((Named(service.name, entry, where), service))
        own = _first_label(entry)
        plugins += _plugins(entry, where, ("service", own))
        routes += [_route(one, at, own) for at, one in entries(entry.get("routes"), (*where, "routes"))]
    routes += [_route(one, at, "") for at, one in entries(root.get("routes"), (*steps, "routes"))]
    for route in routes:
        plugins += _plugins(route.entry, route.where, ("route", _first_label(route.entry)))
    plugins += _plugins(root, steps, None)
    held, grouped = _consumers(root, steps, plugins)
    named = {text(entry.get("name")): entry for _, entry in entries(root.get("upstreams"), ())}
    targets = {
        name: [text(mapping(one).get("target") or one) for one in sequence(entry.get("targets"))]
        for name, entry in named.items()
        if name
    }
    targets = {name: [resolve(one, variables) for one in found if one] for name, found in targets.items()}
    everything = (*plugins, *grouped)
    by_owner: dict[tuple[str, str], list[Named]] = {}
    for plugin in everything:
        by_owner.setdefault(min(plugin.of, default=("", "")), []).append(plugin)
    by_group: dict[str, list[Held]] = {}
    for one in held:
        for group in sorted(one.groups):
            by_group.setdefault(group, []).append(one)
    of_consumers = frozenset(plugin.name for one in held for plugin in one.plugins)
    by_label = {label: service for named, service in reversed(services) for label in _labels(named.entry)}
    return Config(tuple(services), tuple(routes), everything, held, targets, by_label, by_owner, by_group, of_consumers)


def _service(entry: Mapping[Any, Any], variables: Mapping[str, str]) -> Service:
    url = url_of(resolve(text(entry.get("url")), variables))
    if url is not None:
        protocol, host, port, path = url.scheme, url.host, url.port, url.path
    else:
        protocol, path = text(entry.get("protocol")) or "http", resolve(text(entry.get("path")), variables)
        host, port = resolve(text(entry.get("host")), variables), number(entry.get("port"))
        known = url_of(f"{protocol}://{host}:{port}") if host and port is not None else None
        port = known.port if known is not None else port
    return Service(_first_label(entry) or host, entry, protocol, host, port, path.partition("?")[0].rstrip("/"))


def _route(entry: dict[Any, Any], where: Steps, service: str) -> Named:
    owner = service or _reference(entry.get("service"))
    return Named(_first_label(entry), entry, where, frozenset({("service", owner)} if owner else ()))


def _plugins(entry: Mapping[Any, Any], where: Steps, owner: tuple[str, str] | None) -> list[Named]:
    found = []
    for at, plugin in entries(entry.get("plugins"), (*where, "plugins")):
        name = text(plugin.get("name"))
        if not name or text(plugin.get("enabled")) == "false":
            continue
        of = {(kind, label) for kind in _NESTED if (label := _reference(plugin.get(kind)))}
        found.append(Named(name, plugin, at, frozenset(of | ({owner} if owner else set()))))
    return found


def _consumers(root: Mapping[Any, Any], steps: Steps, flat: list[Named]) -> tuple[tuple[Held, ...], list[Named]]:
    """The consumers, and the plug-ins that stand in them and in their groups."""
    members: dict[str, set[str]] = {}
    of_group: dict[str, list[Named]] = {}
    nested: list[Named] = []
    for where, group in entries(root.get("consumer_groups"), (*steps, "consumer_groups")):
        label = _first_label(group)
        of_group[label] = _plugins(group, where, ("consumer_group", label))
        nested += of_group[label]
        for one in sequence(group.get("consumers")):
            members.setdefault(_reference(one), set()).add(label)
    of_consumer: dict[str, list[Named]] = {}
    for one in flat:
        for kind, name in one.of:
            if kind == "consumer":
                of_consumer.setdefault(name, []).append(one)
    held = []
    for where, entry in entries(root.get("consumers"), (*steps, "consumers")):
        label = _first_label(entry)
        groups = {text(mapping(one).get("group")) for one in sequence(entry.get("acls"))}
        own = {_reference(one) for one in sequence(entry.get("groups"))} | members.get(label, set())
        plugins = _plugins(entry, where, ("consumer", label))
        nested += plugins
        plugins += [one for group in sorted(own) for one in of_group.get(group, ())]
        plugins += [one for one in of_consumer.get(label, ()) if one not in plugins]
        held.append(Held(label, entry, where, frozenset((groups | own) - {""}), tuple(plugins)))
    return tuple(held), nested


def _reference(value: Any) -> str:
    """``orders``, or ``{name: orders}``, or ``{id: …}``."""
    return _first_label(value) if isinstance(value, dict) else text(value)


def _first_label(entry: Mapping[Any, Any]) -> str:
    return next((found for key in ("name", "username", "custom_id", "id") if (found := text(entry.get(key)))), "")


def _labels(entry: Mapping[Any, Any]) -> set[str]:
    return {found for key in ("name", "id") if (found := text(entry.get(key)))} | {_first_label(entry)}
