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

from retailctl.workspace.project_key import VARIABLE, project_key

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

    Raises UsageError for a key that is too short or cannot be read.
    """
    if root is None and not os.environ.get(VARIABLE):
        return Pseudonyms(secrets.token_bytes(32))
    return Pseudonyms(project_key(root or Path(), os.environ)[0])
