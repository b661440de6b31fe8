"""Kong (decK) as sightings: routes with the services behind them, plug-ins in force, consumers and their credentials.

* interface: one per route, path and method. The provider is the host of the service (of an upstream with one target,
  that target); the address is what the service sees (``gateway_paths``); no method means any. Routes of streams (tcp,
  tls, udp) have no canonical key: the service is a system.
* consumers: those that an ``acl`` plug-in in force lets in. Without one, who calls is not told here.
* system: hosts of services. Plug-ins of a file without services stand on the gateway itself.
* credential: one per account of a consumer, and per secret in clear text in plug-ins and certificates.
* figures: ``plugins`` in force (global, of the service and of the route; those of consumers where all that may call
  have them), ``consumer_plugins`` of some, ``route``, ``hosts``, ``gateway_path``, ``strip_path``, ``upstream``.
* Coverage of the gateway, unless the file is cut by tags or has no services and routes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.found_secrets import credential, secrets_below
from retailctl.inventory.gateway_paths import at_provider, reached, templates_of, version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.kong_config import Config, Held, Named, config_of
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
    texts,
    wrong_types,
)
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen, SeenConsumer

_KIND: Final = "Kong (decK) file"
_PARTS: Final = ("services", "routes", "upstreams", "consumers", "consumer_groups", "plugins", "certificates")
_ACCOUNTS: Final = {
    "keyauth_credentials": ("key", ""),
    "basicauth_credentials": ("password", "username"),
    "jwt_secrets": ("secret", ""),
    "hmacauth_credentials": ("secret", "username"),
    "oauth2_credentials": ("client_secret", "name"),
}
_STREAMS: Final = frozenset({"tcp", "tls", "udp", "tls_passthrough"})


def _detect(artefact: Artefact) -> float:
    data = artefact.data
    if not isinstance(data, dict):
        return 0.0
    parts = [name for name in _PARTS if isinstance(data.get(name), list)]
    if "_format_version" in data:
        return 0.95
    if any(_fits(name, entry) for name in parts for entry in sequence(data[name])[:3] if isinstance(entry, dict)):
        return 0.75
    return 0.9 if data.keys() & {"_info", "_workspace", "_konnect", "_transform"} and parts else 0.0


def _is_kong(root: dict[Any, Any]) -> bool:
    """Beside the version, which may be absent: one entry at least that looks like one of Kong."""
    if root.keys() & {"_format_version", "_info", "_workspace", "_konnect", "_transform"}:
        return True
    return any(
        _fits(name, entry) for name in _PARTS for entry in sequence(root.get(name))[:100] if isinstance(entry, dict)
    )


def _fits(part: str, entry: dict[Any, Any]) -> bool:
    """Does an entry look as Kong has it, and not as another tool with the same words?"""
    if part == "services":
        return "name" in entry and bool(entry.keys() & {"url", "host", "routes"}) and "image" not in entry
    if part == "routes":
        return bool(entry.keys() & {"paths", "hosts", "service"}) and not entry.keys() & {"uri", "uris", "backend"}
    if part == "consumers":
        return bool(entry.keys() & {"username", "custom_id"})
    if part == "plugins":
        return "name" in entry and bool(
            entry.keys() & {"config", "service", "route", "consumer", "enabled", "protocols"}
        )
    return part == "upstreams" and bool(entry.keys() & {"targets", "healthchecks"})


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    gateway = reading.system or artefact.path
    for steps, root in roots(artefact, _KIND):
        if not isinstance(root, dict) or not ({"_format_version"} | set(_PARTS)) & root.keys():
            raise refused(artefact, _KIND, "it has no services, routes, consumers or plugins")
        yield from wrong_types(artefact, root, steps, **dict.fromkeys(_PARTS, list))
        if not _is_kong(root):
            raise refused(artefact, _KIND, "nothing in it is written as Kong writes it")
        config = config_of(root, steps, reading.variables)
        for route in config.routes:
            yield from _route(artefact, reading, config, route)
        if not config.routes and config.globals_:
            yield Seen(
                source="kong",
                ref=artefact.ref(config.globals_[0].where),
                kind="system",
                at=reading.as_of,
                name=gateway,
                environment=reading.environment,
                figures={"plugins": sorted({one.name for one in config.globals_})},
            )
        for holder in config.consumers:
            yield from _accounts(artefact, reading, holder)
        yield from _secrets(artefact, reading, root, steps)
        cut = texts(mapping(root.get("_info")).get("select_tags"))
        if config.routes and not cut:
            yield covered("kong", gateway, reading)


def _route(artefact: Artefact, reading: Reading, config: Config, route: Named) -> Iterator[Seen]:
    service = config.service_of(route)
    ref = artefact.ref(route.where)
    if service is None or not service.host:
        return
    provider = config.provider_of(service.host, service.port, service.protocol)
    plugins = config.in_force(route, service)
    allowed = config.let_in(plugins)
    names, some = config.names(plugins, allowed)
    streams = {text(one) for one in sequence(route.entry.get("protocols"))} & _STREAMS
    figures: dict[str, Any] = {
        "route": route.name,
        "service": service.name,
        "upstream": f"{service.protocol}://{service.host}{f':{service.port}' if service.port else ''}{service.path}",
        "targets": config.targets.get(service.host, []),
        "hosts": texts(route.entry.get("hosts")),
        "plugins": names,
        "consumer_plugins": some,
        "tags": texts(route.entry.get("tags")),
        "retries": number(service.entry.get("retries")),
    }
    figures = {name: value for name, value in figures.items() if value not in ("", [], None) or name == "plugins"}
    if streams:
        yield Seen(
            source="kong", ref=ref, kind="system", at=reading.as_of, name=provider, environment=reading.environment,
            figures={**figures, "streams": sorted(streams)},
        )  # fmt: skip
        return
    consumers = tuple(
        SeenConsumer(
            name=one.name, identity=one.name, group=next(iter(sorted(one.groups & (allowed or frozenset()))), None)
        )
        for one in config.callers(allowed)
    )
    strips = text(route.entry.get("strip_path")) != "false"
    paths = texts(route.entry.get("paths")) or [""]
    matched = [(path, *one) for path in paths for one in _templates(path)]
    for path, public, certain in matched:
        address = at_provider(public, service.path, strips=strips and bool(path))
        methods: list[str | None] = [*sorted(texts(route.entry.get("methods")))] or [None]
        for method in methods:
            yield Seen(
                source="kong",
                ref=ref,
                at=reading.as_of,
                name=route.name,
                key=HttpKey(
                    protocol="http", provider=provider, method=method, address=address, version=version_in(address)
                ),
                provider=provider,
                consumers=consumers,
                environment=reading.environment,
                figures={
                    **figures,
                    "gateway_path": path,
                    "match": ("template" if certain else "regex") if path.startswith("~") else "prefix",
                    "strip_path": strips,
                    **(
                        {}
                        if path.startswith("~")
                        else {"prefix": reached(public, service.path, strips=strips and bool(path))}
                    ),
                },
                confidence=1.0 if certain else 0.7,
            )


def _templates(path: str) -> list[tuple[str, bool]]:
    return templates_of(path) if path.startswith("~") else [(path or "/", True)]


def _accounts(artefact: Artefact, reading: Reading, holder: Held) -> Iterator[Seen]:
    """The credentials of a consumer; a consumer without any is an account all the same (single sign-on, mutual TLS)."""
    figures = {"groups": sorted(holder.groups), "plugins": sorted({one.name for one in holder.plugins})}
    kinds = sorted(kind for kind in holder.entry if str(kind).endswith(("_credentials", "_secrets")))
    shown = {name: value for name, value in {**figures, "auth": [str(kind) for kind in kinds]}.items() if value}
    yield Seen(
        source="kong", ref=artefact.ref(holder.where), kind="credential", at=reading.as_of, name=holder.name,
        environment=reading.environment, figures=shown,
    )  # fmt: skip
    for kind, (secret, _) in _ACCOUNTS.items():
        for where, account in entries(holder.entry.get(kind), (*holder.where, kind)):
            ref = artefact.ref((*where, secret))
            yield from credential(reading, "kong", ref, holder.name, account.get(secret), setting=f"{kind}.{secret}")


def _secrets(artefact: Artefact, reading: Reading, root: dict[Any, Any], steps: Steps) -> Iterator[Seen]:
    """Secrets in the configuration of plug-ins, in vaults and in certificates, wherever they are nested."""
    stack: list[tuple[Steps, Any, str]] = [
        ((*steps, part), root.get(part), "") for part in (*_PARTS, "vaults", "_plugin_configs") if part in root
    ]
    while stack:
        where, value, owner = stack.pop()
        if isinstance(value, list):
            stack.extend(((*where, index), one, owner) for index, one in reversed(list(enumerate(value))))
        elif isinstance(value, dict):
            name = next((found for key in ("name", "username", "id") if (found := text(value.get(key)))), owner)
            for key, one in reversed(list(value.items())):
                if key == "config":
                    for at, setting, secret in secrets_below(one, (*where, key)):
                        yield from credential(
                            reading, "kong", artefact.ref(at), name, secret, setting=f"{name}.{setting}"
                        )
                elif key == "key" and "cert" in value:
                    yield from credential(
                        reading, "kong", artefact.ref((*where, key)), name, one, setting="certificates.key"
                    )
                elif key not in _ACCOUNTS:
                    stack.append(((*where, key), one, name))


READER = Reader("kong", "Kong gateway (decK)", _detect, guarded(_read))
