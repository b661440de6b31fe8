"""A tree of addons as a source of the scan: what stands in it, as sightings, coverage and located errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from retailctl.inventory.addons.facts import ModuleFacts
from retailctl.inventory.addons.figures import row_of, totals_of
from retailctl.inventory.addons.scan import Scan
from retailctl.inventory.addons.sightings import SOURCE, sightings_of
from retailctl.inventory.reading import Found, Reading
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage, Window

SYSTEM: Final = "odoo"


def read_tree(root: Path, reading: Reading, *, shown: str = "", literals: bool = False) -> Iterator[Found]:
    """Everything that the modules below a folder say of the estate; ``shown`` is put before every path.

    The Odoo that they run in is ``reading.system``, else "odoo". Credential-like values come only with ``literals``.
    """
    scan = Scan(root, shown, reading.fingerprint if literals else None, reading.progress)
    yield from found_of(scan.modules(), reading, literals=literals)


def found_of(modules: Iterator[ModuleFacts], reading: Reading, *, literals: bool = False) -> Iterator[Found]:
    """The same of modules that are read already, or as they are read."""
    system = reading.system or SYSTEM
    rows: list[dict[str, Any]] = []
    place = ""
    for facts in modules:
        place = place or facts.path
        rows.append(row_of(facts))
        yield from facts.problems
        yield from sightings_of(facts, system, reading, literals=literals)
    if not rows:
        return
    totals = totals_of(rows)
    counted = {name: value for name, value in totals.items() if isinstance(value, int) and value}
    yield Seen(source=SOURCE, ref=place, kind="system", at=reading.as_of, name=system, figures=counted)
    yield Coverage(source=SOURCE, scope=system, window=Window(**{"from": reading.as_of, "to": reading.as_of}))
