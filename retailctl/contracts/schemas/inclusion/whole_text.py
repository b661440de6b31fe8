"""Schemas whose patterns are held against the whole text.

JSON Schema looks for a pattern anywhere in a text (2020-12 Validation, 6.3.3). What generators make of it often does
not: Bean Validation's ``@Pattern``, XML Schema and HTML forms take the whole text. A registry that serves both counts
a pattern that holds only in one of the two ways as a constraint.
"""

from __future__ import annotations

from collections.abc import Mapping

from retailctl.contracts.schemas.store import Schema, SchemaStore


def is_whole(pattern: str) -> bool:
    """Tell if a pattern plainly reads the same in both ways."""
    return pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith("\\$") and "|" not in pattern


class WholeText:
    """A store over another, with every ``pattern`` fixed to both ends of the text; names of properties stay."""

    def __init__(self, store: SchemaStore) -> None:
        self._store = store
        self._known: dict[str, Schema] = {}

    def resolve(self, key: str) -> Schema:
        """Return the schema as :class:`SchemaStore` does. Raises KeyError for a reference that leads nowhere."""
        if key not in self._known:
            self._known[key] = self.schema(self._store.resolve(key))
        return self._known[key]

    def schema(self, schema: Schema) -> Schema:
        """Return a schema with its patterns fixed, those of nested schemas as well."""
        if isinstance(schema, bool):
            return schema
        return {key: _keyword(key, value) for key, value in schema.items()}


def _keyword(keyword: str, value: object) -> object:
    if keyword == "pattern" and isinstance(value, str):
        return value if is_whole(value) else f"^(?:{value})$"
    if keyword in _DATA:
        return value
    if keyword in _TABLES and isinstance(value, Mapping):
        return {name: _nested(item) for name, item in value.items()}
    return _nested(value)


def _nested(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _keyword(str(key), item) for key, item in value.items()}
    return [_nested(item) for item in value] if isinstance(value, list) else value


_DATA = frozenset({"enum", "const", "default", "examples", "example", "required", "type", "dependentRequired"})
_TABLES = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})
