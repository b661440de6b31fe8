"""What a schema is here, and where a reference leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

Schema = bool | Mapping[str, object]
Step = str | int
Steps = tuple[Step, ...]
Polarity = Literal["in", "out"]
ContentModel = Literal["declared", "all"]


class SchemaStore(Protocol):
    """The schemas of one side by key; the value of ``$ref`` is such a key."""

    def resolve(self, key: str) -> Schema:
        """Return the schema in normal form. Raises KeyError for a reference that leads nowhere or was denied."""
        ...
