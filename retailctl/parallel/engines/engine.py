"""What the comparison asks of whoever runs its statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.dialect import Dialect


class Copying(NamedTuple):
    """A copy that is yet to be made: what to select from, and the making."""

    relation: str
    make: Callable[[], None]


class Engine(Protocol):
    """A connection with the canonical views ``l`` and ``n``. Raises IncompleteError where the engine fails."""

    @property
    def dialect(self) -> Dialect:
        """The words of this engine."""

    @property
    def version(self) -> str:
        """Name and version, as in ``duckdb 2.0.0``: hashes hold for one only."""

    def make(self, step: Step) -> None:
        """Fill a table; it is there until ``drop``."""

    def view(self, name: str, query: str) -> None:
        """Name a query."""

    def drop(self, *tables: str) -> None:
        """Let tables go, to free what they hold."""

    def copying(self, query: str) -> Copying:
        """Rows of a query that will be read several times, kept until the engine goes."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The result of a query, all of it: only for small ones."""

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query that may be many, some at a time."""
