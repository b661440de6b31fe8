"""A body of bounded size: counted as it arrives, and again as it unfolds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

_WINDOWS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""Window bits of zlib by content encoding; 47 finds out by itself which of its two headers there is."""
ACCEPTED: Final = "gzip, identity"


class BodyTooLarge(Exception):
    """More bytes than are allowed, sent or unfolded."""


class UnknownEncoding(Exception):
    """The body is packed in a way that was not asked for, or not as its header says."""


def bounded(chunks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """The body, unpacked. Raises BodyTooLarge as soon as it passes ``most`` bytes, and UnknownEncoding.

    A packed body is unpacked no further than one byte over the limit, however small it came.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _joined(chunks, most)
    if name not in _WINDOWS:
        raise UnknownEncoding
    unpacker = zlib.decompressobj(_WINDOWS[name])
    made = bytearray()
    received = 0
    try:
        for chunk in chunks:
            received += len(chunk)
            made += unpacker.decompress(chunk, most - len(made) + 1)
            if len(made) > most or received > most:
                raise BodyTooLarge
        if not unpacker.eof:
            raise UnknownEncoding
    except zlib.error:
        raise UnknownEncoding from None
    return bytes(made)


def _joined(chunks: Iterable[bytes], most: int) -> bytes:
    made = bytearray()
    for chunk in chunks:
        made += chunk
        if len(made) > most:
            raise BodyTooLarge
    return bytes(made)
