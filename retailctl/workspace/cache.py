"""A cache of derived data in the user's cache folder: safe to delete, never wrong.

It never lies in a workspace, since an audited repository could bring forged entries. Anything that is not
exactly what was put is a miss, and a cache that cannot be used is merely off: no call raises for a bad disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from retailctl.errors import RetailctlError
from retailctl.workspace import cache_entry
from retailctl.workspace.atomic import DRAFT_SUFFIX, write_atomic

MAX_BYTES: Final = 512 * 1024 * 1024
_DAY: Final = 86_400.0
_MAX_AGE: Final = 30 * _DAY
_KIND: Final = re.compile(r"[a-z][a-z0-9-]{0,40}\Z")
_KEY: Final = re.compile(r"[0-9a-f]{64}\Z")
_MARKER: Final = "pruned"
_READ: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def digest(*parts: str | bytes) -> str:
    """Return the key for these parts; ("ab", "c") and ("a", "bc") differ, and so do text and bytes."""
    key = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        key.update(f"{'s' if isinstance(part, str) else 'b'}{len(data)}:".encode())
        key.update(data)
    return key.hexdigest()


def cache_folder(environ: Mapping[str, str], *, platform: str = sys.platform) -> Path | None:
    """Return the user's cache folder; None without a home, or when the setting is not an absolute path."""
    named = environ.get("RETAILCTL_CACHE_DIR")
    if named:
        return Path(named) if Path(named).is_absolute() else None
    home = environ.get("HOME", "")
    if platform == "win32":
        base, name = environ.get("LOCALAPPDATA", ""), "retailctl/cache"
    elif platform == "darwin":
        base, name = home and f"{home}/Library/Caches", "retailctl"
    else:
        xdg = environ.get("XDG_CACHE_HOME", "")
        base, name = xdg if Path(xdg).is_absolute() else home and f"{home}/.cache", "retailctl"
    return Path(base, name) if base and Path(base).is_absolute() else None


def open_cache(root: Path | None, environ: Mapping[str, str], *, enabled: bool = True) -> Cache:
    """Return the cache for work on a workspace; it is off when its folder would lie inside the workspace."""
    folder = cache_folder(environ)
    try:
        inside = folder is not None and root is not None and folder.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a ring of links
        inside = True
    return Cache(None if inside else folder, enabled)


class Cache:
    """Entries by kind and key, in ``folder``; ``enabled=False`` or no folder makes every ``get`` a miss."""

    def __init__(
        self,
        folder: Path | None,
        enabled: bool = True,
        *,
        max_bytes: int = MAX_BYTES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder if enabled else None
        self._max_bytes, self._now = max_bytes, now
        self._kinds: dict[str, Path | None] = {}
        self._written: int | None = None

    @property
    def enabled(self) -> bool:
        """Whether anything can be kept: if not, there is no need to encode it."""
        return self._folder is not None

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was put under ``kind`` and ``key``, None when there is nothing (valid) there."""
        place = self._place(kind, key, create=False)
        if place is None:
            return None
        try:
            entry, used = _read(place)
            data = cache_entry.decode(kind, key, entry)
        except (OSError, MemoryError):
            return None
        if data is not None and self._now() - used > _DAY:
            with contextlib.suppress(OSError):
                os.utime(place, (self._now(), self._now()))  # used lately: pruning takes the others first
        return data

    def has(self, kind: str, key: str) -> bool:
        """Whether there is an entry, which :meth:`get` may still find to be no good."""
        place = self._place(kind, key, create=False)
        return place is not None and place.is_file()

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep ``data``; does nothing when the cache is off or the disk refuses."""
        place = self._place(kind, key, create=True) if len(data) <= cache_entry.MAX_ENTRY else None
        if place is None:
            return
        entry = cache_entry.encode(kind, key, data)
        try:
            write_atomic(place, entry, mode=0o600, durable=False)
        except RetailctlError:
            self._folder = None  # full or read-only: trying again for each file would only cost time
            return
        self._prune_rarely(place.parent.parent, len(entry))

    def _place(self, kind: str, key: str, *, create: bool) -> Path | None:
        if self._folder is None:
            return None
        if not _KIND.match(kind) or not _KEY.match(key):
            raise ValueError(f"not a cache kind and key: {kind!r}, {key!r}")
        folder = self._kinds.get(kind)
        if folder is None:
            folder = _private(self._folder / kind, create) if _private(self._folder, create) else None
            self._kinds[kind] = folder
        return None if folder is None else folder / key

    def _prune_rarely(self, folder: Path, size: int) -> None:
        """Prune at most once a day, and after an eighth of the bound was written."""
        if self._written is None:
            self._written = 0
            try:
                fresh = self._now() - (folder / _MARKER).lstat().st_mtime < _DAY
            except OSError:
                fresh = False
            if not fresh:
                self.prune()
        self._written += size
        if self._written > self._max_bytes // 8:
            self.prune()

    def prune(self) -> None:
        """Remove entries not used for 30 days and, above the bound, the least recently used ones."""
        if self._folder is None:
            return
        self._written = 0
        now, kept = self._now(), []
        for path, found in _files(self._folder):
            old = _DAY / 24 if path.name.endswith(DRAFT_SUFFIX) else _MAX_AGE
            if now - found.st_mtime > old:
                _remove(path)
            else:
                kept.append((found.st_mtime, str(path), found.st_size))
        excess = sum(size for *_, size in kept) - self._max_bytes
        if excess > 0:
            excess += self._max_bytes // 5  # room for a while
        for _, name, size in sorted(kept):
            if excess <= 0:
                break
            _remove(Path(name))
            excess -= size
        with contextlib.suppress(RetailctlError):
            write_atomic(self._folder / _MARKER, b"", mode=0o600, durable=False)


def _private(folder: Path, create: bool) -> Path | None:
    """Return the folder if it is a real one that only we can write to."""
    try:
        if create:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    return folder if stat.S_ISDIR(found.st_mode) and _ours(found) else None


def _ours(found: os.stat_result) -> bool:
    if os.name != "posix":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _read(place: Path) -> tuple[bytes, float]:
    """Return bytes and time of an entry; nothing of a file that is not regular, not ours or too large."""
    descriptor = os.open(place, _READ)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not _ours(found) or found.st_size > cache_entry.MAX_ENTRY:
            return b"", 0.0
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(), found.st_mtime
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """Return the entries and drafts below the folders of kinds; nothing else is ours to remove."""
    found: list[tuple[Path, os.stat_result]] = []
    with contextlib.suppress(OSError):
        for kind in sorted(folder.iterdir()):
            if not _KIND.match(kind.name) or _private(kind, create=False) is None:
                continue
            for path in kind.iterdir():
                if _KEY.match(path.name) or path.name.endswith(DRAFT_SUFFIX):
                    with contextlib.suppress(FileNotFoundError):
                        found.append((path, path.lstat()))
    return found


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
