"""A datum that its writer can write and the reader cannot read, tried with fastavro before it is shown."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from retailctl.contracts.api.model import escape
from retailctl.contracts.avro.datum import KEY, NoDatumError, Workshop, scalar
from retailctl.contracts.avro.incompatibility import Incompatibility, WriterStep
from retailctl.contracts.avro.library import Library, NoTrialError
from retailctl.contracts.avro.model import Node
from retailctl.contracts.avro.rendering import MOST_DEPTH
from retailctl.contracts.compatibility.change import ReadingWitness

_ENOUGH: Final = "enough cases were tried for this comparison"
LENIENT: Final = "fastavro reads what the specification refuses here"
"""How the reason begins where the library lets a datum pass."""


class WitnessBench:
    """Makes witnesses for one reader and one writer; what both need of the schemas is made once."""

    def __init__(self, reader: Node, writer: Node) -> None:
        self._writer = writer
        self._library = Library(reader, writer)

    @cached_property
    def _workshop(self) -> Workshop:
        return Workshop(self._writer)

    def witness(self, cause: Incompatibility) -> ReadingWitness | str:
        """The case that shows this cause, or why there is none."""
        if not self._library.afford():
            return _ENOUGH
        if cause.depth > 2 * MOST_DEPTH:  # a union and its branch are two steps
            return "the place lies too deep for an example"
        steps = cause.steps()
        try:
            symbol = cause.names[0] if cause.kind == "missing_enum_symbols" else ""
            end = scalar(cause.writer, symbol) if symbol else None
            datum = self._workshop.along(self._writer, steps, end)
            if not self._library.afford(datum.parts):
                return _ENOUGH
            refused = self._library.tried(datum.value)
        except (NoDatumError, NoTrialError) as error:
            return str(error)
        if refused is None:
            return f"{LENIENT}: {explained(cause)}"
        return ReadingWitness(datum.shown, _pointer(steps), explained(cause))


def explained(cause: Incompatibility) -> str:
    """Why a datum cannot be read, in words."""
    reader, writer = cause.reader, cause.writer
    if cause.kind == "missing_enum_symbols":
        return f"the reader's enum {reader.name} has no symbol {cause.names[0]} and no default"
    if cause.kind == "reader_field_missing_default_value":
        return f"the reader's field {reader.name}.{cause.names[0]} is not in the data and has no default"
    if cause.kind == "name_mismatch":
        return f"the reader expects {reader.label} and knows no alias for {writer.name}"
    if cause.kind == "fixed_size_mismatch":
        return f"the reader expects {reader.size} bytes of {reader.name}, the data has {writer.size}"
    if cause.kind == "missing_union_branch":
        return f"no branch of the reader's union reads {writer.label}"
    return f"the reader expects {reader.label}, the data is {writer.label}"


def _pointer(steps: list[WriterStep]) -> str:
    """The part of the datum that cannot be read."""
    keys = {"items": "0", "values": KEY}
    return "".join(f"/{escape(keys.get(kind, str(key)))}" for kind, key in steps if kind != "branch")
