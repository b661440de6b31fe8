"""Secrets in clear text in a file: where, and of which shape. The value is never kept."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from retailctl.errors import Location
from retailctl.model.estate import LiteralSecret
from retailctl.model.redaction import secrets_in
from retailctl.workspace.document import Document

# A file that is one long list of secrets is not a finding per line.
_MOST = 200


def secret_places(document: Document) -> list[LiteralSecret]:
    """Every literal secret of a document, at its line, with the entry that holds it as subject."""
    text = document.load() if document.load is not None else None
    if text is None:
        return []
    found = list(secrets_in(text))[:_MOST]
    if not found:
        return []
    entries = _entries(document)
    starts = [line for line, _, _ in entries]
    secrets = []
    for line, column, kind in found:
        index = bisect_right(starts, line) - 1
        pointer, subject = entries[index][1:] if index >= 0 else ("", document.path)
        place = Location(document.path, line, column, pointer=pointer)
        secrets.append(LiteralSecret(kind, place, subject))
    return secrets


def _entries(document: Document) -> list[tuple[int, str, str]]:
    """(line, pointer, id) of every entry of every section, in line order."""
    entries: list[tuple[int, str, str]] = []
    data: Any = document.data
    for section, items in data.items() if isinstance(data, dict) else ():
        for number, item in enumerate(items if isinstance(items, list) else ()):
            pointer = f"/{section}/{number}"
            name = item.get("id") if isinstance(item, dict) else None
            entries.append((document.locate(pointer).line, pointer, str(name or f"{document.path}#{pointer}")))
    return sorted(entries)
