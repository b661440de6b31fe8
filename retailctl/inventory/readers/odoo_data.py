"""A data file of an Odoo addon out of its tree: XML records or a CSV named for its model, one file at a time.

Whole trees are read at once where there is a manifest (``inventory/addons``); this is for the file that somebody sent.
What it says is what a module says of the same records: jobs, mail servers, parameters, open access.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from retailctl.inventory.addons.csv_records import csv_records, model_of
from retailctl.inventory.addons.facts import ModuleFacts
from retailctl.inventory.addons.reading import SYSTEM
from retailctl.inventory.addons.record_fields import ACCESS
from retailctl.inventory.addons.sightings import SOURCE, sightings_of
from retailctl.inventory.addons.xml_records import xml_records
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.seen import Seen

_ROOT: Final = re.compile(rb"<(?:odoo|openerp)[\s>]")
_ACCESS_ROW: Final = frozenset({"id", "model_id", "perm_read", "perm_write"})


def _detect(artefact: Artefact) -> float:
    if artefact.suffix == ".xml":
        return 0.6 if _ROOT.search(artefact.head) else 0.0  # what knows such records better goes first
    return 0.6 if artefact.suffix == ".csv" and _model(artefact) else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    path = PurePosixPath(artefact.path)
    folder = path.parent.parent if path.parent.name in ("data", "security", "views", "demo") else path.parent
    facts = ModuleFacts(path=artefact.path, technical=folder.name or path.stem)
    if artefact.suffix == ".csv":
        found = csv_records(artefact.content, artefact.path, model=_model(artefact))
    else:
        found = xml_records(artefact.content, artefact.path)
    facts.records += found.records
    system = reading.system or SYSTEM
    yield from sightings_of(facts, system, reading)
    counted = {"records": len(found.records), "open_access": found.open_access}
    figures = {name: number for name, number in counted.items() if number}
    yield Seen(source=SOURCE, ref=artefact.ref(), kind="system", at=reading.as_of, name=system, figures=figures)


def _model(artefact: Artefact) -> str:
    """By the name of the file, as Odoo has it; rows of access are known by their columns as well."""
    model = model_of(artefact.name)
    if model or not artefact.first_lines:
        return model
    columns = {
        name.strip().strip('"').partition(":")[0].partition("/")[0] for name in artefact.first_lines[0].split(",")
    }
    return ACCESS if columns >= _ACCESS_ROW else ""


READER = Reader(SOURCE, "data file of an Odoo addon", _detect, _read)
