"""Swagger 2.0 to the normal form, as its mechanical OpenAPI 3 form would read (contracts.md section 4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.contracts.api.model import ApiDocument, Body, MediaType, Operation, Parameter, Place, Response, Server
from retailctl.contracts.api.openapi import METHODS, Follow, alternatives, mapping, text
from retailctl.contracts.api.urls import base_path, effective
from retailctl.contracts.schemas.document_store import DocumentStore

_SCHEMA_KEYWORDS: Final = (
    "type", "format", "items", "enum", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "multipleOf",
    "x-extensible-enum", "description",
)  # fmt: skip
# collectionFormat to (style, explode) by place; the default is csv.
_STYLES: Final = {
    "csv": ("", False), "ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False),
    "tsv": ("tabDelimited", False), "multi": ("form", True),
}  # fmt: skip
_FORM: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_ANY: Final = "application/json"  # what a document that names no media type means in practice
_FLOWS: Final = {
    "implicit": "implicit", "password": "password", "application": "clientCredentials",
    "accessCode": "authorizationCode",
}  # fmt: skip


class SwaggerReader:
    """Reads one Swagger 2.0 document; what has the wrong type is left out (lint reports it)."""

    def __init__(self, raw: Mapping[str, Any], path: str, store: DocumentStore, follow: Follow) -> None:
        self.raw, self.path = raw, path
        self._store, self._follow = store, follow
        self._security = alternatives(raw.get("security"))
        self._base = base_path(text(raw.get("basePath")))
        self._consumes, self._produces = _types(raw.get("consumes")), _types(raw.get("produces"))

    def read(self) -> ApiDocument:
        """The document in normal form."""
        root = Place(self.path, "")
        info = mapping(self.raw.get("info"))
        definitions = mapping(self.raw.get("definitions"))
        schemes = mapping(self.raw.get("securityDefinitions"))
        return ApiDocument(
            path=self.path,
            family="swagger-2.0",
            version="2.0",
            title=text(info.get("title")),
            info_version=text(info.get("version")),
            servers=self._servers(root),
            operations=tuple(self._operations(root.at("paths"))),
            security=self._security,
            security_schemes={name: security_scheme(mapping(value)) for name, value in schemes.items()},
            components={
                "schemas": definitions,
                "parameters": mapping(self.raw.get("parameters")),
                "responses": mapping(self.raw.get("responses")),
                "securitySchemes": schemes,
            },
            schema_names={root.at("definitions", name).key: name for name in definitions},
            schemas=self._store,
            raw=self.raw,
        )

    def _servers(self, root: Place) -> tuple[Server, ...]:
        host = text(self.raw.get("host")).lower()
        schemes = list(_types(self.raw.get("schemes")) or ("https",)) if host else [""]
        if not host and not self._base:
            return ()
        place = root.at("host") if host else root.at("basePath")
        return tuple(
            Server(
                f"{scheme}://{host}{self._base}" if host else self._base,
                scheme if host else "",
                host,
                self._base,
                place,
            )
            for scheme in schemes
        )

    def _operations(self, place: Place) -> Iterator[Operation]:
        for path, value in mapping(self.raw.get("paths")).items():
            found = None if path.startswith("x-") else self._followed(value, place.at(path))
            if found is None:
                continue
            item, at = mapping(found[0]), found[1]
            shared = self._raw_parameters(item.get("parameters"), at.at("parameters"))
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    yield self._operation(method.upper(), path, item[method], at.at(method), shared)

    def _operation(
        self,
        method: str,
        path: str,
        raw: Mapping[str, Any],
        place: Place,
        shared: Mapping[tuple[str, str], tuple[Mapping[str, Any], Place]],
    ) -> Operation:
        parameters = {**shared, **self._raw_parameters(raw.get("parameters"), place.at("parameters"))}
        consumes = _types(raw["consumes"]) if "consumes" in raw else self._consumes
        produces = _types(raw["produces"]) if "produces" in raw else self._produces
        declared = isinstance(raw.get("security"), list)
        return Operation(
            method=method,
            path=path,
            place=place,
            urls=effective((self._base,), path),
            bases=(self._base,),
            parameters=tuple(
                self._parameter(value, at, shared=shared.get((location, name)) == (value, at))
                for (location, name), (value, at) in parameters.items()
                if location not in ("body", "formData")
            ),
            body=self._body(parameters, consumes, place),
            responses=self._responses(mapping(raw.get("responses")), place.at("responses"), produces),
            security=alternatives(raw["security"]) if declared else self._security,
            own_security=declared,
            operation_id=text(raw.get("operationId")),
            tags=_types(raw.get("tags")),
            deprecated=raw.get("deprecated") is True,
            raw=raw,
        )

    def _raw_parameters(self, raw: Any, place: Place) -> dict[tuple[str, str], tuple[Mapping[str, Any], Place]]:
        found: dict[tuple[str, str], tuple[Mapping[str, Any], Place]] = {}
        for index, value in enumerate(raw if isinstance(raw, list) else ()):
            target = self._followed(value, place.at(index))
            if target is None or not isinstance(target[0], dict):
                continue
            name, location = text(target[0].get("name")), text(target[0].get("in"))
            if location:
                found.setdefault((location, "" if location == "body" else name), (target[0], target[1]))
        return found

    def _parameter(self, raw: Mapping[str, Any], place: Place, *, shared: bool) -> Parameter:
        location = text(raw.get("in"))
        style, explode = _STYLES.get(text(raw.get("collectionFormat")) or "csv", ("", False))
        default = "form" if location in ("query", "cookie") else "simple"
        is_array = raw.get("type") == "array"
        return Parameter(
            name=text(raw.get("name")),
            location=location,
            place=place,
            required=raw.get("required") is True or location == "path",
            schema=self._schema_of(raw, place),
            style=style or default,
            # for anything but a list the two ways of writing are the same; the default of OpenAPI 3 is taken
            explode=explode if is_array else default == "form",
            allow_empty=raw.get("allowEmptyValue") is True,
            shared=shared,
            raw=raw,
        )

    def _schema_of(self, raw: Mapping[str, Any], place: Place) -> str:
        schema = {name: raw[name] for name in _SCHEMA_KEYWORDS if name in raw}
        return self._store.make(place.key, schema)

    def _body(
        self,
        parameters: Mapping[tuple[str, str], tuple[Mapping[str, Any], Place]],
        consumes: tuple[str, ...],
        place: Place,
    ) -> Body | None:
        whole = parameters.get(("body", ""))
        if whole is not None:
            raw, at = whole
            key = at.at("schema").key if isinstance(raw.get("schema"), dict) else None
            names = consumes or (_ANY,)
            return Body(at, raw.get("required") is True, {name: MediaType(name, at, key) for name in names})
        fields = [(raw, at) for (location, _), (raw, at) in parameters.items() if location == "formData"]
        if not fields:
            return None
        properties = {}
        for raw, _ in fields:
            properties[text(raw.get("name"))] = {name: raw[name] for name in _SCHEMA_KEYWORDS if name in raw}
        required = [text(raw.get("name")) for raw, _ in fields if raw.get("required") is True]
        schema = {"type": "object", "properties": properties, **({"required": required} if required else {})}
        at = place.at("parameters")
        key = self._store.make(at.key, schema)
        has_file = any(raw.get("type") == "file" for raw, _ in fields)
        names = tuple(name for name in consumes if name in _FORM) or (_FORM[1] if has_file else _FORM[0],)
        encoding = {text(raw.get("name")): _encoding(raw) for raw, _ in fields if raw.get("type") == "array"}
        return Body(at, bool(required), {name: MediaType(name, at, key, encoding=encoding) for name in names})

    def _responses(self, raw: Mapping[str, Any], place: Place, produces: tuple[str, ...]) -> Mapping[str, Response]:
        found: dict[str, Response] = {}
        for status, value in raw.items():
            target = None if status.startswith("x-") else self._followed(value, place.at(status))
            if target is None or not isinstance(target[0], dict):
                continue
            response, at = target
            content = {}
            if isinstance(response.get("schema"), dict):
                key = at.at("schema").key
                content = {name: MediaType(name, at, key) for name in produces or (_ANY,)}
            headers = {
                name: self._header(name, mapping(header), at.at("headers", name))
                for name, header in mapping(response.get("headers")).items()
                if name.lower() != "content-type"
            }
            found[status] = Response(status, at, headers, content)
        return found

    def _header(self, name: str, raw: Mapping[str, Any], place: Place) -> Parameter:
        return Parameter(
            name=name, location="header", place=place, schema=self._schema_of(raw, place), style="simple", raw=raw
        )

    def _followed(self, raw: Any, place: Place) -> tuple[Any, Place] | None:
        if isinstance(raw, dict) and isinstance(raw.get("$ref"), str):
            try:
                return self._follow(raw, place)
            except KeyError:
                return None
        return raw, place


def security_scheme(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """A security definition as OpenAPI 3 writes it."""
    kind = raw.get("type")
    if kind == "basic":
        return {"type": "http", "scheme": "basic"}
    if kind != "oauth2":
        return raw
    flow = {
        name: raw[name] for name in ("authorizationUrl", "tokenUrl") if name in raw
    } | {"scopes": mapping(raw.get("scopes"))}  # fmt: skip
    return {"type": "oauth2", "flows": {_FLOWS.get(text(raw.get("flow")), "implicit"): flow}}


def _encoding(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    style, explode = _STYLES.get(text(raw.get("collectionFormat")) or "csv", ("", False))
    return {"style": style or "form", "explode": explode}


def _types(raw: Any) -> tuple[str, ...]:
    return tuple(item for item in raw if isinstance(item, str)) if isinstance(raw, list) else ()
