"""Changes to operations, parameters, bodies, responses and security, with the verdict that each must have."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.walk import METHODS, Document, Node, Place, components_of, fresh, is_ref, places, version

OperationEdit = Callable[[Document, Random], bool]


def _operations(document: Document) -> list[Place]:
    return [place for place in places(document, "operation") if place.path[0] == "paths" and "callbacks" not in
            place.path]  # fmt: skip


def remove_operation(document: Document, random: Random) -> bool:
    """An operation that is not deprecated is gone."""
    found = [place for place in _operations(document) if not place.node.get("deprecated")
             and place.path[-1] in METHODS]  # fmt: skip
    place = random.choice(found)
    del document["paths"][place.path[1]][place.path[2]]
    return True


def add_operation(document: Document, random: Random) -> bool:
    """One more operation."""
    document["paths"]["/brand/new"] = {"get": {"responses": {"200": {"description": "New."}}}}
    return True


def _parameter(document: Document, *, required: bool) -> Node:
    plain = {"name": "brand_new", "in": "query", "required": required}
    return {**plain, "type": "string"} if version(document) == "2.0" else {**plain, "schema": {"type": "string"}}


def add_required_parameter(document: Document, random: Random) -> bool:
    """A parameter that nobody sends yet."""
    place = random.choice(_plain_query(document))
    place.node.setdefault("parameters", []).append(_parameter(document, required=True))
    return True


def add_optional_parameter(document: Document, random: Random) -> bool:
    """A parameter that nobody needs."""
    place = random.choice(_plain_query(document))
    place.node.setdefault("parameters", []).append(_parameter(document, required=False))
    return True


def _plain_query(document: Document) -> list[Place]:
    """Operations without a parameter for the whole query string, beside which no other may stand."""
    return [place for place in _operations(document) if "querystring" not in str(place.node.get("parameters"))]


def _optional(document: Document) -> list[Node]:
    return [one for place in _operations(document) for one in place.node.get("parameters") or ()
            if not is_ref(one) and not one.get("required") and one["in"] in {"query", "header", "cookie"}]  # fmt: skip


def parameter_becomes_required(document: Document, random: Random) -> bool:
    """An optional parameter is asked for."""
    found = _optional(document)
    if found:
        random.choice(found)["required"] = True
    return bool(found)


def remove_parameter(document: Document, random: Random) -> bool:
    """A parameter is ignored from now on."""
    holders = [(place.node, one) for place in _operations(document) for one in place.node.get("parameters") or ()
               if not is_ref(one) and one["in"] == "query"]  # fmt: skip
    if not holders:
        return False
    operation, one = random.choice(holders)
    operation["parameters"].remove(one)
    return True


def remove_success(document: Document, random: Random) -> bool:
    """The good answer is gone."""
    found = [place for place in _operations(document) if sum(str(code).startswith("2") for code in
                                                            place.node["responses"]) == 1]  # fmt: skip
    if not found:
        return False
    operation = random.choice(found).node
    operation["responses"] = {code: one for code, one in operation["responses"].items()
                              if not str(code).startswith("2")}  # fmt: skip
    operation["responses"]["418"] = {"description": "Instead."}
    return True


def body_becomes_required(document: Document, random: Random) -> bool:
    """A body that could be left out is asked for."""
    found = [place.node for place in places(document, "request body") if not is_ref(place.node)
             and not place.node.get("required") and place.path[0] == "paths"]  # fmt: skip
    if found:
        random.choice(found)["required"] = True
    return bool(found)


def _bodies(document: Document, kind: str) -> list[Node]:
    return [place.node for place in places(document, kind) if place.path[0] == "paths" and place.node.get("content")
            and "callbacks" not in place.path]  # fmt: skip


def change_request_media_type(document: Document, random: Random) -> bool:
    """The body is sent as something else."""
    found = _bodies(document, "request body")
    if found:
        content = random.choice(found)["content"]
        content["application/x-brand-new"] = content.pop(next(iter(content)))
    return bool(found)


def change_response_media_type(document: Document, random: Random) -> bool:
    """The good answer comes as something else."""
    found = [place.node for place in places(document, "response") if place.path[0] == "paths" and "content" in
             place.node and str(place.path[-1]).startswith("2")]  # fmt: skip
    if found:
        content = random.choice(found)["content"]
        content["application/x-brand-new"] = content.pop(next(iter(content)))
    return bool(found)


def remove_required_header(document: Document, random: Random) -> bool:
    """A header that was promised is gone."""
    found = [(place.node, name) for place in places(document, "response")
             for name, header in (place.node.get("headers") or {}).items() if header.get("required")]  # fmt: skip
    if found:
        response, name = random.choice(found)
        del response["headers"][name]
    return bool(found)


def add_security(document: Document, random: Random) -> bool:
    """Every caller needs a key that no caller has."""
    scheme = {"type": "apiKey", "in": "header", "name": "X-Brand-New"}
    if version(document) == "2.0":
        document.setdefault("securityDefinitions", {})["brand_new"] = scheme
    else:
        components_of(document, "securitySchemes")["brand_new"] = scheme
    random.choice(_operations(document)).node["security"] = [{"brand_new": []}]
    return True


def add_security_alternative(document: Document, random: Random) -> bool:
    """One more way in, beside those there are."""
    found = [place.node for place in _operations(document) if place.node.get("security")]
    if not found:
        return False
    scheme = {"type": "apiKey", "in": "header", "name": "X-Brand-New"}
    if version(document) == "2.0":
        document["securityDefinitions"]["brand_new"] = scheme
    else:
        components_of(document, "securitySchemes")["brand_new"] = scheme
    random.choice(found)["security"].append({"brand_new": []})
    return True


OPERATION_EDITS: dict[str, tuple[str, OperationEdit]] = {
    "remove operation": ("error", remove_operation),
    "add operation": ("info", add_operation),
    "add required parameter": ("error", add_required_parameter),
    "add optional parameter": ("info", add_optional_parameter),
    "parameter becomes required": ("error", parameter_becomes_required),
    "remove parameter": ("warn", remove_parameter),
    "remove success": ("error", remove_success),
    "body becomes required": ("error", body_becomes_required),
    "change request media type": ("error", change_request_media_type),
    "change response media type": ("error", change_response_media_type),
    "remove required header": ("error", remove_required_header),
    "add security": ("error", add_security),
    "add security alternative": ("info", add_security_alternative),
}
"""Name -> the highest severity that the change must have, and the change."""


def operation_edited(document: Document, name: str, random: Random) -> Document | None:
    """The document after an edit; None where it fits nowhere."""
    document = fresh(document)
    return document if OPERATION_EDITS[name][1](document, random) else None
