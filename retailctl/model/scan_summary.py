"""What a scan read, and what it found of whom: the totals of ``inventory scan`` and its sisters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """One source: files read, sightings, and how many interfaces of the inventory (``declared``) and beside it
    (``observed``) it showed."""

    source: str
    files: int = 0
    sightings: int = 0
    declared: int = 0
    observed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSummary:
    """``seen_declared`` of ``declared`` interfaces of the inventory were seen; ``observed_*`` is what nobody declared.

    ``unrecognised`` files inside folders had no reader; ``refused`` ones had one and could not be read. ``suggested``
    pairs wait in ``inventories/merges.yaml`` for a person. ``written`` are the files, empty on a dry run.
    """

    sources: tuple[SourceSeen, ...] = ()
    declared: int = 0
    seen_declared: int = 0
    observed_interfaces: int = 0
    observed_systems: int = 0
    observed_credentials: int = 0
    suggested: int = 0
    unrecognised: int = 0
    refused: int = 0
    written: tuple[str, ...] = ()
