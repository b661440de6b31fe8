"""The judge of a witness: fastavro writes a datum with one schema and reads it with another.

The schemas are parsed with names of their own, so that no schema can see the types of another one.
"""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from typing import Any, Final

from retailctl.contracts.avro.model import Node
from retailctl.contracts.avro.rendering import render

_WORK: Final = 300_000


class NoTrialError(Exception):
    """The library cannot be asked: it takes one of the schemas, or the datum, for invalid."""


class Library:
    """A reader and a writer. Each schema is rendered and parsed once, however many data are tried."""

    def __init__(self, reader: Node, writer: Node) -> None:
        self._reader, self._writer = reader, writer
        self._work = _WORK

    def afford(self, work: int = 0) -> bool:
        """Whether one more datum of this size is worth its while: a comparison shows so many, not all."""
        self._work -= work
        return self._work > 0

    @cached_property
    def schemas(self) -> tuple[Any, Any] | str:
        """The parsed schemas of the reader and of the writer, or why fastavro does not take them."""
        from fastavro import parse_schema

        parsed: list[Any] = []
        for node in (self._reader, self._writer):
            raw = render(node)
            if isinstance(raw, str):
                return raw
            try:
                parsed.append(parse_schema(raw, {}))
            except Exception as error:  # noqa: BLE001 - whatever an invalid schema makes it raise
                return f"fastavro does not take the schema: {_short(error)}"
        return parsed[0], parsed[1]

    def tried(self, datum: object) -> str | None:
        """What fastavro says when it reads the datum; None if it reads it. Raises NoTrialError."""
        from fastavro import schemaless_reader, schemaless_writer

        if isinstance(self.schemas, str):
            raise NoTrialError(self.schemas)
        reader, writer = self.schemas
        stream = BytesIO()
        try:
            schemaless_writer(stream, writer, datum)
        except Exception as error:
            raise NoTrialError(f"fastavro does not write it: {_short(error)}") from error
        stream.seek(0)
        try:
            schemaless_reader(stream, writer, reader)
        except Exception as error:  # noqa: BLE001 - it refuses data with errors of many kinds, KeyError among them
            return _short(error)
        return None


def _short(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}"
    return text if len(text) <= 200 else f"{text[:197]}..."
