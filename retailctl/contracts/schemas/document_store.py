"""The schemas of the documents of one contract, normalised when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from retailctl.contracts.schemas.normalise import Dialect, normalise
from retailctl.contracts.schemas.store import Schema

# From a reference and the path of the document that holds it to (path, pointer, value); KeyError if it leads nowhere.
Lookup = Callable[[str, str], tuple[str, str, Any]]
# The raw value at (path, pointer); KeyError if there is none.
ValueAt = Callable[[str, str], Any]
_DENIED: Final = "denied:"


class DocumentStore:
    """Schemas by key (``path#pointer``). References are followed by ``lookup``, which guards the workspace."""

    __slots__ = ("_dialect", "_keys", "_known", "_lookup", "_made", "_value_at")

    def __init__(self, lookup: Lookup, value_at: ValueAt, dialect: Dialect) -> None:
        self._lookup, self._value_at, self._dialect = lookup, value_at, dialect
        self._keys: dict[tuple[str, str], str] = {}
        self._known: dict[str, Schema] = {}
        self._made: dict[str, Mapping[str, Any]] = {}

    @property
    def dialect(self) -> Dialect:
        """How the schemas of these documents are written."""
        return self._dialect

    def resolve(self, key: str) -> Schema:
        """The schema in normal form. Raises KeyError for a reference that leads nowhere or was denied."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._read(key)
        return known

    def raw(self, key: str) -> Any:
        """What is written there. Raises KeyError as :meth:`resolve` does."""
        if key in self._made:
            return self._made[key]
        path, _, fragment = key.partition("#")
        if path.startswith(_DENIED):
            raise KeyError(key)
        return self._value_at(path, fragment)

    def make(self, key: str, raw: Mapping[str, Any]) -> str:
        """Give a schema a key that is written otherwise (the parameter object of Swagger 2.0); returns the key."""
        self._made[key] = raw
        return key

    def key_of(self, reference: str, base: str) -> str:
        """The key of what a reference in the document ``base`` leads to."""
        if reference.startswith("#/") and "%" not in reference:
            return base + reference
        key = self._keys.get((base, reference))
        if key is None:
            try:
                path, pointer, _ = self._lookup(reference, base)
                key = f"{path}#{pointer}"
            except KeyError:
                key = f"{_DENIED}{reference}"
            self._keys[(base, reference)] = key
        return key

    def _read(self, key: str) -> Schema:
        base = key.partition("#")[0]
        return normalise(self.raw(key), self._dialect, lambda reference: self.key_of(reference, base))
