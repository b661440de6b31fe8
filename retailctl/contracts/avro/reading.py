"""From the raw value of a document to the model: every part with its place, every fault a located problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import setitem
from types import MappingProxyType
from typing import Any, Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.avro.checks import check, endless
from retailctl.contracts.avro.declared import extras, read_aliases, read_names, read_size, read_symbols
from retailctl.contracts.avro.logical import logical_problems, logical_type
from retailctl.contracts.avro.model import (
    ABSENT,
    KINDS,
    NAMED,
    PRIMITIVES,
    AvroSchema,
    Field,
    Kind,
    Node,
    Spot,
)
from retailctl.contracts.avro.names import is_name, qualified
from retailctl.contracts.avro.problems import Problems

_KINDS: Final[Mapping[str, Kind]] = {**{kind: kind for kind in KINDS}, "error": "record"}
_ORDERS: Final = ("ascending", "descending", "ignore")
_DEEPEST: Final = 20_000
Put = Callable[[Node], object]
_Step = tuple[Any, str, Spot, int, Put]
"""A raw schema that is still to be read: the namespace around it, its spot and depth, and who waits for it."""


def read_avro(
    raw: object, path: str = "", pointer: str = "", *, known: Mapping[str, Node] = MappingProxyType({})
) -> AvroSchema:
    """The schema in a raw value (of JSON or of YAML), which stands at ``pointer`` of the file ``path``.

    A list is a union, also at the top, as registries take it. What is wrong is in ``problems``; the part that could
    not be read is a node of kind "unknown", and everything else is there. ``known`` are named types of other schemas
    that this one may use.
    """
    reader = Reader(Problems(), known)
    root = reader.read(raw, Spot(None, (), Place(path, pointer)))
    check(reader.nodes, reader.problems)
    endless(reader.nodes, reader.problems)
    return AvroSchema(root, reader.types, reader.problems.found(), path, frozenset(reader.undefined))


class Reader:
    """Reads one document, depth first and left to right as the specification defines names, without recursion.

    ``used`` are the types that were met by their name, each with the full name that was looked for first.
    """

    def __init__(self, problems: Problems, known: Mapping[str, Node]) -> None:
        self.problems = problems
        self._known = known
        self.types: dict[str, Node] = {}
        self.nodes: list[Node] = []
        self.undefined: set[str] = set()
        self.used: list[tuple[str, Node]] = []
        self._todo: list[_Step] = []
        self.waiting: list[tuple[str, Spot, Put]] = []

    def read(self, raw: object, spot: Spot) -> Node:
        """The type that the document is."""
        found: list[Node] = []
        self._todo.append((raw, "", spot, 0, found.append))
        self.drain()
        for name, place, put in self.waiting:
            put(self._late(name, place))
        return found[0]

    def drain(self) -> None:
        """Read what is still to be read."""
        while self._todo:
            step = self._todo.pop()
            mark = len(self._todo)
            self._one(step)
            self._todo[mark:] = self._todo[mark:][::-1]

    def _late(self, name: str, spot: Spot) -> Node:
        """What a name means that was not defined where it was used."""
        if (target := self.types.get(name)) is not None:
            self.problems.add("used-before-definition", f"{name} is used before it is defined", spot)
            return target
        if (target := self._known.get(name)) is not None:
            return target
        self.undefined.add(name)
        self.problems.add("unknown-type", f"{name} is neither a type of Avro nor defined in this schema", spot)
        return Node("unknown", spot, name)

    def _one(self, step: _Step) -> None:
        raw, namespace, spot, depth, put = step
        if depth > _DEEPEST:
            self.problems.add("too-deep", f"nested deeper than {_DEEPEST} levels", spot)
            put(Node("unknown", spot))
        elif isinstance(raw, str):
            self._name(raw, namespace, spot, put)
        elif isinstance(raw, list):
            node = self._new("union", spot, put)
            self._children(node, [(branch, spot.at(index)) for index, branch in enumerate(raw)], namespace, depth)
        elif isinstance(raw, Mapping):
            self._mapping(raw, namespace, spot, depth, put)
        else:
            self.problems.add("not-a-schema", "a schema is a text, an object or a list", spot)
            put(Node("unknown", spot))

    def _name(self, name: str, namespace: str, spot: Spot, put: Put) -> None:
        if name in PRIMITIVES:
            self._new(_KINDS[name], spot, put)
            return
        full = qualified(name, namespace)
        # A name without dots may also mean a type without namespace, in implementations though not in the text.
        target = self.types.get(full) or (self.types.get(name) if full != name else None)
        if target is not None:
            put(target)
            self.used.append((full, target))
        else:
            put(Node("unknown", spot, full))
            self.waiting.append((full, spot, put))

    def _mapping(self, raw: Mapping[str, Any], namespace: str, spot: Spot, depth: int, put: Put) -> None:
        declared = raw.get("type")
        if isinstance(declared, str) and (kind := _KINDS.get(declared)) is not None:
            self._declared(kind, raw, namespace, spot, depth, put)
        elif isinstance(declared, str):
            self._name(declared, namespace, spot.at("type"), put)
        elif isinstance(declared, (list, Mapping)):
            self.problems.add("nested-type", "a schema says its type by name; here another schema stands there", spot)
            self._todo.append((declared, namespace, spot.at("type"), depth + 1, put))
        else:
            self.problems.add("missing-type", "a schema has a type", spot)
            put(Node("unknown", spot))

    def _declared(self, kind: Kind, raw: Mapping[str, Any], namespace: str, spot: Spot, depth: int, put: Put) -> None:
        node = self._new(kind, spot, put)
        node.doc = raw["doc"] if isinstance(raw.get("doc"), str) else ""
        node.extras = extras(raw)
        if kind in NAMED:
            namespace = read_names(node, raw, namespace, spot, self.types, self.problems)
        if kind in ("array", "map"):
            key = "items" if kind == "array" else "values"
            if key not in raw:
                self.problems.add(f"missing-{key}", f"{'an array' if kind == 'array' else 'a map'} has {key}", spot)
                node.children = [Node("unknown", spot)]
            else:
                self._children(node, [(raw[key], spot.at(key))], namespace, depth)
        elif kind == "record":
            self.fields(node, raw, namespace, spot, depth)
        elif kind == "enum":
            read_symbols(node, raw, spot, self.problems)
        elif kind == "fixed":
            read_size(node, raw, spot, self.problems)
        if "logicalType" not in raw:
            return
        node.logical = logical_type(raw)
        for key, message in logical_problems(raw, kind, node.size):
            self.problems.add("bad-logical-type", message, spot.at(key) if key in raw else spot, ignored=True)

    def _new(self, kind: Kind, spot: Spot, put: Put) -> Node:
        node = Node(kind, spot)
        self.nodes.append(node)
        put(node)
        return node

    def _children(self, node: Node, raws: list[tuple[object, Spot]], namespace: str, depth: int) -> None:
        children = [node] * len(raws)  # until each is put there
        node.children = children
        for index, (raw, spot) in enumerate(raws):
            self._todo.append((raw, namespace, spot, depth + 1, partial(setitem, children, index)))

    def fields(self, node: Node, raw: Mapping[str, Any], namespace: str, spot: Spot, depth: int) -> None:
        """Give a record its fields; their types are left to be read."""
        declared = raw.get("fields")
        if not isinstance(declared, list):
            self.problems.add("missing-fields", f"{node.label.strip()} has no list of fields", spot)
            return
        fields: list[Field] = []
        node.fields = fields
        seen: set[str] = set()
        for index, item in enumerate(declared):
            here = spot.at("fields", index)
            if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
                self.problems.add("bad-field", "a field is an object with a name and a type", here)
                continue
            name = item["name"]
            if name in seen:
                self.problems.add("duplicate-field", f"{node.name} has two fields {name}", here.at("name"))
                continue
            seen.add(name)
            fields.append(self.field(item, name, namespace, here, depth))

    def field(self, raw: Mapping[str, Any], name: str, namespace: str, spot: Spot, depth: int) -> Field:
        """One field; its type is left to be read."""
        if not is_name(name):
            self.problems.add("bad-name", f"{name!r} is no name of a field: letters, digits and _", spot.at("name"))
        field = Field(name, spot, Node("unknown", spot), raw.get("default", ABSENT))
        if "aliases" in raw:
            field.aliases = tuple(read_aliases(raw, spot, self.problems))
        field.doc = raw["doc"] if isinstance(raw.get("doc"), str) else ""
        field.extras = extras(raw)
        if (order := raw.get("order", "ascending")) in _ORDERS:
            field.order = order
        else:
            self.problems.add("bad-order", f"the order of a field is one of {', '.join(_ORDERS)}", spot.at("order"))
        if "type" not in raw:
            self.problems.add("missing-type", f"field {name} has no type", spot)
            return field
        self._todo.append((raw["type"], namespace, spot.at("type"), depth + 1, partial(setattr, field, "type")))
        return field
