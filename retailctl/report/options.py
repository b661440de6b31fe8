"""RenderOptions: everything a renderer may be told besides the report itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How to render; each format reads what concerns it.

    ``path_prefix`` is the folder of the workspace inside its repository: code hosts want paths from the
    repository root, while locations are relative to the workspace.
    """

    quiet: bool = False
    width: int = 100
    per_rule: int = 20
    include_waived: bool = False
    path_prefix: str = ""
    sarif_results: int = 5_000
    annotations_per_level: int = 10
    markdown_size: int = 65_536
    csv_bom: bool = False
    html_rows: int = 2_000


DEFAULT = RenderOptions()
