"""Changes that somebody notices, each with what it does: to schemas (narrower, wider) and to operations.

An edit changes a copy and says which way the data flows at the place it touched, so that a test knows the verdict
without asking the engine: narrower breaks where data flows in, wider where it flows out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.support.judge import Judge
from tests.support.walk import Document, Node, Path, Place, at, fresh, is_ref, places, pointer, version, walk

NARROWER, WIDER, OTHER = "narrower", "wider", "other"
SchemaEdit = Callable[[Node, Random, bool], bool]
"""Changes a schema in place (the flag: OpenAPI 3.1 or later); False where it does not apply."""


@dataclass(frozen=True)
class Edited:
    """The document after one edit: its effect, and the flows that reach the place (none: nobody sees it)."""

    document: Document
    name: str
    effect: str
    flows: frozenset[str]
    path: Path

    @property
    def breaks(self) -> bool:
        """Somebody is surprised, by the effect alone."""
        return (self.effect == NARROWER and "in" in self.flows) or (self.effect == WIDER and "out" in self.flows)


def _kind(node: Node) -> str:
    kinds = node.get("type")
    if isinstance(kinds, list):
        kinds = next((one for one in kinds if one != "null"), "null")
    return str(kinds)


def _number(node: Node, key: str) -> bool:
    return isinstance(node.get(key), int | float) and not isinstance(node.get(key), bool)


def _travels(node: Node, name: str) -> bool:
    """A property that is not cut in one direction."""
    one = (node.get("properties") or {}).get(name)
    return isinstance(one, dict) and not one.get("readOnly") and not one.get("writeOnly")


def _free_properties(node: Node) -> list[str]:
    free = set(node.get("properties") or ()) - set(node.get("required") or ())
    return sorted(name for name in free if _travels(node, name))


def become_required(node: Node, random: Random, new: bool) -> bool:
    """An optional property is asked for."""
    free = _free_properties(node)
    if free:
        node["required"] = [*node.get("required", ()), random.choice(free)]
    return bool(free)


def become_optional(node: Node, random: Random, new: bool) -> bool:
    """A required property is no longer promised."""
    required = [name for name in node.get("required") or () if _travels(node, name)]
    if required:
        gone = random.choice(required)
        node["required"] = [name for name in node["required"] if name != gone]
        if not node["required"]:
            del node["required"]
    return bool(required)


def add_required_property(node: Node, random: Random, new: bool) -> bool:
    """A property that nobody sends yet."""
    if _kind(node) != "object" or node.get("additionalProperties", True) is not True:
        return False
    node.setdefault("properties", {})["brand_new"] = {"type": "string"}
    node["required"] = [*node.get("required", ()), "brand_new"]
    return True


def remove_enum_value(node: Node, random: Random, new: bool) -> bool:
    """One value less; the default stays, for to drop it is another change with its own finding."""
    values = node.get("enum") or []
    if len(values) < 2:
        return False
    gone = random.choice([one for one in values if one != node.get("default")])
    node["enum"] = [one for one in values if one != gone]
    return True


def add_enum_value(node: Node, random: Random, new: bool) -> bool:
    """One value more."""
    values = node.get("enum") or []
    if not values or not all(isinstance(one, str) for one in values):
        return False
    node["enum"] = [*values, "brand-new"]
    return True


_TIGHTER = {"minLength": 1, "minItems": 1, "minimum": 1, "maxLength": -1, "maxItems": -1, "maximum": -1,
            "minProperties": 1}  # fmt: skip


def _shift(node: Node, random: Random, sign: int) -> bool:
    keys = [key for key in _TIGHTER if _number(node, key)]
    if not keys:
        return False
    key = random.choice(keys)
    value = node[key] + sign * _TIGHTER[key]
    if value < 0 and key not in {"minimum", "maximum"}:
        return False
    node[key] = value
    low, high = key.replace("max", "min"), key.replace("min", "max")
    return not (_number(node, low) and _number(node, high) and node[low] >= node[high])


def tighten_bound(node: Node, random: Random, new: bool) -> bool:
    """A bound moves by one towards the others."""
    return _shift(node, random, 1)


def relax_bound(node: Node, random: Random, new: bool) -> bool:
    """A bound moves by one away from the others."""
    return _shift(node, random, -1)


def set_bound(node: Node, random: Random, new: bool) -> bool:
    """A bound where there was none."""
    key = {"string": "maxLength", "array": "maxItems", "integer": "maximum", "number": "maximum"}.get(_kind(node))
    if key is None or key in node or "enum" in node or node.get("format") == "binary":
        return False
    low = node.get(key.replace("max", "min"), 0)
    node[key] = low + 1 if isinstance(low, int | float) else 5
    return True


def drop_bound(node: Node, random: Random, new: bool) -> bool:
    """A bound is gone."""
    keys = [key for key in _TIGHTER if _number(node, key) and (node[key] != 0 or key.startswith("max") or key ==
                                                              "minimum")]  # fmt: skip
    if not keys or "enum" in node or "const" in node:
        return False
    key = random.choice(keys)
    del node[key]
    node.pop("exclusive" + key.capitalize(), None)
    return True


def add_pattern(node: Node, random: Random, new: bool) -> bool:
    """A form for a text that had none."""
    if _kind(node) != "string" or {"pattern", "enum", "format"} & set(node):
        return False
    node["pattern"] = "^[a-z]+$"
    return True


def drop_pattern(node: Node, random: Random, new: bool) -> bool:
    """Any text at all."""
    return node.pop("pattern", None) is not None


def make_nullable(node: Node, random: Random, new: bool) -> bool:
    """Null is taken too."""
    if not node.get("type") or "enum" in node or "const" in node:
        return False
    if new:
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        if "null" in kinds:
            return False
        node["type"] = [*kinds, "null"]
        return True
    if node.get("nullable"):
        return False
    node["nullable"] = True
    return True


def forbid_null(node: Node, random: Random, new: bool) -> bool:
    """Null is no longer taken."""
    kinds = node.get("type")
    if isinstance(kinds, list) and "null" in kinds and len(kinds) > 1:
        node["type"] = [one for one in kinds if one != "null"]
        return True
    return isinstance(kinds, str) and node.pop("nullable", False) is True and "enum" not in node


def change_type(node: Node, random: Random, new: bool) -> bool:
    """A number where there was a text, and the other way round."""
    other = {"string": "integer", "integer": "boolean", "boolean": "string", "number": "string", "array": "string"}
    if not isinstance(node.get("type"), str) or node["type"] not in other or {"enum", "const"} & set(node):
        return False
    kept = {key: node[key] for key in ("description", "readOnly", "writeOnly") if key in node}
    kind = other[node["type"]]
    node.clear()
    node.update(kept, type=kind)
    return True


def close_object(node: Node, random: Random, new: bool) -> bool:
    """A map becomes an object without further properties."""
    if not isinstance(node.get("additionalProperties"), dict):
        return False
    node["additionalProperties"] = False
    return True


def remove_branch(node: Node, random: Random, new: bool) -> bool:
    """One alternative less."""
    for key in ("oneOf", "anyOf"):
        if len(node.get(key) or ()) > 1 and "discriminator" not in node:
            node[key].pop(random.randrange(len(node[key])))
            return True
    return False


def add_branch(node: Node, random: Random, new: bool) -> bool:
    """One alternative more, which no other takes."""
    for key in ("oneOf", "anyOf"):
        if node.get(key) and "discriminator" not in node:
            node[key].append({"type": "object", "required": ["brand_new"],
                              "properties": {"brand_new": {"type": "string", "enum": ["only-here"]}}})  # fmt: skip
            return True
    return False


def remove_required_property(node: Node, random: Random, new: bool) -> bool:
    """A promised property is gone."""
    required = [name for name in node.get("required") or () if _travels(node, name)]
    if not required:
        return False
    gone = random.choice(required)
    del node["properties"][gone]
    node["required"] = [name for name in node["required"] if name != gone]
    return True


SCHEMA_EDITS: dict[str, tuple[str, SchemaEdit]] = {
    "become required": (NARROWER, become_required),
    "become optional": (WIDER, become_optional),
    "add required property": (NARROWER, add_required_property),
    "remove required property": (OTHER, remove_required_property),
    "remove enum value": (NARROWER, remove_enum_value),
    "add enum value": (WIDER, add_enum_value),
    "tighten bound": (NARROWER, tighten_bound),
    "relax bound": (WIDER, relax_bound),
    "set bound": (NARROWER, set_bound),
    "drop bound": (WIDER, drop_bound),
    "add pattern": (NARROWER, add_pattern),
    "drop pattern": (WIDER, drop_pattern),
    "make nullable": (WIDER, make_nullable),
    "forbid null": (NARROWER, forbid_null),
    "change type": (OTHER, change_type),
    "close object": (NARROWER, close_object),
    "remove branch": (NARROWER, remove_branch),
    "add branch": (WIDER, add_branch),
}


def edited(document: Document, name: str, random: Random) -> Edited | None:
    """The document after a schema edit at a place that data reaches; None where the edit fits nowhere."""
    effect, change = SCHEMA_EDITS[name]
    document = fresh(document)
    flows = flows_of(document)
    found = [place for place in places(document, "schema") if _editable(document, place) and flows(place.path)]
    random.shuffle(found)
    new = version(document) in {"3.1", "3.2"}
    for place in found:
        if name in {"make nullable", "forbid null"} and _branch(document, place):
            continue  # another branch may refuse null all the same, or take it all the same
        draft = fresh(place.node)
        if change(draft, random, new) and draft != place.node:
            place.node.clear()
            place.node.update(draft)
            return Edited(document, name, effect, flows(place.path), place.path)
    return None


_HIDING = {"not", "if", "then", "else", "oneOf", "propertyNames", "contains", "dependentSchemas", "patternProperties"}


def _branch(document: Document, place: Place) -> bool:
    """A schema that is one of several, there or by a reference."""
    ways = [other.path for other in places(document, "schema") if is_ref(other.node)
            and other.node["$ref"] == pointer(place.path)]  # fmt: skip
    return any({"allOf", "anyOf"} & set(map(str, path[-2:])) for path in [place.path, *ways])


def _editable(document: Document, place: Place) -> bool:
    """Where narrower and wider mean what they say: not under a condition, not in a property that is cut one way."""
    if is_ref(place.node) or _HIDING & set(map(str, place.path)):
        return False
    node: Any = document
    for step in place.path:
        node = node[step]
        if isinstance(node, dict) and (node.get("readOnly") is True or node.get("writeOnly") is True):
            return False
    return True


def flows_of(document: Document) -> Callable[[Path], frozenset[str]]:
    """Which flows reach a place: from the positions of the document through all references."""
    reached: dict[str, set[str]] = {}
    queue = [(pointer(path), position.flows) for position, path in Judge(document).positions.items()]
    while queue:
        ref, flow = queue.pop()
        if flow in reached.setdefault(ref, set()):
            continue
        reached[ref].add(flow)
        path = tuple(_step(step) for step in ref.split("/")[1:])
        queue += [(place.node["$ref"], flow) for place in walk(_found(document, path), "schema") if is_ref(place.node)]

    def flows(path: Path) -> frozenset[str]:
        here = pointer(path)
        found = [kinds for ref, kinds in reached.items() if here == ref or here.startswith(ref + "/")]
        return frozenset().union(*found)

    return flows


def _step(step: str) -> str | int:
    text = step.replace("~1", "/").replace("~0", "~")
    return int(text) if text.isdecimal() and len(text) < 3 else text


def _found(document: Document, path: Path) -> Node:
    """The node at a path; a response code has three digits, a place in a list at most two."""
    return at(document, path)
