"""OpenAPI 3.0, 3.1 and 3.2 to the normal form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

from retailctl.contracts.api.model import (
    Alternative,
    ApiDocument,
    Body,
    Family,
    MediaType,
    Operation,
    Parameter,
    Place,
    Response,
    Server,
)
from retailctl.contracts.api.urls import effective, servers_of
from retailctl.contracts.schemas.document_store import DocumentStore

# The value behind a place, every reference on the way followed; KeyError when one leads nowhere.
Follow = Callable[[Any, Place], tuple[Any, Place]]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_STYLES: Final = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_CALLBACK_DEPTH: Final = 3
Kind = Literal["path", "webhook", "callback"]


class OpenApiReader:
    """Reads one OpenAPI 3 document; what has the wrong type is left out (lint reports it)."""

    def __init__(self, raw: Mapping[str, Any], path: str, family: Family, store: DocumentStore, follow: Follow) -> None:
        self.raw, self.path, self.family = raw, path, family
        self._store, self._follow = store, follow
        self._security = alternatives(raw.get("security"))
        root = Place(path, "")
        self._servers = servers_of(raw.get("servers"), root.at("servers"))
        self._shared: dict[tuple[str, Place], Response] = {}

    def read(self) -> ApiDocument:
        """The document in normal form."""
        root = Place(self.path, "")
        info = mapping(self.raw.get("info"))
        components = {name: mapping(value) for name, value in mapping(self.raw.get("components")).items()}
        schemes = {
            name: mapping(self._value(value, root.at("components", "securitySchemes", name)))
            for name, value in components.get("securitySchemes", {}).items()
        }
        return ApiDocument(
            path=self.path,
            family=self.family,
            version=str(self.raw.get("openapi", "")),
            title=text(info.get("title")),
            info_version=text(info.get("version")),
            servers=self._servers,
            operations=tuple(self._paths(mapping(self.raw.get("paths")), root.at("paths"), "path")),
            webhooks=tuple(self._paths(mapping(self.raw.get("webhooks")), root.at("webhooks"), "webhook")),
            security=self._security,
            security_schemes=schemes,
            components=components,
            schema_names={root.at("components", "schemas", name).key: name for name in components.get("schemas", {})},
            schemas=self._store,
            raw=self.raw,
        )

    def _paths(self, items: Mapping[str, Any], place: Place, kind: Kind, depth: int = 0) -> Iterator[Operation]:
        for path, raw in items.items():
            if path.startswith("x-") and kind != "webhook":
                continue
            found = self._followed(raw, place.at(path))
            if found is not None:
                yield from self._path_item(path, mapping(found[0]), found[1], kind, depth)

    def _path_item(
        self, path: str, item: Mapping[str, Any], place: Place, kind: Kind, depth: int
    ) -> Iterator[Operation]:
        shared = self._parameters(item.get("parameters"), place.at("parameters"), shared=True)
        servers = servers_of(item.get("servers"), place.at("servers")) or self._servers
        methods = [(method, item[method], place.at(method)) for method in METHODS if isinstance(item.get(method), dict)]
        for method, raw in mapping(item.get("additionalOperations")).items():
            methods.append((method, raw, place.at("additionalOperations", method)))
        for method, raw, at in methods:
            if isinstance(raw, dict):
                yield self._operation(method.upper(), path, raw, at, shared, servers, kind, depth)

    def _operation(
        self,
        method: str,
        path: str,
        raw: Mapping[str, Any],
        place: Place,
        shared: Mapping[tuple[str, str], Parameter],
        servers: tuple[Server, ...],
        kind: Kind,
        depth: int,
    ) -> Operation:
        own = servers_of(raw.get("servers"), place.at("servers")) or servers
        bases = tuple(dict.fromkeys(server.base for server in own)) or ("",)
        parameters = {**shared, **self._parameters(raw.get("parameters"), place.at("parameters"))}
        declared = "security" in raw and isinstance(raw["security"], list)
        return Operation(
            method=method,
            path=path,
            place=place,
            urls=effective(bases, path) if kind == "path" else (path,),
            bases=bases,
            kind=kind,
            parameters=tuple(parameters.values()),
            body=self._body(raw.get("requestBody"), place.at("requestBody")),
            responses=self._responses(mapping(raw.get("responses")), place.at("responses")),
            security=alternatives(raw["security"]) if declared else self._security,
            own_security=declared,
            callbacks=self._callbacks(mapping(raw.get("callbacks")), place.at("callbacks"), depth),
            operation_id=text(raw.get("operationId")),
            tags=tuple(tag for tag in _list(raw.get("tags")) if isinstance(tag, str)),
            deprecated=raw.get("deprecated") is True,
            raw=raw,
        )

    def _callbacks(self, raw: Mapping[str, Any], place: Place, depth: int) -> Mapping[str, tuple[Operation, ...]]:
        found: dict[str, tuple[Operation, ...]] = {}
        if depth >= _CALLBACK_DEPTH:
            return found
        for name, value in raw.items():
            target = self._followed(value, place.at(name))
            if target is not None and not name.startswith("x-"):
                found[name] = tuple(self._paths(mapping(target[0]), target[1], "callback", depth + 1))
        return found

    def _parameters(self, raw: Any, place: Place, *, shared: bool = False) -> dict[tuple[str, str], Parameter]:
        found: dict[tuple[str, str], Parameter] = {}
        for index, value in enumerate(_list(raw)):
            target = self._followed(value, place.at(index))
            if target is None or not isinstance(target[0], dict):
                continue
            name, location = text(target[0].get("name")), text(target[0].get("in"))
            if name and location:
                parameter = self._parameter(name, location, target[0], target[1], shared=shared)
                found.setdefault((location, name), parameter)
        return found

    def _parameter(
        self, name: str, location: str, raw: Mapping[str, Any], place: Place, *, shared: bool = False
    ) -> Parameter:
        content = self._content(raw.get("content"), place.at("content"))
        style = text(raw.get("style")) or _STYLES.get(location, "")
        explode = raw.get("explode")
        return Parameter(
            name=name,
            location=location,
            place=place,
            required=raw.get("required") is True or location == "path",
            schema=place.at("schema").key if isinstance(raw.get("schema"), dict | bool) else None,
            content=content,
            style=style,
            explode=explode if isinstance(explode, bool) else style == "form",
            allow_reserved=raw.get("allowReserved") is True,
            allow_empty=raw.get("allowEmptyValue") is True,
            deprecated=raw.get("deprecated") is True,
            shared=shared,
            raw=raw,
        )

    def _body(self, raw: Any, place: Place) -> Body | None:
        target = self._followed(raw, place) if isinstance(raw, dict) else None
        if target is None or not isinstance(target[0], dict):
            return None
        value, at = target
        return Body(at, value.get("required") is True, self._content(value.get("content"), at.at("content")))

    def _content(self, raw: Any, place: Place) -> Mapping[str, MediaType]:
        found: dict[str, MediaType] = {}
        for name, value in mapping(raw).items():
            target = self._followed(value, place.at(name))
            if target is None or not isinstance(target[0], dict):
                continue
            media, at = target
            found[name] = MediaType(
                name,
                at,
                at.at("schema").key if isinstance(media.get("schema"), dict | bool) else None,
                at.at("itemSchema").key if isinstance(media.get("itemSchema"), dict | bool) else None,
                mapping(media.get("encoding")),
            )
        return found

    def _responses(self, raw: Mapping[str, Any], place: Place) -> Mapping[str, Response]:
        found: dict[str, Response] = {}
        for status, value in raw.items():
            target = None if str(status).startswith("x-") else self._followed(value, place.at(status))
            if target is None or not isinstance(target[0], dict):
                continue
            key = (str(status), target[1])
            if key not in self._shared:  # most operations answer errors by the same few components
                self._shared[key] = self._response(str(status), *target)
            found[str(status)] = self._shared[key]
        return found

    def _response(self, status: str, raw: Mapping[str, Any], at: Place) -> Response:
        headers: dict[str, Parameter] = {}
        for name, header in mapping(raw.get("headers")).items():
            behind = self._followed(header, at.at("headers", name))
            if behind is not None and isinstance(behind[0], dict) and name.lower() != "content-type":
                headers[name] = self._parameter(name, "header", behind[0], behind[1])
        content = self._content(raw.get("content"), at.at("content"))
        return Response(status, at, headers, content, mapping(raw.get("links")))

    def _followed(self, raw: Any, place: Place) -> tuple[Any, Place] | None:
        if isinstance(raw, dict) and isinstance(raw.get("$ref"), str):
            try:
                return self._follow(raw, place)
            except KeyError:
                return None
        return raw, place

    def _value(self, raw: Any, place: Place) -> Any:
        found = self._followed(raw, place)
        return None if found is None else found[0]


def alternatives(raw: Any) -> tuple[Alternative, ...]:
    """The alternatives of a security requirement list. An empty object among them means: nothing is needed."""
    return tuple(
        {
            str(name): tuple(sorted(scope for scope in _list(scopes) if isinstance(scope, str)))
            for name, scopes in entry.items()
        }
        for entry in _list(raw)
        if isinstance(entry, dict)
    )


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one; keys that are not text (a status 200) become text."""
    if not isinstance(value, dict):
        return {}
    return value if all(type(key) is str for key in value) else {str(key): item for key, item in value.items()}


def text(value: Any) -> str:
    """The value if it is text or a number, else nothing."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
