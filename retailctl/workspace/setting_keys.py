"""Settings by key: the defaults, and how values of several sources are put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.model.governance_files import SettingsFile
from retailctl.workspace.expected import keys_of
from retailctl.workspace.limits import Limits

_LIMITS: Final = Limits()
DEFAULTS: Final[dict[str, Any]] = {
    "name": None,
    "fail-on": "error",
    "fail-on-unknown": False,
    "packs": ["retailctl:standard"],
    "severity": {},
    "params": {},
    "waiver-max-days": 180,
    "limits": {
        "file-mib": _LIMITS.file_bytes // 1024**2,
        "depth": _LIMITS.depth,
        "nodes": _LIMITS.nodes,
        "aliases": _LIMITS.alias_events,
    },
    "sources": [],
}
DEEP: Final = {"severity": 1, "params": 2, "limits": 1}
"""Mappings that are merged key by key, and to which depth."""


def leaves(data: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the values that are merged one by one: per rule and limit. A list is one value."""
    for key, value in data.items():
        here = (*path, str(key))
        if isinstance(value, Mapping) and len(path) < DEEP.get(here[0], 0):
            yield from leaves(value, here)
        elif value is not None or path == ():
            yield here, value


def put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a value; None never replaces one."""
    for step in path[:-1]:
        target = target.setdefault(step, {})
    if value is not None or path[-1] not in target:
        target[path[-1]] = value


def steps(key: str) -> tuple[str, ...]:
    """Return the path of a dotted key; ids of rules may have dots themselves."""
    first, _, rest = key.partition(".")
    if not rest or first not in keys_of(SettingsFile):
        return (key,)
    return (first, *(rest.split(".", 1) if DEEP.get(first) == 2 else (rest,)))
