"""The key of a workspace for pseudonyms: from the environment, or from a file that is made on first use.

Equal values have equal pseudonyms only under the same key, so teams share it through ``RETAILCTL_KEY``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from retailctl.errors import Location, UsageError

VARIABLE: Final = "RETAILCTL_KEY"
FILE: Final = ".retailctl/key"
_SHORTEST: Final = 16


def project_key(root: Path, environ: Mapping[str, str]) -> tuple[bytes, str]:
    """The key, and a remark when it cannot be kept. Raises UsageError for one that protects nothing."""
    given = environ.get(VARIABLE, "")
    if given:
        return _checked(given.encode("utf-8", "surrogateescape"), VARIABLE), ""
    path = root / FILE
    try:
        return _checked(path.read_bytes().strip(), FILE), ""
    except FileNotFoundError:
        return _made(path)
    except OSError as error:
        raise UsageError(
            f"the key cannot be read: {error.strerror or type(error).__name__}",
            at=Location(FILE),
            hint=f"check its permissions, or set {VARIABLE}",
        ) from None


def _checked(key: bytes, name: str) -> bytes:
    if len(key) < _SHORTEST:
        hint = "use 32 random characters or more; without a key one is made"
        raise UsageError(f"{name}: a key of less than {_SHORTEST} characters protects nothing", hint=hint)
    return key


def _made(path: Path) -> tuple[bytes, str]:
    key = secrets.token_hex(32).encode()
    lost = f"{FILE} cannot be written: the pseudonyms of this run match those of no other; set {VARIABLE}"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another run was faster: its key is the one
        return _checked(path.read_bytes().strip(), FILE), ""
    except OSError:
        return key, lost
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(key + b"\n")
    except OSError:  # a full disk: half a key would be worse than none
        path.unlink(missing_ok=True)
        return key, lost
    return key, ""
