"""Keyed pseudonyms: equal values stay recognisable, across sides and runs, and nobody without the key can guess them.

A plain digest of a phone number or an order id is found by trying all of them; HMAC needs the key as well.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.workspace.atomic import write_atomic

VARIABLE: Final = "RETAILCTL_KEY"
FILE: Final = Path(".retailctl") / "key"
_LEAST: Final = 16
_SHOWN: Final = 16  # hexadecimal digits: 64 bits


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """One key. ``id`` tells it from others without saying anything of it: values under two ids are not comparable."""

    key: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Eight hexadecimal digits."""
        return hmac.new(self.key, b"retailctl key id", hashlib.sha256).hexdigest()[:8]

    def of(self, value: str) -> str:
        """64 bits of HMAC-SHA256 of a text, as 16 hexadecimal digits."""
        return hmac.new(self.key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_SHOWN]


def pseudonyms(root: Path | None) -> Pseudonyms:
    """The key of the environment, else that of the workspace (made on first use), else one for this run only.

    Raises ConfigError for a key that is too short, IncompleteError when it cannot be read or written.
    """
    given = os.environ.get(VARIABLE, "")
    if given:
        if len(given) < _LEAST:
            raise ConfigError(f"{VARIABLE} has fewer than {_LEAST} characters", hint="use a random text of 32 or more")
        return Pseudonyms(given.encode())
    if root is None:
        return Pseudonyms(secrets.token_bytes(32))
    return Pseudonyms(_kept(root / FILE))


def _kept(path: Path) -> bytes:
    at = Location(FILE.as_posix())
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_atomic(path, secrets.token_hex(32) + "\n", inside=path.parent, mode=0o600)
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        hint = f"mend it, remove it, or set {VARIABLE}; without the old key, old pseudonyms cannot be matched"
        raise IncompleteError(f"the key cannot be read ({type(error).__name__})", at=at, hint=hint) from None
    if len(text) < _LEAST:
        raise ConfigError("the key is too short", at=at, hint="remove the file: a new one is made on the next run")
    return text.encode()
