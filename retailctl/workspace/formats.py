"""How a file is read, and the schema language it is in, by the ending of its name: the one list of endings.

A further schema language that has files of its own is a row of :data:`ENDINGS`; its name is then the key of the indexes
in ``retailctl.contracts`` (see ARCHITECTURE.md, "Indexes").
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

JSON: Final = "json"
YAML: Final = "yaml"
TEXT: Final = "text"  # one text: whoever knows its language knows its places

SchemaLanguage = Literal["avro", "protobuf"]


class Ending(NamedTuple):
    """``format`` is the reader; ``language`` is the schema language that the ending alone tells, None for data."""

    format: str
    language: SchemaLanguage | None = None


ENDINGS: Final[Mapping[str, Ending]] = {
    ".yaml": Ending(YAML),
    ".yml": Ending(YAML),
    ".json": Ending(JSON),
    ".avsc": Ending(JSON, "avro"),
    ".proto": Ending(TEXT, "protobuf"),
}
READ: Final = tuple(ENDINGS)
"""The endings of documents that are read, for ``str.endswith``."""
TOLD: Final = f"{', '.join(READ[:-1])} or {READ[-1]}"
"""The endings in words."""


def ending_of(path: str) -> Ending | None:
    """The row of a path, in any case of letters; None for a file that no reader knows."""
    return ENDINGS.get(posixpath.splitext(path)[1].lower())  # asked several times of every document


def schema_language(path: str) -> SchemaLanguage | None:
    """The schema language that the name of a file tells; None where the content decides."""
    found = ending_of(path)
    return found.language if found is not None else None
