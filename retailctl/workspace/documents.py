"""Documents: every parsed file of one run, read once; places are looked up here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from retailctl.errors import Location
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_document


class Documents:
    """Reads files of one workspace and remembers them for the run."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.root, self.limits = root, limits
        self._known: dict[str, Document] = {}

    def read(self, path: str, *, owned: bool = True) -> Document:
        """The parsed file. Raises InputError or IncompleteError as the reader does."""
        document = self._known.get(path)
        if document is None:
            document = read_document(self.root, path, limits=self.limits, owned=owned)
            self._known[path] = document
        return document

    def place(self, location: Location) -> Location:
        """The same place with line and column; unchanged when it has them or the file was not parsed."""
        if location.line or location.path not in self._known:
            return location
        found = self._known[location.path].locate(location.pointer)
        return replace(location, line=found.line, column=found.column)
