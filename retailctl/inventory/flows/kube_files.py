"""Manifests beside a manifest: a Deployment here, its ConfigMap and its Service in files of the same folder."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import Final

from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.kube import Thing, things_of
from retailctl.inventory.reading import Reading

_ENDINGS: Final = (".yaml", ".yml", ".json")
_FILES: Final = 300  # of one folder; one with more is a dump, and each of its files is read for itself
_LARGEST: Final = 1 << 20


def things_beside(artefact: Artefact, reading: Reading) -> list[Thing]:
    """Objects of the other manifests of the folder, to look names up in; nothing is seen in them here.

    A folder is read once per scan. What cannot be read is left out: its own turn tells what is wrong with it.
    """
    parent = PurePosixPath(artefact.relative).parent
    folder = artefact.root / parent
    key = f"manifests of {folder}"
    known = reading.memo.get(key)
    if known is None:
        known = reading.memo[key] = _all(artefact, parent)
    return [
        thing for name, things in known.items() if name != PurePosixPath(artefact.relative).name for thing in things
    ]


def _all(artefact: Artefact, parent: PurePosixPath) -> dict[str, list[Thing]]:
    try:
        with os.scandir(artefact.root / parent) as listed:
            names = sorted(
                entry.name
                for entry in listed
                if entry.name.endswith(_ENDINGS)
                and entry.is_file(follow_symlinks=False)
                and entry.stat(follow_symlinks=False).st_size <= _LARGEST
            )
    except OSError:
        return {}
    return {name: _things(artefact, (parent / name).as_posix()) for name in names} if len(names) <= _FILES else {}


def _things(artefact: Artefact, relative: str) -> list[Thing]:
    other = Artefact(artefact.root, relative, limits=artefact.limits)
    try:
        if b"apiVersion" not in other.head:
            return []
        return [thing for _, root in other.documents() for thing in things_of((), root)]
    except (InputError, IncompleteError):
        return []
