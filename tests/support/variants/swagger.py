"""Swagger 2.0 in its mechanical OpenAPI 3.0 form."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from tests.support.variants.base import Variant
from tests.support.walk import METHODS, Document, Node, fresh, is_ref, places, target, version, walk

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_IN_SCHEMA = ("type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
              "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf")  # fmt: skip
_FLOWS = {"accessCode": "authorizationCode", "application": "clientCredentials"}
_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}
_HOMES = {"#/definitions/": "#/components/schemas/", "#/parameters/": "#/components/parameters/",
          "#/responses/": "#/components/responses/"}  # fmt: skip


def to_3_0(document: Document, random: Random) -> Document:
    """Servers, request bodies, content, components, styles and flows; no decision of taste."""
    if version(document) != "2.0":
        return document
    old = fresh(document)
    new: Document = {"openapi": random.choice(["3.0.0", "3.0.3"]), "info": old["info"]}
    new |= {key: old[key] for key in ("tags", "externalDocs", "security") if key in old}
    new |= {key: value for key, value in old.items() if key.startswith("x-")}
    if servers := _servers(old, old.get("schemes")):
        new["servers"] = servers
    new["paths"] = {path: _path_item(old, item) for path, item in old["paths"].items()}
    new["components"] = _components(old)
    _rewrite(new)
    return new


def _servers(old: Document, schemes: list[str] | None) -> list[Node]:
    if not (old.get("host") or old.get("basePath")):
        return []
    base = old.get("basePath", "").rstrip("/")
    if not old.get("host"):
        return [{"url": base or "/"}]
    return [{"url": f"{scheme}://{old['host']}{base}"} for scheme in schemes or ["https"]]


def _components(old: Document) -> Node:
    found: dict[str, Any] = {}
    if "definitions" in old:
        found["schemas"] = old["definitions"]
    shared = old.get("parameters", {})
    bodies = {name: one for name, one in shared.items() if one["in"] == "body"}
    plain = {name: one for name, one in shared.items() if one["in"] not in {"body", "formData"}}
    found["parameters"] = {name: _parameter(one) for name, one in plain.items()}
    found["requestBodies"] = {name: _body(one, old.get("consumes", [])) for name, one in bodies.items()}
    found["responses"] = {name: _response(one, old.get("produces", []))
                          for name, one in old.get("responses", {}).items()}  # fmt: skip
    found["securitySchemes"] = {name: _scheme(one) for name, one in old.get("securityDefinitions", {}).items()}
    return {section: entries for section, entries in found.items() if entries}


def _path_item(old: Document, item: Node) -> Node:
    new = {key: value for key, value in item.items() if key not in {"parameters", *METHODS}}
    shared = item.get("parameters", [])
    if plain := [one for one in shared if _source(old, one)["in"] not in {"body", "formData"}]:
        new["parameters"] = [_parameter(one) for one in plain]
    for method in METHODS:
        if method in item:
            inherited = [one for one in shared if one not in plain]
            new[method] = _operation(old, item[method], inherited)
    return new


def _operation(old: Document, operation: Node, inherited: list[Node]) -> Node:
    dropped = {"consumes", "produces", "parameters", "responses", "schemes"}
    new = {key: value for key, value in operation.items() if key not in dropped}
    if "schemes" in operation:
        new["servers"] = _servers(old, operation["schemes"])
    parameters = [*operation.get("parameters", []), *inherited]
    plain = [one for one in parameters if _source(old, one)["in"] not in {"body", "formData"}]
    if plain:
        new["parameters"] = [_parameter(one) for one in plain]
    consumes = operation.get("consumes", old.get("consumes", []))
    forms = [_source(old, one) for one in parameters if _source(old, one)["in"] == "formData"]
    for one in parameters:
        if _source(old, one)["in"] == "body":
            own = "consumes" in operation
            new["requestBody"] = ({"$ref": "#/components/requestBodies/" + one["$ref"].rpartition("/")[2]}
                                  if is_ref(one) and not own else _body(_source(old, one), consumes))  # fmt: skip
    if forms:
        new["requestBody"] = _form(forms, consumes)
    produces = operation.get("produces", old.get("produces", []))
    own = "produces" in operation
    new["responses"] = {
        code: one if code.startswith("x-") or (is_ref(one) and not own) else _response(_source(old, one), produces)
        for code, one in operation["responses"].items()
    }
    return new


def _source(old: Document, node: Node) -> Node:
    return copy.deepcopy(target(old, node["$ref"])) if is_ref(node) else node


def _parameter(one: Node) -> Node:
    """A parameter or header: its constraints become a schema, its collection format a style."""
    if is_ref(one):
        return one
    new = {key: value for key, value in one.items() if key not in {*_IN_SCHEMA, "collectionFormat"}}
    new["schema"] = _plain_schema(one)
    if one.get("type") == "array":
        new |= _style(one, one.get("in", "header"))
    return new


def _plain_schema(one: Node) -> Node:
    schema = {key: value for key, value in one.items() if key in _IN_SCHEMA}
    if schema.get("type") == "file":
        schema |= {"type": "string", "format": "binary"}
    if isinstance(schema.get("items"), dict):
        schema["items"] = _plain_schema(schema["items"])
    return schema


def _style(one: Node, source: str) -> Node:
    how = one.get("collectionFormat", "csv")
    if source in {"path", "header"}:
        return {"style": "simple"}
    if how == "multi":
        return {"style": "form", "explode": True}
    return {"style": _STYLES.get(how, "form"), "explode": False}


def _body(one: Node, consumes: list[str]) -> Node:
    new = {key: one[key] for key in ("description",) if key in one}
    if one.get("required"):
        new["required"] = True
    content = {kind: {"schema": copy.deepcopy(one["schema"])} for kind in consumes or ["application/json"]}
    return {**new, "content": content}


def _form(forms: list[Node], consumes: list[str]) -> Node:
    schema: dict[str, Any] = {"type": "object", "properties": {one["name"]: _plain_schema(one) for one in forms}}
    if required := [one["name"] for one in forms if one.get("required")]:
        schema["required"] = required
    media: dict[str, Any] = {"schema": schema}
    encoding = {one["name"]: _style(one, "formData") for one in forms if one.get("type") == "array"}
    if encoding:
        media["encoding"] = encoding
    has_file = any(one.get("type") == "file" for one in forms)
    kinds = [kind for kind in consumes if kind in _FORMS] or [_FORMS[0] if has_file else _FORMS[1]]
    body = {"content": {kind: copy.deepcopy(media) for kind in kinds}}
    return {"required": True, **body} if required else body


def _response(one: Node, produces: list[str]) -> Node:
    if is_ref(one):
        return one
    new = {key: value for key, value in one.items() if key not in {"schema", "headers", "examples"}}
    if "headers" in one:
        new["headers"] = {name: _parameter(header) for name, header in one["headers"].items()}
    if "schema" in one:
        schema = _plain_schema(one["schema"]) if one["schema"].get("type") == "file" else one["schema"]
        new["content"] = {kind: {"schema": copy.deepcopy(schema)} for kind in produces or ["application/json"]}
        for kind, example in (one.get("examples") or {}).items():
            if kind in new["content"]:
                new["content"][kind]["example"] = example
    return new


def _scheme(one: Node) -> Node:
    new = {key: value for key, value in one.items() if key not in {"flow", "authorizationUrl", "tokenUrl", "scopes"}}
    if one["type"] == "basic":
        new |= {"type": "http", "scheme": "basic"}
    if one["type"] == "oauth2":
        flow = {key: one[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in one}
        new["flows"] = {_FLOWS.get(one["flow"], one["flow"]): flow}
    return new


def _rewrite(new: Document) -> None:
    """References to where the components are now, and the discriminator as a mapping."""
    for place in walk(new):
        ref = place.node.get("$ref")
        for before, after in _HOMES.items():
            if isinstance(ref, str) and ref.startswith(before):
                place.node["$ref"] = after + ref.removeprefix(before)
    for place in places(new, "schema"):
        if isinstance(place.node.get("discriminator"), str):
            place.node["discriminator"] = {"propertyName": place.node["discriminator"]}


SWAGGER: dict[str, Variant] = {"2.0 to 3.0": to_3_0}
