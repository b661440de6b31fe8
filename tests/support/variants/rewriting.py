"""Schemas that accept the same instances in other words."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.variants.base import ANNOTATIONS, Variant, branches_by_name, movable, some
from tests.support.walk import Document, Node, Place, fresh, is_ref, places, pointer, put, version

_TOGETHER = (
    ("minimum", "exclusiveMinimum"),
    ("maximum", "exclusiveMaximum"),
    ("minLength",),
    ("maxLength",),
    ("pattern",),
    ("minItems",),
    ("maxItems",),
    ("uniqueItems",),
    ("minProperties",),
    ("maxProperties",),
    ("required",),
    ("multipleOf",),
)
"""Constraints that may stand in a branch of their own; those of a group mean something only together in 3.0."""


def _wrappable(document: Document, *, drafts: tuple[str, ...] = ("2.0", "3.0", "3.1", "3.2")) -> list[Place]:
    """Schemas that may be put into a branch: no discriminator at stake, nothing that counts where it stands."""
    if version(document) not in drafts:
        return []
    fixed = branches_by_name(document)
    return [
        place
        for place in places(document, "schema")
        if place.node
        and pointer(place.path) not in fixed
        and "discriminator" not in place.node
        and not any(key.startswith("x-") for key in place.node)
        and movable(place.node)
        and "if" not in place.path  # conditions that differ are undecidable by design
        and not _union_branch_of_discriminator(document, place)
    ]


def _union_branch_of_discriminator(document: Document, place: Place) -> bool:
    """Branches of a union with a discriminator must be references."""
    if len(place.path) < 2 or place.path[-2] not in {"oneOf", "anyOf"}:
        return False
    parent: Node = document
    for step in place.path[:-2]:
        parent = parent[step]
    return "discriminator" in parent


def _wrapped(keyword: str) -> Variant:
    def variant(document: Document, random: Random) -> Document:
        document = fresh(document)
        drafts = ("2.0", "3.0", "3.1", "3.2") if keyword == "allOf" else ("3.0", "3.1", "3.2")
        for place in reversed(some(_wrappable(document, drafts=drafts), random, 0.2)):
            put(document, place.path, _in_branch(place.node, keyword))
        return document

    variant.__doc__ = (
        f"Schemas wrapped into an ``{keyword}`` of one branch; what people and readers need stays outside."
    )
    return variant


def _in_branch(schema: Node, keyword: str) -> Node:
    if is_ref(schema):
        return {keyword: [schema]}
    outside = {key: value for key, value in schema.items() if key in ANNOTATIONS}
    inside = {key: value for key, value in schema.items() if key not in ANNOTATIONS}
    return {**outside, keyword: [inside]}


def unwrapped(document: Document, random: Random) -> Document:
    """An ``allOf`` of one branch taken away."""
    document = fresh(document)
    found = [
        place
        for place in _wrappable(document)
        if len(place.node.get("allOf") or ()) == 1
        and isinstance(place.node["allOf"][0], dict)
        and set(place.node) - {"allOf"} <= set(ANNOTATIONS)
        and not (is_ref(place.node["allOf"][0]) and len(place.node) > 1)
        and not {"readOnly", "writeOnly", "deprecated", "default"} & set(place.node["allOf"][0])
    ]
    for place in reversed(some(found, random)):
        outside = {key: value for key, value in place.node.items() if key != "allOf"}
        put(document, place.path, {**place.node["allOf"][0], **outside})
    return document


def constraint_to_branch(document: Document, random: Random) -> Document:
    """A constraint of a schema moved into a branch of its ``allOf``."""
    document = fresh(document)
    for place in some(_wrappable(document), random, 0.3):
        node = place.node
        groups = [group for group in _TOGETHER if any(key in node for key in group)]
        if is_ref(node) or not groups or isinstance(node.get("allOf", []), bool):
            continue
        branch = {key: node.pop(key) for key in random.choice(groups) if key in node}
        node["allOf"] = [*node.get("allOf", ()), branch]
    return document


def annotation_branch(document: Document, random: Random) -> Document:
    """One more branch that only describes."""
    document = fresh(document)
    for place in reversed(some(_wrappable(document), random, 0.2)):
        node = place.node
        words = {"description": "Only words."}
        if is_ref(node):
            put(document, place.path, {"allOf": [node, words]})
        else:
            node["allOf"] = [*node.get("allOf", ()), words]
    return document


def branch_twice(document: Document, random: Random) -> Document:
    """A branch of an ``allOf`` said twice."""
    document = fresh(document)
    for place in some([one for one in _wrappable(document) if one.node.get("allOf")], random):
        place.node["allOf"] = [*place.node["allOf"], place.node["allOf"][0]]
    return document


def _each(keys: Callable[[Node], object], change: Callable[[Node], None], drafts: tuple[str, ...], doc: str) -> Variant:
    def variant(document: Document, random: Random) -> Document:
        if version(document) not in drafts:
            return document
        document = fresh(document)
        found = [one for one in places(document, "schema") if keys(one.node) and not is_ref(one.node)
                 and "if" not in one.path]  # fmt: skip
        for place in some(found, random):
            change(place.node)
        return document

    variant.__doc__ = doc
    return variant


_ALL, _NEW = ("2.0", "3.0", "3.1", "3.2"), ("3.1", "3.2")


def _type_as_list(node: Node) -> None:
    node["type"] = [node["type"]]


def _type_as_name(node: Node) -> None:
    (node["type"],) = node["type"]


def _const_as_enum(node: Node) -> None:
    node["enum"] = [node.pop("const")]


def _enum_as_const(node: Node) -> None:
    (node["const"],) = node.pop("enum")


def _closed_bound(node: Node) -> None:
    """No integer lies between n and n + 1."""
    node["minimum"] = node.pop("exclusiveMinimum") + 1


def _open_bound(node: Node) -> None:
    node["exclusiveMaximum"] = node.pop("maximum") + 1


def _integer(node: Node, bound: str, other: str) -> bool:
    whole = isinstance(node.get(bound), int) and not isinstance(node.get(bound), bool)
    return node.get("type") in ("integer", ["integer"]) and whole and other not in node


def _nullable_union(node: Node) -> None:
    """``[string, null]`` as a choice between the two; only where all constraints concern strings."""
    node["anyOf"] = [{"type": [one for one in node.pop("type") if one != "null"]}, {"type": "null"}]


def _spell_out(node: Node) -> None:
    kind = node.get("type")
    extra = {"string": {"minLength": 0}, "array": {"minItems": 0, "uniqueItems": False}, "object": {"minProperties": 0}}
    for key, value in extra.get(kind if isinstance(kind, str) else "", {}).items():
        node.setdefault(key, value)


def additional_spelled_out(document: Document, random: Random) -> Document:
    """Open objects that say so; with ``unevaluatedProperties`` around, saying so would change what is evaluated."""
    if "unevaluatedProperties" in str(document):
        return document
    document = fresh(document)
    closing = {"additionalProperties", "patternProperties"}
    for place in some(places(document, "schema"), random):
        if place.node.get("type") == "object" and not closing & set(place.node) and not is_ref(place.node):
            place.node["additionalProperties"] = True
    return document


def defaults_spelled_out(document: Document, random: Random) -> Document:
    """What holds without a word, said: not required, not deprecated, default styles."""
    document = fresh(document)
    for place in some(places(document, "parameter"), random):
        node = place.node
        if is_ref(node) or node.get("in") in {"body", "querystring"}:
            continue
        node.setdefault("required", False)
        if version(document) != "2.0" and "schema" in node:
            style = {"query": "form", "cookie": "form"}.get(node["in"], "simple")
            node.setdefault("style", style)
            node.setdefault("explode", node["style"] == "form" or (node["style"] == "cookie"))
            node.setdefault("deprecated", False)
    for place in places(document, "operation"):
        place.node.setdefault("deprecated", False)
    return document


REWRITING: dict[str, Variant] = {
    "allOf wrapped": _wrapped("allOf"),
    "anyOf wrapped": _wrapped("anyOf"),
    "oneOf wrapped": _wrapped("oneOf"),
    "allOf unwrapped": unwrapped,
    "constraint to branch": constraint_to_branch,
    "annotation branch": annotation_branch,
    "branch twice": branch_twice,
    "type as list": _each(lambda node: isinstance(node.get("type"), str), _type_as_list, _NEW,
                          "``integer`` as ``[integer]``."),
    "type as name": _each(lambda node: isinstance(node.get("type"), list) and len(node["type"]) == 1, _type_as_name,
                          _NEW, "``[integer]`` as ``integer``."),
    "const as enum": _each(lambda node: "const" in node and "enum" not in node, _const_as_enum, _NEW,
                           "A constant as the only value of an enumeration."),
    "enum as const": _each(lambda node: len(node.get("enum") or ()) == 1 and "const" not in node, _enum_as_const, _NEW,
                           "The only value of an enumeration as a constant."),
    "closed integer bound": _each(lambda node: _integer(node, "exclusiveMinimum", "minimum"), _closed_bound, _NEW,
                                  "More than n as at least n + 1, for integers."),
    "open integer bound": _each(lambda node: _integer(node, "maximum", "exclusiveMaximum"), _open_bound, _NEW,
                                "At most n as less than n + 1, for integers."),
    "null as branch": _each(
        lambda node: isinstance(node.get("type"), list) and "null" in node["type"] and len(node["type"]) > 1
        and "anyOf" not in node, _nullable_union, _NEW, "A nullable type as a choice."),
    "spelled out": _each(lambda node: isinstance(node.get("type"), str), _spell_out, _ALL,
                         "Constraints that constrain nothing."),
    "additional spelled out": additional_spelled_out,
    "defaults spelled out": defaults_spelled_out,
}  # fmt: skip
