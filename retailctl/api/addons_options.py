"""What a caller may say about a reading of addons."""

from __future__ import annotations

from dataclasses import dataclass, field

from retailctl.api.scanning.options import ScanOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonsOptions:
    """``details`` adds what stands behind the figures, ``literals`` credential-like values to the sightings.

    ``observe`` merges the sightings into the observed inventory of the workspace; ``dry_run`` writes nothing then.
    """

    details: bool = False
    literals: bool = False
    observe: bool = False
    scan: ScanOptions = field(default_factory=ScanOptions)
