"""The rows of the table: one per change that can be reported.

A row says nothing about documents or schemas; it names a change. Ids are those of oasdiff where the meaning is the
same, so that a team's severity file can be read; changes of a schema are named ``<position>-<change>``, and every
change has a row for every position.

In a message, ``{what}`` is the thing that changed (the path of a property; the name of a parameter, header, media type,
status, scheme; ``GET /orders`` for an operation), ``{in}`` where it is (the place of a parameter, the status of a
response, the scheme of a scope, the name of a callback), ``{old}`` and ``{new}`` are its two values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

Level = Literal["ERR", "WARN", "INFO"]
Direction = Literal["request", "response", "none"]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)
AREAS: Final = (
    *("schema", "parameters", "paths", "security", "responses", "requestBody", "headers", "info", "components"),
    *("tags", "servers", "callbacks", "webhooks", "links", "documents", "messages", "avro", "protobuf", "sets"),
)
KINDS: Final = ("structure", "constraints", "existence", "type", "values", "lifecycle", "requiredness", "mutability")
ACTIONS: Final = ("add", "remove", "change", "set", "increase", "decrease", "generalize", "specialize")
POSITIONS: Final[Mapping[str, Direction]] = {
    "request-body": "request",
    "request-property": "request",
    "request-parameter": "request",
    "request-parameter-property": "request",
    "response-body": "response",
    "response-property": "response",
    "response-header": "response",
    "response-header-property": "response",
}
"""Where a schema can stand, and which way its data flows: the first half of the id of a change of a schema."""

_TABLE: Final = Path(__file__).parent / "table"


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A change with a name. ``level`` is ours, ``oasdiff`` is what that tool says of the same change, or ``-`` where
    it has none; ``docs`` is the key of the page that explains it; ``text`` is the message, to be filled."""

    id: str
    level: Level
    oasdiff: Level | Literal["-"]
    direction: Direction
    area: str
    kind: str
    action: str
    docs: str
    text: str

    def message(self, what: str = "", *, old: str = "", new: str = "", where: str = "") -> str:
        """The message about one change; ``where`` fills ``{in}``. Braces in the values stay as they are."""
        return self.text.format_map({"what": what, "old": old, "new": new, "in": where})


@cache
def rule(id_: str) -> ChangeRule:
    """The row with this id. Raises KeyError where there is none."""
    return _row(_lines()[id_])


def is_rule(id_: str) -> bool:
    """Whether a row has this id."""
    return id_ in _lines()


@cache
def all_rules() -> Mapping[str, ChangeRule]:
    """Every row by id, in the order of ids."""
    return MappingProxyType({id_: _row(line) for id_, line in _lines().items()})


@cache
def _lines() -> dict[str, str]:
    """The lines of the table by id: a run needs some tens of rows, and to make all of them costs most of the time."""
    lines: list[str] = []
    for path in _TABLE.iterdir():
        lines += path.read_bytes().decode().splitlines()[1:]
    return {line.partition("\t")[0]: line for line in sorted(lines)}


def _row(line: str) -> ChangeRule:
    # That the cells are what their types say is a test of the table, not of every start.
    return ChangeRule(*line.split("\t"))  # type: ignore[arg-type]
