"""What a variant is, and the questions that several of them ask."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.walk import Document, Node, Place, is_ref, places, pointer

Variant = Callable[[Document, Random], Document]

ANNOTATIONS = ("title", "description", "example", "examples", "externalDocs", "deprecated", "default", "readOnly",
               "writeOnly", "xml", "$comment")  # fmt: skip
"""Keywords that say nothing about which instances are valid."""
ANCHORED = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$defs", "$schema")


def some(things: list[Place], random: Random, share: float = 0.5) -> list[Place]:
    """A part of the places, at least one where there is one."""
    chosen = [thing for thing in things if random.random() < share]
    return chosen or ([random.choice(things)] if things else [])


def movable(schema: Node) -> bool:
    """A schema that means the same at another place: nothing in it depends on where it stands."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if any(key in node for key in ANCHORED) or node.get("type") == "file":
                return False
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return True


def branches_by_name(document: Document) -> set[str]:
    """Pointers of schemas whose place gives a discriminator its implicit value, and of branches that must stay named.

    Those keep their names and stay references: the name of the component travels on the wire.
    """
    fixed: set[str] = set()
    schemas = places(document, "schema")
    parents = {pointer(place.path): _mapped(place.node) for place in schemas if "discriminator" in place.node}
    for place in schemas:
        here = pointer(place.path)
        for key in ("oneOf", "anyOf"):
            for number, branch in enumerate(place.node.get(key) or ()):
                if here in parents:
                    fixed.add(f"{here}/{key}/{number}")
                    if is_ref(branch) and branch["$ref"] not in parents[here]:
                        fixed.add(branch["$ref"])
        if here in parents and not place.node.keys() & {"oneOf", "anyOf"} and here not in parents[here]:
            fixed.add(here)
        for branch in place.node.get("allOf") or ():
            if is_ref(branch) and branch["$ref"] in parents and here not in parents[branch["$ref"]]:
                fixed.add(here)
    return fixed


def _mapped(schema: Node) -> set[str]:
    found = schema.get("discriminator")
    mapping = found.get("mapping") if isinstance(found, dict) else None
    return {str(value) for value in mapping.values()} if isinstance(mapping, dict) else set()
