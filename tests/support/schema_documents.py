"""A stand-alone JSON Schema in normal form, from values."""

from __future__ import annotations

import json
from typing import Any

from retailctl.contracts.events.model import EventDocument
from retailctl.contracts.events.reading import read_events
from retailctl.contracts.references import Library
from retailctl.errors import InputError
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes


def document(schema: Any, **others: Any) -> EventDocument:
    """The normal form; ``others`` are schemas in files beside it, by the name before ``.schema.json``."""
    files = {"event": schema, **others}

    def read(path: str) -> Document:
        stem = path.removesuffix(".schema.json")
        if stem not in files:
            raise InputError("INP001", f"{path}: no such file")
        return parse_bytes(path, json.dumps(files[stem]).encode(), owned=False, require_mapping=False)

    found = read_events(Library(read, "event.schema.json"))
    assert found is not None
    return found
