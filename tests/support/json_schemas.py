"""Stand-alone JSON Schemas by chance, in the spelling of each draft, small edits of them, and values to try.

Everything is drawn from few names and numbers, so that schemas and values collide often. The judge is jsonschema-rs,
over the document as written.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, Literal

import jsonschema_rs

Draft = Literal["04", "06", "07", "2019-09", "2020-12"]
DRAFTS: Final[tuple[Draft, ...]] = ("04", "06", "07", "2019-09", "2020-12")
_VALIDATORS: Final[dict[Draft, Callable[..., Any]]] = {
    "04": jsonschema_rs.Draft4Validator,
    "06": jsonschema_rs.Draft6Validator,
    "07": jsonschema_rs.Draft7Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "2020-12": jsonschema_rs.Draft202012Validator,
}
_TYPES: Final = ("null", "boolean", "integer", "number", "string", "array", "object")
_NAMES: Final = ("p", "q", "r")
_COMPONENTS: Final = ("A", "B")
_PATTERNS: Final = (
    "^a", "b$", "^[ab]+$", "^(a|b)$", "[0-9]", "^a?b*$", "^.{2}$", "a|b", "^[^a]*$", "^(ab)+$", "", "^[a-c]{1,3}$",
)  # fmt: skip
_FORMATS: Final = ("date-time", "email", "ipv4", "hostname", "uri", "x-own")
_TEXTS: Final = ("", "a", "b", "aa", "ab", "abab", "bbb", "0", "c", "2024-01-31", "2024-01-31T12:00:00Z", "192.0.2.1")
_NUMBERS: Final = (-1, 0, 1, 2, 3, 4, 6, 0.5, 1.5, 2.5)
DIALECTS: Final[dict[Draft, str]] = {
    "04": "http://json-schema.org/draft-04/schema#",
    "06": "http://json-schema.org/draft-06/schema#",
    "07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}


class Maker:
    """Draws schemas of one draft."""

    def __init__(self, draw: Random, draft: Draft, *, formats: bool = True) -> None:
        self.draw, self.draft, self.formats = draw, draft, formats
        self._folder = "definitions" if draft in ("04", "06", "07") else "$defs"

    def document(self) -> Any:
        """A whole document; in the drafts that have them it may be true or false."""
        if self.draft != "04" and self.draw.random() < 0.02:
            return self.draw.random() < 0.5
        root = self.schema(3)
        if not isinstance(root, dict):
            root = {"not": {}} if root is False else {}
        if self.draw.random() < 0.4:
            root = {**root, self._folder: {name: self._guarded() for name in _COMPONENTS}}
        else:
            root = _without_references(root)
        return {"$schema": DIALECTS[self.draft], **root}

    def _guarded(self) -> Any:
        """References stand inside properties and items only: a component may not be defined as itself."""
        inner = self.schema(1)
        if self.draw.random() < 0.3:
            return _without_references(inner)
        return {"type": "object", "properties": {self.draw.choice(_NAMES): inner}}

    def schema(self, depth: int) -> Any:
        """A schema with at most so many others inside one another."""
        if self.draft != "04" and self.draw.random() < 0.04:
            return self.draw.random() < 0.6
        if self.draw.random() < 0.12:
            return {"$ref": f"#/{self._folder}/{self.draw.choice(_COMPONENTS)}"}
        made: dict[str, Any] = {}
        if self.draw.random() < 0.6:
            made["type"] = self.draw.choice([self.draw.choice(_TYPES), self.draw.sample(_TYPES, 2)])
        for _ in range(self.draw.randint(1, 3)):
            made.update(self._keyword(depth))
        return made

    def _keyword(self, depth: int) -> dict[str, Any]:
        simple = (self._value, self._bound, self._size, self._text, self._names)
        nested = (self._object, self._object, self._array, self._choice)
        return self.draw.choice((*simple, *nested) if depth > 0 else simple)(depth)

    def _value(self, _depth: int) -> dict[str, Any]:
        if self.draft == "04" or self.draw.random() < 0.7:
            own: list[Any] = []
            for value in (self.scalar() for _ in range(self.draw.randint(1, 3))):
                if all(not _equal(value, other) for other in own):
                    own.append(value)
            return {"enum": own}
        return {"const": self.scalar()}

    def scalar(self) -> Any:
        """A value that is no container."""
        return self.draw.choice([None, True, False, *_NUMBERS, *_TEXTS])

    def _bound(self, _depth: int) -> dict[str, Any]:
        kind = self.draw.choice(["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"])
        if kind == "multipleOf":
            return {kind: self.draw.choice([1, 2, 3, 0.5])}
        value = self.draw.choice(_NUMBERS)
        if self.draft == "04" and kind.startswith("exclusive"):
            return {kind.replace("exclusive", "").lower(): value, kind: True}
        return {kind: value}

    def _size(self, _depth: int) -> dict[str, Any]:
        side, what = self.draw.choice(["min", "max"]), self.draw.choice(["Length", "Items", "Properties"])
        return {f"{side}{what}": self.draw.randint(0, 3)}

    def _text(self, _depth: int) -> dict[str, Any]:
        if self.formats and self.draw.random() < 0.3:
            return {"format": self.draw.choice(_FORMATS)}
        return {"pattern": self.draw.choice(_PATTERNS)}

    def _names(self, _depth: int) -> dict[str, Any]:
        if self.draw.random() < 0.2:
            return {"uniqueItems": True}
        if self.draw.random() < 0.7:
            return {"required": self.draw.sample(_NAMES, self.draw.randint(1, 2))}
        return {"dependencies" if self._old else "dependentRequired": {"p": ["q"]}}

    @property
    def _old(self) -> bool:
        return self.draft in ("04", "06", "07")

    def _object(self, depth: int) -> dict[str, Any]:
        def inner() -> Any:
            return self.schema(depth - 1)

        kind = self.draw.random()
        if kind < 0.55:
            return {"properties": {name: inner() for name in self.draw.sample(_NAMES, self.draw.randint(1, 2))}}
        if kind < 0.7:
            return {"additionalProperties": self.draw.choice([False, True, inner()])}
        if kind < 0.8:
            return {"patternProperties": {self.draw.choice(["^p", "^[pq]$", "q", "^[^p]"]): inner()}}
        if kind < 0.87:
            return {"dependencies" if self._old else "dependentSchemas": {"p": inner()}}
        if kind < 0.94 and self.draft != "04":
            return {"propertyNames": self.draw.choice([{"pattern": "^[pq]"}, {"enum": ["p", "q"]}, {"maxLength": 1}])}
        if not self._old:
            return {"unevaluatedProperties": self.draw.choice([False, inner()])}
        return {}

    def _array(self, depth: int) -> dict[str, Any]:
        def inner() -> Any:
            return self.schema(depth - 1)

        kind = self.draw.random()
        if kind < 0.4:
            return {"items": inner()}
        several = [inner() for _ in range(self.draw.randint(1, 2))]
        if kind < 0.7 and self.draft == "2020-12":
            return {"prefixItems": several, **({"items": inner()} if self.draw.random() < 0.5 else {})}
        if kind < 0.7:
            more = self.draw.choice([{}, {"additionalItems": False}, {"additionalItems": inner()}])
            return {"items": several, **more}
        if kind < 0.9 and self.draft != "04":
            limits = {"minContains": self.draw.randint(0, 2)} if self.draw.random() < 0.4 else {}
            return {"contains": inner(), **({} if self._old else limits)}
        if not self._old:
            return {"unevaluatedItems": self.draw.choice([False, inner()])}
        return {}

    def _choice(self, depth: int) -> dict[str, Any]:
        kind = self.draw.choice(["allOf", "anyOf", "oneOf", "not", "if"])
        if kind == "not" or (kind == "if" and self.draft in ("04", "06")):
            return {"not": self.schema(depth - 1)}
        if kind == "if":
            return {key: self.schema(depth - 1) for key in ("if", "then", "else") if key == "if" or self._often()}
        return {kind: [self.schema(depth - 1) for _ in range(self.draw.randint(1, 3))]}

    def _often(self) -> bool:
        return self.draw.random() < 0.7

    def edited(self, document: Any) -> Any:
        """The document with one place made otherwise: a keyword dropped, added or changed."""
        made = copy.deepcopy(document)
        if not isinstance(made, dict):
            return self.document()
        for _ in range(self.draw.randint(1, 2)):
            place = self.draw.choice(list(_places(made)))
            own = [key for key in place if key not in ("$schema", "definitions", "$defs")]
            action = self.draw.random()
            if own and action < 0.4:
                del place[self.draw.choice(own)]
            elif "$ref" not in place:
                place.update(self._keyword(1))
            for side in ("Minimum", "Maximum"):  # in draft-04 a flag beside the bound
                if place.get(f"exclusive{side}") is True and side.lower() not in place:
                    del place[f"exclusive{side}"]
        return made if "definitions" in made or "$defs" in made else _without_references(made)

    def value(self, depth: int = 2) -> Any:
        """A value to be tried."""
        kind = self.draw.random() if depth > 0 else 0.0
        if kind < 0.4:
            return self.scalar()
        if kind < 0.6:
            return [self.value(depth - 1) for _ in range(self.draw.randint(0, 3))]
        names = self.draw.sample([*_NAMES, "x"], self.draw.randint(0, 3))
        return {name: self.value(depth - 1) for name in names}


def validator(document: Any, draft: Draft, *, formats: bool) -> Any:
    """The judge of one document."""
    return _VALIDATORS[draft](document, validate_formats=formats)


def _places(schema: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for key, value in schema.items():
        if key in ("properties", "patternProperties", "dependentSchemas", "dependencies", "definitions", "$defs"):
            for item in value.values():
                yield from _places(item)
        elif key not in ("enum", "const", "required", "dependentRequired"):
            for item in value if isinstance(value, list) else [value]:
                yield from _places(item)


def _without_references(schema: Any) -> Any:
    made = copy.deepcopy(schema)
    for place in _places(made):
        place.pop("$ref", None)
    return made


def _equal(one: Any, other: Any) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
