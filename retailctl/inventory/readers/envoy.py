"""Envoy as sightings: routes of its listeners, and the clusters behind them. Shapes of v2 and v3, JSON or YAML.

* interface: one per route and cluster. The provider is the endpoint of the cluster where it has one only, else the
  name of the cluster; the address is what the cluster sees (``gateway_paths``). Redirects and fixed answers are none.
* system: hosts of clusters; a listener that passes on TCP has a system behind it and no interface.
* figures: ``listener``, ``domains``, ``cluster``, ``match``, ``plugins`` (HTTP filters in force: those of the listener,
  without what the route turns off), ``timeout``, ``tls`` towards the cluster, ``retries`` and
  ``circuit_breaker`` of the gateway, which say nothing of those of the caller.
* ``${NAME}`` is resolved or kept. Coverage, unless listeners or routes come from a server (``rds``, ``lds``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.found_secrets import credential, secrets_below
from retailctl.inventory.gateway_paths import at_provider, reached, template_of, version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import (
    Steps,
    covered,
    entries,
    mapping,
    number,
    refused,
    roots,
    sequence,
    text,
    wrong_types,
)
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import url_of
from retailctl.inventory.variables import resolve
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen

_KIND: Final = "Envoy configuration"
_USUAL: Final = frozenset({"router", "cors", "grpc_web", "health_check", "buffer", "compressor", "gzip"})
_PATHS: Final = ("prefix", "path", "path_separated_prefix", "safe_regex", "regex", "path_match_policy")


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Hosts behind a cluster, and what it says of the way there."""

    name: str
    hosts: tuple[str, ...]
    tls: bool
    breaker: bool

    @property
    def provider(self) -> str:
        return self.hosts[0] if len(set(self.hosts)) == 1 else self.name


@dataclass(frozen=True, slots=True)
class _Routes:
    """A table of routes, and the filters that stand before it."""

    config: dict[Any, Any]
    where: Steps
    listener: str
    filters: tuple[str, ...]


def _detect(artefact: Artefact) -> float:
    data = artefact.data
    if not isinstance(data, dict):
        return 0.0
    if {"listeners", "clusters"} & mapping(data.get("static_resources")).keys():
        return 0.95
    if any("envoy." in text(mapping(one).get("@type")) for one in sequence(data.get("resources"))[:5]):
        return 0.9
    if "dynamic_resources" in data and data.keys() & {"node", "admin", "static_resources"}:
        return 0.9
    return 0.8 if isinstance(data.get("virtual_hosts"), list) else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    for steps, root in roots(artefact, _KIND):
        listeners, clusters, tables = _parts(root if isinstance(root, dict) else {}, steps)
        if not (listeners or clusters or tables) and not mapping(root).keys() & {
            "static_resources",
            "dynamic_resources",
            "resources",  # of secrets alone: nothing is offered, and credentials may stand in it
        }:
            raise refused(artefact, _KIND, "it has no listeners, clusters or routes")
        static = mapping(mapping(root).get("static_resources"))
        yield from wrong_types(artefact, static, (*steps, "static_resources"), listeners=list, clusters=list)
        behind = {one.name: one for _, entry in clusters if (one := _cluster(entry, reading))}
        complete = "dynamic_resources" not in mapping(root) and bool(listeners)
        for where, listener in listeners:
            found, tcp, remote = _filters(listener, where)
            complete = complete and not remote
            tables += found
            for at, name in tcp:
                yield _system(artefact, reading, at, behind.get(name) or _Cluster(name, (), False, False))
        for table in tables:
            for where, host in entries(table.config.get("virtual_hosts"), (*table.where, "virtual_hosts")):
                yield from _host(artefact, reading, table, host, where, behind)
        for at, name, value in secrets_below(root, steps):
            yield from credential(reading, "envoy", artefact.ref(at), f"{artefact.name} {name}", value, setting=name)
        if complete:
            yield covered("envoy", reading.system or artefact.path, reading)


def _parts(
    root: dict[Any, Any], steps: Steps
) -> tuple[list[tuple[Steps, dict[Any, Any]]], list[tuple[Steps, dict[Any, Any]]], list[_Routes]]:
    """Listeners, clusters and tables of routes: of a bootstrap, or of a file of resources."""
    static, at = mapping(root.get("static_resources")), (*steps, "static_resources")
    listeners = list(entries(static.get("listeners"), (*at, "listeners")))
    clusters = list(entries(static.get("clusters"), (*at, "clusters")))
    tables = [_Routes(root, steps, "", ())] if isinstance(root.get("virtual_hosts"), list) else []
    for where, resource in entries(root.get("resources"), (*steps, "resources")):
        kind = text(resource.get("@type"))
        if kind.endswith("Listener"):
            listeners.append((where, resource))
        elif kind.endswith("Cluster"):
            clusters.append((where, resource))
        elif kind.endswith("RouteConfiguration"):
            tables.append(_Routes(resource, where, "", ()))
    return listeners, clusters, tables


def _settings(entry: dict[Any, Any]) -> tuple[dict[Any, Any], str]:
    """The configuration of a filter, as v3 and v2 write it, and the key that holds it."""
    for name in ("typed_config", "config"):
        if isinstance(entry.get(name), dict):
            inner = entry[name].get("value")  # a TypedStruct
            return (inner if isinstance(inner, dict) else entry[name]), name
    return {}, ""


def _filters(listener: dict[Any, Any], where: Steps) -> tuple[list[_Routes], list[tuple[Steps, str]], bool]:
    """Tables of routes, (place, cluster) of TCP, and whether some routes are somewhere else."""
    found, tcp, remote = [], [], False
    chains = list(entries(listener.get("filter_chains"), (*where, "filter_chains")))
    chains += list(entries(listener.get("default_filter_chain"), (*where, "default_filter_chain")))
    for at, chain in chains:
        for place, one in entries(chain.get("filters"), (*at, "filters")):
            settings, name = _settings(one)
            config = settings.get("route_config")
            if isinstance(config, dict):
                names = tuple(
                    _short(text(filter_.get("name"))) for _, filter_ in entries(settings.get("http_filters"), ())
                )
                found.append(_Routes(config, (*place, name, "route_config"), _listener(listener), names))
            elif "rds" not in settings and "scoped_routes" not in settings:
                tcp += [(place, cluster) for cluster in _clusters(settings)]
            remote = remote or any(key in settings for key in ("rds", "scoped_routes"))
    return found, tcp, remote


def _clusters(settings: Any) -> list[str]:
    """The clusters that a filter of another protocol passes on to (TCP, Redis, weighted ones), each once."""
    found: dict[str, None] = {}
    stack = [settings]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            if text(current.get("cluster")):
                found[text(current["cluster"])] = None
            weighted = sequence(mapping(current.get("weighted_clusters")).get("clusters"))
            found |= dict.fromkeys(filter(None, (text(mapping(one).get("name")) for one in weighted)))
            stack.extend(reversed(list(current.values())))
        elif isinstance(current, list):
            stack.extend(reversed(current))
    return list(found)


def _listener(listener: dict[Any, Any]) -> str:
    socket = mapping(mapping(listener.get("address")).get("socket_address"))
    named = text(listener.get("name"))
    return named or f"{text(socket.get('address'))}:{text(socket.get('port_value'))}"


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _cluster(entry: dict[Any, Any], reading: Reading) -> _Cluster | None:
    name = text(entry.get("name"))
    if not name:
        return None
    endpoints = [
        mapping(mapping(one).get("endpoint") or one).get("address")
        for group in sequence(mapping(entry.get("load_assignment")).get("endpoints"))
        for one in sequence(mapping(group).get("lb_endpoints"))
    ]
    endpoints += sequence(entry.get("hosts"))
    hosts = []
    tls = "tls_context" in entry or "tls" in text(mapping(entry.get("transport_socket")).get("name"))
    for one in endpoints:
        socket = mapping(mapping(one).get("socket_address"))
        host, port = (resolve(text(socket.get(key)), reading.variables) for key in ("address", "port_value"))
        url = url_of(f"{'https' if tls else 'http'}://{host}:{port}" if port else f"http://{host}") if host else None
        if url is not None:
            hosts.append(url.name)
    breaker = "circuit_breakers" in entry or "outlier_detection" in entry
    return _Cluster(name, tuple(hosts), tls, breaker)


def _system(artefact: Artefact, reading: Reading, where: Steps, cluster: _Cluster) -> Seen:
    return Seen(
        source="envoy", ref=artefact.ref(where), kind="system", at=reading.as_of, name=cluster.provider,
        environment=reading.environment, figures={"cluster": cluster.name, "hosts": list(cluster.hosts)},
    )  # fmt: skip


def _host(
    artefact: Artefact,
    reading: Reading,
    table: _Routes,
    host: dict[Any, Any],
    where: Steps,
    behind: dict[str, _Cluster],
) -> Iterator[Seen]:
    domains = [text(one) for one in sequence(host.get("domains")) if text(one)]
    for at, entry in entries(host.get("routes"), (*where, "routes")):
        action, match = mapping(entry.get("route")), mapping(entry.get("match"))
        if not action:
            continue
        kind = next((one for one in _PATHS if one in match), "prefix")
        written = text(mapping(match.get(kind)).get("regex")) or text(match.get(kind)) or "/"
        public, certain = template_of(written) if "regex" in kind else (written, True)
        rewrite = text(action.get("prefix_rewrite"))
        address = at_provider(public, rewrite, strips="prefix_rewrite" in action)
        weighted = sequence(mapping(action.get("weighted_clusters")).get("clusters"))
        names = [text(mapping(one).get("name")) for one in weighted] or [text(action.get("cluster"))]
        retry = mapping(action.get("retry_policy") or host.get("retry_policy"))
        figures: dict[str, Any] = {
            "listener": table.listener,
            "domains": domains,
            "gateway_path": written,
            "match": {"safe_regex": "regex", "path": "exact"}.get(kind, kind),
            "prefix": reached(public, rewrite, strips="prefix_rewrite" in action) if "prefix" in kind else "",
            "plugins": _plugins(table, host, entry),
            "timeout": text(action.get("timeout")),
            "route": text(entry.get("name")),
        }
        for name in filter(None, names):
            cluster = behind.get(name) or _Cluster(name, (), False, False)
            shown = {**figures, "cluster": name, "hosts": list(cluster.hosts)}
            shown |= {"tls": cluster.tls or None, "circuit_breaker": cluster.breaker or None}
            if retry:
                shown["retries"] = number(retry.get("num_retries")) or 1  # the default of Envoy
            yield Seen(
                source="envoy",
                ref=artefact.ref(at),
                at=reading.as_of,
                name=text(entry.get("name")),
                key=HttpKey(
                    protocol="http",
                    provider=cluster.provider,
                    method=_method(match),
                    address=address,
                    version=version_in(address),
                ),
                provider=cluster.provider,
                environment=reading.environment,
                figures={key: value for key, value in shown.items() if value not in ("", [], None) or key == "plugins"},
                confidence=1.0 if certain else 0.7,
            )


def _method(match: dict[Any, Any]) -> str | None:
    for _, header in entries(match.get("headers"), ()):
        if text(header.get("name")) == ":method":
            return text(header.get("exact_match")) or text(mapping(header.get("string_match")).get("exact")) or None
    return None


def _plugins(table: _Routes, host: dict[Any, Any], entry: dict[Any, Any]) -> list[str]:
    off = {
        _short(str(name))
        for level in (host, entry)
        for name, one in mapping(level.get("typed_per_filter_config")).items()
        if mapping(one).get("disabled") is True
    }
    return sorted(set(table.filters) - off - _USUAL - {""})


READER = Reader("envoy", "Envoy bootstrap or resources", _detect, guarded(_read))
