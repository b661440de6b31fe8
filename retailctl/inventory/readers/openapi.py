"""OpenAPI and Swagger as sightings: what a provider promises, one interface per operation.

* interface: key (host of the first server, method, base path + path, major version of the path, else of the document).
  Of a document without an absolute server the provider is what the user says, else the title.
* system: the host. Further servers are ``endpoints`` of the same interface.
* event: a webhook, which the described system sends and somebody else takes in; its publisher is the described system.
* figures: operation id, tags, kinds of authentication (``[none]``: open to all), scopes, callbacks, sunset.
* ``lifecycle: deprecated`` where the operation says so. Whether it is used a contract does not know: no consumer, and
  no coverage either.

Path items and servers in other files are not followed: they are told, and the other file is scanned by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.gateway_paths import major_of, version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import Steps, is_true, mapping, refused, roots, sequence, text, texts, wrong_types
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import Url, path_of, url_of
from retailctl.inventory.variables import resolve
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen
from retailctl.workspace import input_codes as codes

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_KIND: Final = "OpenAPI document"
_COLON: Final = re.compile(r"/:([A-Za-z_]\w{0,80})(?=/|$)")


@dataclass(frozen=True, slots=True)
class _Server:
    """``base`` is the path before all paths; ``url`` is None for a server without a host."""

    url: Url | None
    base: str


@dataclass(frozen=True, slots=True)
class _Api:
    """What holds for the whole document."""

    artefact: Artefact
    reading: Reading
    root: Mapping[Any, Any]
    schemes: Mapping[Any, Any]
    servers: tuple[_Server, ...]

    @property
    def title(self) -> str:
        return text(mapping(self.root.get("info")).get("title"))


def _detect(artefact: Artefact) -> float:
    if not artefact.keys & {"openapi", "swagger"}:
        return 0.0
    return 0.95 if artefact.keys & {"paths", "webhooks", "components", "definitions", "info"} else 0.3


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    for steps, root in roots(artefact, _KIND):
        if not isinstance(root, dict) or not ("openapi" in root or "swagger" in root):
            raise refused(artefact, _KIND, "neither openapi nor swagger stands at the top")
        version = text(root.get("openapi") or root.get("swagger"))
        if version.partition(".")[0] not in ("2", "3"):
            yield artefact.error(
                codes.CONTRACT_VERSION, f"OpenAPI {version or 'without a version'} is not read", steps,
                hint="2.0 and 3.x are read",
            )  # fmt: skip
            continue
        yield from wrong_types(
            artefact, root, steps, info=dict, paths=dict, webhooks=dict, servers=list, components=dict, security=list
        )
        yield from _document(_api(artefact, reading, root), steps)


def _api(artefact: Artefact, reading: Reading, root: dict[Any, Any]) -> _Api:
    schemes = root.get("securityDefinitions") or mapping(root.get("components")).get("securitySchemes")
    if "swagger" in root:
        base, host = text(root.get("basePath")), resolve(text(root.get("host")), reading.variables)
        kinds = texts(root.get("schemes")) or ["https"]
        servers = tuple(_server(f"{kind}://{host}{base}" if host else base) for kind in sorted(kinds, reverse=True))
    else:
        servers = _servers(reading, root.get("servers"))
    return _Api(artefact, reading, root, mapping(schemes), servers)


def _servers(reading: Reading, value: Any) -> tuple[_Server, ...]:
    found = []
    for server in sequence(value):
        url = text(mapping(server).get("url"))
        for name, variable in mapping(mapping(server).get("variables")).items():
            known = reading.variables.get(str(name)) or text(mapping(variable).get("default"))
            url = url.replace(f"{{{name}}}", known) if known else url
        if url:
            found.append(_server(resolve(url, reading.variables)))
    return tuple(found)


def _server(address: str) -> _Server:
    url = url_of(f"https:{address}" if address.startswith("//") else address)
    base = url.path if url is not None else path_of(address)
    return _Server(url, "/" + base.strip("/") if base.strip("/") else "")


def _document(api: _Api, steps: Steps) -> Iterator[Found]:
    for path, item in mapping(api.root.get("paths")).items():
        where = (*steps, "paths", path)
        if not str(path).startswith("/"):
            if not str(path).startswith("x-"):
                yield api.artefact.error(codes.SCHEMA, "a path must start with /", where, hint="correct the path")
            continue
        yield from _item(api, _template(str(path)), item, where, webhook="")
    hooks = api.root.get("webhooks") or api.root.get("x-webhooks")
    name = "webhooks" if api.root.get("webhooks") else "x-webhooks"
    for hook, item in mapping(hooks).items():
        yield from _item(api, "", item, (*steps, name, hook), webhook=str(hook))


def _template(path: str) -> str:
    """The path as the standard has it: people write ``/users/:id`` too, and a query behind it."""
    return _COLON.sub(r"/{\1}", re.split(r"[?#]", path, maxsplit=1)[0])


def _item(api: _Api, path: str, value: Any, where: Steps, *, webhook: str) -> Iterator[Found]:
    item = _local(api, value, where)
    if isinstance(item, InputError) or item is None:
        yield item or api.artefact.error(
            codes.SCHEMA, "is no mapping of operations", where, hint="correct the path item"
        )
        return
    named = {method: item.get(method) for method in _METHODS if method in item}
    named |= {str(name): one for name, one in mapping(item.get("additionalOperations")).items()}
    for method, operation in named.items():
        place = (*where, method) if isinstance(value, dict) and method in value else where
        if not isinstance(operation, dict):
            yield api.artefact.error(codes.SCHEMA, f"{method} is no mapping", place, hint="correct the operation")
        elif webhook:
            yield _event(api, webhook, method, operation, place)
        else:
            own = operation.get("servers") or item.get("servers")
            servers = _servers(api.reading, own) if own else api.servers
            yield _operation(api, path, method, operation, servers, place)


def _local(api: _Api, value: Any, where: Steps) -> dict[Any, Any] | InputError | None:
    """A path item, through a reference inside the document."""
    if not isinstance(value, dict):
        return None
    target = value.get("$ref")
    if not isinstance(target, str):
        return value
    node: Any = api.root
    for step in target.removeprefix("#/").split("/"):
        node = mapping(node).get(step.replace("~1", "/").replace("~0", "~"))
    if target.startswith("#/") and isinstance(node, dict) and "$ref" not in node:
        return {**node, **{key: one for key, one in value.items() if key != "$ref"}}
    return api.artefact.error(
        codes.REFERENCE_UNUSABLE,
        "a path item in another place was not followed",
        where,
        hint="scan the bundled document",
    )


def _operation(
    api: _Api, path: str, method: str, operation: dict[Any, Any], servers: tuple[_Server, ...], where: Steps
) -> Seen:
    first = servers[0] if servers else _Server(None, "")
    url = next((server.url for server in servers if server.url is not None), None)
    provider = url.name if url is not None else api.reading.system or api.title
    address = first.base + path
    version = version_in(address) or major_of(text(mapping(api.root.get("info")).get("version")))
    urls = dict.fromkeys(server.url.clean.rstrip("/") + path for server in servers if server.url is not None)
    values: dict[str, Any] = {"lifecycle": "deprecated"} if is_true(operation.get("deprecated")) else {}
    if urls:
        values["endpoints"] = [{"url": one} for one in urls]
    return Seen(
        source="openapi",
        ref=api.artefact.ref(where),
        at=api.reading.as_of,
        name=text(operation.get("operationId")),
        key=HttpKey(protocol="http", provider=provider, method=method.upper(), address=address, version=version),
        provider=provider,
        environment=api.reading.environment,
        values=values,
        figures=_figures(api, operation),
    )


def _event(api: _Api, name: str, method: str, operation: dict[Any, Any], where: Steps) -> Seen:
    publisher = next((one.url.name for one in api.servers if one.url is not None), api.reading.system or api.title)
    return Seen(
        source="openapi",
        ref=api.artefact.ref(where),
        kind="event",
        at=api.reading.as_of,
        name=name,
        provider=publisher,
        environment=api.reading.environment,
        values={"publisher": publisher} if publisher else {},
        figures={"webhook": method.upper(), **_figures(api, operation)},
    )


def _figures(api: _Api, operation: dict[Any, Any]) -> dict[str, Any]:
    kinds, scopes = _authentication(api, operation)
    found = {
        "title": api.title,
        "api_version": text(mapping(api.root.get("info")).get("version")),
        "operation_id": text(operation.get("operationId")),
        "tags": texts(operation.get("tags")),
        "auth": kinds,
        "scopes": scopes,
        "deprecated": is_true(operation.get("deprecated")) or None,
        "sunset": text(operation.get("x-sunset")),
        "callbacks": sorted(map(str, mapping(operation.get("callbacks")))),
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _authentication(api: _Api, operation: dict[Any, Any]) -> tuple[list[str], list[str]]:
    """Kinds of authentication, any of which is enough, and the scopes asked for; nothing where nothing is said."""
    wanted = operation.get("security", api.root.get("security"))
    if not isinstance(wanted, list):
        return [], []
    kinds: set[str] = set() if wanted else {"none"}
    scopes: set[str] = set()
    for one in wanted:
        if one == {}:
            kinds.add("none")
        for name, asked in mapping(one).items():
            scheme = mapping(api.schemes.get(name))
            kind = text(scheme.get("type")) or "unknown"
            kinds.add(text(scheme.get("scheme")).lower() or kind if kind == "http" else kind)
            scopes.update(texts(asked))
    return sorted(kinds), sorted(scopes)


READER = Reader("openapi", "OpenAPI 3.x or Swagger 2.0", _detect, guarded(_read))
