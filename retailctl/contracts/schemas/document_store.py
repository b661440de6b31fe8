"""The schemas of the documents of one contract, normalised when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from retailctl.contracts.schemas.normalise import Dialect, References, normalise
from retailctl.contracts.schemas.store import Schema

# From a reference and the path of the document that holds it to (path, pointer, value); KeyError if it leads nowhere.
Lookup = Callable[[str, str], tuple[str, str, Any]]
# The raw value at (path, pointer); KeyError if there is none.
ValueAt = Callable[[str, str], Any]
_DENIED: Final = "denied:"


class Resources(Protocol):
    """What the identifiers in schemas change: a base is the path of a document, or ``path#pointer`` of a resource."""

    def base_of(self, key: str) -> str:
        """The base of the references at a place."""
        ...

    def entered(self, identifier: str, base: str) -> str | None:
        """The base inside a schema with an ``$id``; None where it names nothing."""
        ...

    def dynamic(self, keyword: str, reference: str, base: str) -> str | None:
        """The key that a dynamic reference leads to, seen from the root; "" where it is one like any other, None where
        it depends on the way that leads to it."""
        ...


class DocumentStore:
    """Schemas by key (``path#pointer``). References are followed by ``lookup``, which guards the workspace.

    Without ``resources`` every reference is read from its document, and dynamic ones like any other.
    """

    __slots__ = ("_dialect", "_keys", "_known", "_lookup", "_made", "_resources", "_value_at")

    def __init__(
        self, lookup: Lookup, value_at: ValueAt, dialect: Dialect, resources: Resources | None = None
    ) -> None:  # fmt: skip
        self._lookup, self._value_at, self._dialect = lookup, value_at, dialect
        self._resources = resources
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
        if reference.startswith("#/") and "%" not in reference and "#" not in base:
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
        base = self._resources.base_of(key) if self._resources is not None else key.partition("#")[0]
        return normalise(self.raw(key), self._dialect, _From(self, base, self._resources))


class _From(References):
    """References as they are read from one base."""

    __slots__ = ("_base", "_resources", "_store", "exact")

    def __init__(self, store: DocumentStore, base: str, resources: Resources | None) -> None:
        self._store, self._base, self._resources = store, base, resources
        self.exact = resources is not None

    def key_of(self, reference: str) -> str:
        return self._store.key_of(reference, self._base)

    def entered(self, identifier: str) -> References | None:
        base = self._resources.entered(identifier, self._base) if self._resources is not None else None
        return None if base is None or base == self._base else _From(self._store, base, self._resources)

    def dynamic(self, keyword: str, reference: str) -> str | None:
        found = self._resources.dynamic(keyword, reference, self._base) if self._resources is not None else ""
        return self.key_of(reference) if found == "" else found
