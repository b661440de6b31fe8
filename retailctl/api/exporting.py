"""``inventory export``: the merged estate in the format of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from retailctl.api.loading import load
from retailctl.api.options import AuditOptions
from retailctl.api.session import open_session
from retailctl.errors import IncompleteError
from retailctl.inventory.exports.backstage import as_backstage
from retailctl.inventory.exports.calm import as_calm
from retailctl.inventory.exports.register import as_csv, as_xlsx

FILE_NAMES: Final = {"backstage": "catalog-info.yaml", "calm": "architecture.json", "csv": "interfaces.csv", "xlsx": "interfaces.xlsx"}  # fmt: skip # noqa: E501


def inventory_export(root: Path | None, format: str, options: AuditOptions) -> bytes:
    """The content of the file. Raises IncompleteError when a part of the inventory cannot be read: the rest would look
    complete."""
    session = open_session(root, options)
    loaded = load(session, for_rules=False)
    unread = loaded.estate.unread
    if unread and not options.allow_partial:
        raise IncompleteError(
            f"{unread[0][0]} cannot be read in full", hint="retailctl inventory check says why; or add --allow-partial"
        )
    if format == "backstage":
        return as_backstage(loaded.estate)
    if format == "calm":
        return as_calm(loaded.estate, session.name)
    return as_xlsx(loaded.estate, session.as_of) if format == "xlsx" else as_csv(loaded.estate)
