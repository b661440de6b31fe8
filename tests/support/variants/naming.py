"""Other names for what has no name on the wire."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from random import Random

from tests.support.variants.base import Variant, branches_by_name
from tests.support.walk import (
    Document,
    Node,
    components_of,
    fresh,
    is_ref,
    new_name,
    places,
    prefix_of,
    references,
    schemas_of,
    target,
    version,
    walk,
)

_SECTIONS = ("schemas", "parameters", "responses", "headers", "requestBodies", "pathItems")


def components_renamed(document: Document, random: Random) -> Document:
    """Components under new names, with every reference and every mapping of a discriminator."""
    document = fresh(document)
    fixed = branches_by_name(document)
    sections = _SECTIONS if version(document) != "2.0" else _SECTIONS[:3]
    renamed: dict[str, str] = {}
    for section in sections:
        if not _section(document, section):
            continue
        kept = schemas_of(document) if section == "schemas" else components_of(document, section)
        prefix = prefix_of(document, section)
        for name in list(kept):
            ref = prefix + _escape(name)
            if ref not in fixed and random.random() < 0.6:
                other = new_name(kept, f"{name}V{random.randrange(100)}")
                kept[other] = kept.pop(name)
                renamed[ref] = prefix + _escape(other)
    _refer(document, renamed)
    return document


def _section(document: Document, section: str) -> bool:
    if version(document) == "2.0":
        return bool(document.get("definitions" if section == "schemas" else section))
    return bool(document.get("components", {}).get(section))


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _refer(document: Document, renamed: dict[str, str]) -> None:
    """Let references and mappings follow; those that go deeper into a component keep the rest of their way."""

    def follow(ref: str) -> str:
        for length in range(len(ref), 0, -1):
            if ref[:length] in renamed and ref[length : length + 1] in {"", "/"}:
                return renamed[ref[:length]] + ref[length:]
        return ref

    for node in references(document):
        node["$ref"] = follow(node["$ref"])
    for place in places(document, "schema"):
        found = place.node.get("discriminator")
        if isinstance(found, dict) and isinstance(found.get("mapping"), dict):
            found["mapping"] = {value: follow(ref) for value, ref in found["mapping"].items()}


def security_schemes_renamed(document: Document, random: Random) -> Document:
    """The schemes of security under new names, everywhere they are asked for."""
    document = fresh(document)
    if version(document) == "2.0":
        schemes = document.get("securityDefinitions", {})
    else:
        schemes = document.get("components", {}).get("securitySchemes", {})
    names = {name: f"{name}-{random.randrange(100)}" for name in schemes}
    for name, other in names.items():
        schemes[other] = schemes.pop(name)
    for holder in (document, *(place.node for place in places(document, "operation"))):
        if "security" in holder:
            holder["security"] = [{names.get(name, name): scopes for name, scopes in one.items()}
                                  for one in holder["security"]]  # fmt: skip
    return document


def path_parameters_renamed(document: Document, random: Random) -> Document:
    """Templates of paths with other parameter names; generated clients see it, the wire does not."""
    document = fresh(document)
    spoken = _expressions(document)
    for path in list(document.get("paths", {})):
        item = document["paths"][path]
        names = re.findall(r"\{([^{}]+)\}", path)
        if is_ref(item) or not names or spoken & set(names):
            continue
        renames = {name: f"{name}_{random.randrange(100)}" for name in names}
        for holder in _parameter_lists(item):
            for number, parameter in enumerate(holder):
                inline = copy.deepcopy(_inline(document, parameter))
                if inline.get("in") == "path" and inline.get("name") in renames:
                    inline["name"] = renames[inline["name"]]
                    holder[number] = inline
        other = re.sub(r"\{([^{}]+)\}", lambda found, new=renames: "{" + new[found[1]] + "}", path)  # type: ignore[misc]
        document["paths"] = {other if key == path else key: value for key, value in document["paths"].items()}
    return document


def _parameter_lists(item: Node) -> Iterator[list[Node]]:
    for place in walk(item, "path item"):
        if place.kind in {"path item", "operation"} and len(place.path) <= 2 and "parameters" in place.node:
            yield place.node["parameters"]


def _inline(document: Document, parameter: Node) -> Node:
    return target(document, parameter["$ref"]) if is_ref(parameter) else parameter


def _expressions(document: Document) -> set[str]:
    """Names of parameters that links and callbacks speak of."""
    found: set[str] = set()
    stack: list[Node] = [place.node for place in places(document, "response")]
    links = [link for node in stack for link in (node.get("links") or {}).values()]
    for link in links:
        found |= {name.rpartition(".")[2] for name in link.get("parameters") or ()}
        found |= set(re.findall(r"\$request\.path\.(\w+)", str(link)))
    for place in places(document, "callback"):
        found |= set(re.findall(r"\$request\.path\.(\w+)", str(list(place.node))))
    return found


NAMING: dict[str, Variant] = {
    "components renamed": components_renamed,
    "security schemes renamed": security_schemes_renamed,
    "path parameters renamed": path_parameters_renamed,
}
