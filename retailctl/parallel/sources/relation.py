"""A source as the engine sees it: something to select from, with columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
    ``engine`` is whose words the columns' native types are.
    """

    label: str
    query: str
    columns: tuple[RawColumn, ...]
    files: tuple[Path, ...] = ()
    streamed: bool = False
    engine: Literal["duckdb", "postgres", "spark"] = "duckdb"


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a file of text is written; what is empty is found out from the file.

    ``skip`` lines stand before the header. ``columns`` are the names where no line has them; with ``header`` they stand
    in for those of the first line. ``quote`` "" means that no value is quoted.
    """

    delimiter: str = ""
    quote: str | None = None
    encoding: str = ""
    header: bool | None = None
    escape: str = ""
    null: str = ""
    columns: tuple[str, ...] = ()
    skip: int = 0

    @property
    def named(self) -> bool:
        """Whether the first line names the columns."""
        return not self.columns if self.header is None else self.header
