"""Text in an encoding that the engine cannot read, as UTF-8 in the scratch folder."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError
from retailctl.parallel.engines.duckdb import DuckEngine

DECODED: Final = frozenset({"cp1252"})
"""What DuckDB has no decoder for: its wheel knows UTF-8, UTF-16 and Latin-1, and extensions cannot be assumed."""
_BLOCK: Final = 1 << 20


def decoded(engine: DuckEngine, files: tuple[Path, ...], encoding: str) -> tuple[Path, ...]:
    """Copies in UTF-8, block by block. Raises IncompleteError, with the line, for bytes that mean nothing."""
    return tuple(_decoded(engine, file, encoding) for file in files)


def _decoded(engine: DuckEngine, file: Path, encoding: str) -> Path:
    target = engine.scratch_file(".csv")
    opener = gzip.open if file.suffix.lower() == ".gz" else open
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        with opener(file, "rb") as source, target.open("wb") as copy:
            while block := source.read(_BLOCK):
                try:
                    text = decoder.decode(block)
                except UnicodeDecodeError as error:
                    line = lines + block[: error.start].count(b"\n")
                    raise IncompleteError(f"{file.name}: line {line:,} is not written in {encoding}") from None
                copy.write(text.encode())
                lines += block.count(b"\n")
    except (OSError, EOFError) as error:
        raise IncompleteError(f"{file.name} cannot be read ({type(error).__name__})") from None
    return target
