"""Compatibility modes (contracts.md section 5.1): which versions must read whose data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Compatibility = Literal[
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
    "NONE",
]
Category = Literal["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CSR"]
"""What a Protobuf contract promises: binary data (WIRE), JSON data too, generated code too (by file or by package), or
what schema registries ask (CSR)."""
UpgradeFirst = Literal["consumers", "producers", "either side", "both sides at once"]
_FIRST: Final[Mapping[str, UpgradeFirst]] = {
    "BACKWARD": "consumers", "FORWARD": "producers", "FULL": "either side", "NONE": "both sides at once",
}  # fmt: skip


def upgrade_first(mode: Compatibility) -> UpgradeFirst:
    """Who may move to the new version before the other side."""
    return _FIRST[mode.removesuffix("_TRANSITIVE")]
