"""All artefacts, and where they are written."""

from __future__ import annotations

import gzip
import shutil
from datetime import date
from pathlib import Path
from typing import Final

from retailctl.api.loading import load
from retailctl.api.options import AuditOptions
from retailctl.api.session import open_session
from retailctl.model.estate import Estate
from tests.needs import ROOT
from tests.reference_estate.artefacts import broker, erp, files, flows, gateway, odoo, traces
from tests.reference_estate.artefacts.made import Made

FOLDER: Final = "exports"
_PACKED: Final = (".log", ".ndjson")


def estate_of(root: Path = ROOT) -> Estate:
    """The reference estate."""
    session = open_session(root, AuditOptions(as_of=date(2026, 11, 20), use_cache=False))
    return load(session, for_rules=False).estate


def artefacts(estate: Estate) -> list[Made]:
    """In order of path."""
    made = [
        gateway.configuration(estate),
        gateway.log(estate),
        erp.log(estate),
        erp.crontab(),
        traces.spans(estate),
        broker.definitions(estate),
        *files.edi(estate),
        *files.soap(estate),
        files.drops(estate),
        files.lake(estate),
        files.register(estate),
        odoo.records(estate),
        *flows.workflows(estate),
    ]
    return sorted(made, key=lambda one: one.path)


def content(made: Made) -> tuple[str, bytes]:
    """Path and bytes of the file: logs are packed, with no clock in them."""
    data = made.text.encode()
    if made.path.endswith(_PACKED):
        return f"{made.path}.gz", gzip.compress(data, 9, mtime=0)
    return made.path, data


def write(root: Path = ROOT) -> list[str]:
    """Write all of them; files that are no longer made are removed."""
    folder = root / FOLDER
    estate = estate_of(root)
    shutil.rmtree(folder, ignore_errors=True)
    paths = []
    for made in artefacts(estate):
        path, data = content(made)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        paths.append(path)
    return paths
