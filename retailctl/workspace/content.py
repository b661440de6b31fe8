"""What is in a file, as a number of bytes and a digest: two files of the same digest hold the same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

_SHOWN: Final = 32


class Content(NamedTuple):
    """Size in bytes, and 128 bits of BLAKE2b as hexadecimal digits."""

    bytes: int
    digest: str


def content_of(file: Path) -> Content:
    """Read a file once, in pieces. Raises OSError where it cannot be read."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "blake2b").hexdigest()[:_SHOWN]
        return Content(stream.tell(), digest)
