"""A scan in words and rows: what was read, what of the inventory was seen, and what nobody declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from retailctl.model.scan_summary import ScanSummary
from retailctl.report.grouping import count

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def scan_row(scan: ScanSummary) -> dict[str, Any]:
    """The scan under the names of the schema."""
    return {**asdict(scan), "sources": [asdict(one) for one in scan.sources], "written": list(scan.written)}


def definition(make: Callable[..., Schema]) -> Schema:
    """The schema of :func:`scan_row`."""
    source = make(
        "One source.",
        source=_TEXT,
        files=_COUNT,
        sightings=_COUNT,
        declared={**_COUNT, "description": "Interfaces of the inventory that it shows."},
        observed={**_COUNT, "description": "Interfaces that nobody declared."},
    )
    return make(
        "What a scan read and found.",
        sources={"type": "array", "items": source},
        declared={**_COUNT, "description": "Interfaces of the hand-kept inventory."},
        seen_declared={**_COUNT, "description": "Of those, how many were seen."},
        observed_interfaces=_COUNT,
        observed_systems=_COUNT,
        observed_credentials=_COUNT,
        suggested={**_COUNT, "description": "Pairs that may be one interface, for a person to decide."},
        unrecognised={**_COUNT, "description": "Files in folders that no reader knows."},
        refused={**_COUNT, "description": "Files that a reader could not use."},
        written={"type": "array", "items": _TEXT},
    )


def told(scan: ScanSummary) -> list[str]:
    """The scan in a few sentences, the disagreement first."""
    seen = f"{scan.seen_declared:,} of {count(scan.declared, 'declared interface')} seen"
    beside = [
        count(number, word)
        for number, word in (
            (scan.observed_interfaces, "interface"),
            (scan.observed_systems, "system"),
            (scan.observed_credentials, "credential"),
        )
        if number
    ]
    lines = [f"{seen}; nobody declared {', '.join(beside)}" if beside else f"{seen}; nothing that nobody declared"]
    if scan.suggested:
        pairs = count(scan.suggested, "pair")
        lines.append(f"{pairs} may be one interface each: decide in inventories/merges.yaml")
    if scan.unrecognised or scan.refused:
        lines.append(f"{count(scan.unrecognised, 'file')} not recognised, {scan.refused:,} refused")
    lines.append(f"written: {', '.join(scan.written)}" if scan.written else "nothing was written")
    return lines
