"""Replace a file in one step: readers see the old content or the new one, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from retailctl.errors import ConfigError, IncompleteError, Location

DRAFT_SUFFIX: Final = ".retailctl-draft"
"""End of the name of a draft. Drafts are hidden files; one that a kill left behind is safe to delete."""

_NEXT_STEP: Final = {
    errno.ENOSPC: "Free some space on the disk; the file has its old content.",
    getattr(errno, "EDQUOT", -1): "Free some of your disk quota; the file has its old content.",
    errno.EROFS: "Write to a folder that is not read-only.",
    errno.EACCES: "Check the permissions of the file and its folder.",
    errno.EPERM: "Check the permissions of the file and its folder.",
    errno.ENOENT: "Create the folder first.",
    errno.ENOTDIR: "Choose a path whose parent is a folder.",
    errno.ENAMETOOLONG: "Choose a shorter file name.",
}
_CREATE: Final = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def write_atomic(
    path: Path,
    data: str | bytes,
    *,
    inside: Path | None = None,
    mode: int | None = None,
    durable: bool = True,
) -> None:
    """Replace ``path`` with ``data``; text becomes UTF-8 with its line ends as they are.

    The mode of an existing file is kept; a new file gets ``mode`` (0644) less the umask. The real path must
    lie inside ``inside`` (the folder of ``path`` if not given): a symbolic link that leads out is refused,
    one that stays in is followed and kept. ``durable=False`` leaves out the fsync, for files that may get
    lost.

    Raises :class:`IncompleteError` when the file cannot be written (it then has its old content), and
    :class:`ConfigError` for a link that leads out or a target that is no regular file.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        target = _target(path, inside)
        _replace(target, content, _mode(target, path), mode, durable=durable)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = _NEXT_STEP.get(error.errno or 0, "Check the path and the disk; the file has its old content.")
        raise IncompleteError(f"cannot be written: {reason}", at=_shown(path, inside), hint=hint) from error


def _target(path: Path, inside: Path | None) -> Path:
    """Return the real path to write to, after the check that it stays inside."""
    folder = path.parent.resolve(strict=True)
    boundary = folder if inside is None else inside.resolve(strict=True)
    try:
        target = path.resolve() if path.is_symlink() else folder / path.name
    except RuntimeError:  # links in a ring, Python before 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
    if not target.is_relative_to(boundary):
        raise ConfigError(
            "a symbolic link leads out of the folder; nothing was written",
            at=_shown(path, inside),
            hint="Replace the link with a regular file, or name the real file.",
        )
    return target


def _mode(target: Path, path: Path) -> int | None:
    """Return the permission bits of an existing file, None for a new one."""
    try:
        found = target.lstat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found):
        raise ConfigError(
            "exists and is not a regular file; nothing was written",
            at=_shown(path, None),
            hint="Choose another path. Without an output file the result goes to standard output.",
        )
    if not os.access(target, os.W_OK):  # a rename would get round a read-only mark; who set it meant it
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found) & 0o777


def _replace(target: Path, content: bytes, keep: int | None, mode: int | None, *, durable: bool) -> None:
    # Not mkstemp: it creates with 0600, and the umask can only be read by changing it for all threads. The
    # name is of fixed length so that a target of 255 bytes works.
    draft = target.parent / f".{secrets.token_hex(8)}{DRAFT_SUFFIX}"
    create = 0o600 if keep is not None else (0o644 if mode is None else mode)
    descriptor = os.open(draft, _CREATE, create)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            if keep is not None and hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), keep)
            if durable:
                os.fsync(stream.fileno())
        draft.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last. Not every file system can; the file itself is safe by then."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _shown(path: Path, inside: Path | None) -> Location:
    """Return the place for messages: relative to the workspace where it is known."""
    if inside is not None and path.is_relative_to(inside):
        return Location(path.relative_to(inside).as_posix())
    return Location(path.as_posix())
