"""Structural equality: schemas that say the same word for word, annotations aside, with references kept symbolic."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final

from retailctl.contracts.schemas.inclusion.graph import CONSTRAINTS, Graph
from retailctl.contracts.schemas.inclusion.values import canonical, names

Shape = tuple[int, tuple[str, ...]]
"""The number of a form, and the references in it, in order. Equal forms with references to equal targets are equal."""

_COUNTED: Final = CONSTRAINTS | {
    *("$ref", "allOf", "then", "else", "minContains", "maxContains", "discriminator", "readOnly", "writeOnly"),
    *("x-evaluates-properties", "x-evaluates-items"),
}
_ONE: Final = frozenset(
    {
        *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties"),
    }
)
_LIST: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_TABLE: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
_SET: Final = frozenset({"type", "required", "enum"})
_MAX_DEPTH: Final = 150


@dataclass(slots=True)
class Forms:
    """The forms that are known; several relations over the same schemas may share them."""

    numbers: dict[Hashable, int] = field(default_factory=dict)
    shapes: dict[int, tuple[object, Shape]] = field(default_factory=dict)
    """By id of the schema, which is kept alive here, so that its id stays its own."""

    unique: int = 0


class Shapes:
    """Gives equal numbers to equal forms; each schema is looked at once."""

    def __init__(self, graph: Graph, forms: Forms | None = None) -> None:
        self._graph = graph
        self._forms = Forms() if forms is None else forms
        self._nodes: dict[int, Shape] = {}

    def of(self, node: int) -> Shape:
        """Return the shape of a node's schema."""
        known = self._nodes.get(node)
        if known is None:
            known = self._nodes[node] = self._schema(self._graph.schemas[node], 0)
        return known

    def _schema(self, schema: object, depth: int) -> Shape:
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            if isinstance(schema, Mapping):  # too deep to compare: like nothing else
                self._forms.unique -= 1
                return (self._forms.unique, ())
            return (self._number(("bool", schema is not False)), ())
        known = self._forms.shapes.get(id(schema))
        if known is None:
            refs: list[str] = []
            parts = [
                (key, self._keyword(key, schema[key], refs, depth))
                for key in sorted(key for key in schema if key in _COUNTED)
            ]
            known = self._forms.shapes[id(schema)] = (schema, (self._number(tuple(parts)), tuple(refs)))
        return known[1]

    def _keyword(self, keyword: str, value: object, refs: list[str], depth: int) -> Hashable:
        def form(schema: object) -> int:
            number, inner = self._schema(schema, depth + 1)
            refs.extend(inner)
            return number

        if keyword == "$ref" and isinstance(value, str):
            refs.append(value)
            return None
        if keyword in _ONE:
            return form(value)
        if keyword in _LIST and isinstance(value, (list, tuple)):
            return tuple(form(item) for item in value)
        if keyword in _TABLE and isinstance(value, Mapping):
            return tuple((key, form(value[key])) for key in sorted(value, key=str))
        if keyword == "discriminator" and isinstance(value, Mapping):
            mapping = value.get("mapping")
            entries = sorted(mapping.items()) if isinstance(mapping, Mapping) else []
            refs.extend(str(target) for _, target in entries)
            return (str(value.get("propertyName")), tuple(str(key) for key, _ in entries))
        if keyword in _SET and isinstance(value, (list, tuple)):
            return frozenset(canonical(item) for item in value)
        if keyword == "dependentRequired" and isinstance(value, Mapping):
            return tuple((key, frozenset(names(value[key]))) for key in sorted(value, key=str))
        return canonical(value)

    def _number(self, form: Hashable) -> int:
        return self._forms.numbers.setdefault(form, len(self._forms.numbers))
