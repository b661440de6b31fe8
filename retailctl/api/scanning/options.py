"""What a caller may say about a scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retailctl.api.scanning.odoo_options import OdooOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """``kind`` is the reader for every file named, instead of what each file looks like.

    ``system`` and ``environment`` hold for files that do not say it themselves; ``env_files`` have values for
    ``${NAME}``, ``column_map`` the columns of a register by field. ``live`` are ids of sources of the settings to
    contact, ``server`` how (its account above all). ``out`` is where observed files go (None: ``inventories/observed``
    of the workspace). ``dry_run`` writes nothing. ``progress`` takes the bytes read of a file as they are read.
    """

    kind: str = ""
    system: str = ""
    environment: str = ""
    env_files: tuple[Path, ...] = ()
    column_map: Path | None = None
    live: tuple[str, ...] = ()
    server: OdooOptions | None = None
    out: Path | None = None
    dry_run: bool = False
    progress: Callable[[int], None] = lambda _: None
