"""A source as the engine sees it: something to select from, with columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retailctl.parallel.columns import Type


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column of a source.

    ``type`` is what its values are, ``text`` says that they come as text and have to be parsed; ``native`` is the
    engine's own name of the type. ``form`` is how a time is written, where that is not ISO 8601.
    """

    name: str
    type: Type
    native: str
    text: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """``query`` can stand after FROM. ``label`` names the source for people; ``files`` are what it was read from.

    ``streamed`` is set where reading again costs as much as the first time (text): such a source is copied once.
    """

    label: str
    query: str
    columns: tuple[RawColumn, ...]
    files: tuple[Path, ...] = ()
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a file of text is written; what is empty is found out from the file."""

    delimiter: str = ""
    quote: str = ""
    encoding: str = ""
    header: bool | None = None
    escape: str = ""
    null: str = ""
