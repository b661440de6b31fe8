"""Compatibility modes (contracts.md section 5.1): which versions must read whose data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from retailctl.model.compatibility import Compatibility

# "backward": the new schema reads data written with the old one. "forward": the old schema reads data of the new one.
Reading = Literal["backward", "forward"]
READINGS: Final[tuple[Reading, ...]] = ("backward", "forward")
MODES: Final[tuple[Compatibility, ...]] = get_args(Compatibility)
DEFAULT: Final[Compatibility] = "BACKWARD"
_ASKED: Final[Mapping[str, frozenset[Reading]]] = {
    "BACKWARD": frozenset({"backward"}),
    "FORWARD": frozenset({"forward"}),
    "FULL": frozenset({"backward", "forward"}),
    "NONE": frozenset(),
}


def asked(mode: Compatibility) -> frozenset[Reading]:
    """The readings that a mode asks for; both for FULL, none for NONE."""
    return _ASKED[mode.removesuffix("_TRANSITIVE")]


def is_transitive(mode: Compatibility) -> bool:
    """True where every earlier version counts, not only the last one."""
    return mode.endswith("_TRANSITIVE")
