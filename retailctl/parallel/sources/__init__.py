"""Where the rows of a side come from: one module per kind, one line per kind in the index."""

from __future__ import annotations

from retailctl.parallel.sources.index import open_source
from retailctl.parallel.sources.relation import CsvDialect, RawColumn, Relation

__all__ = ["CsvDialect", "RawColumn", "Relation", "open_source"]
