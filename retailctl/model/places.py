"""Where something is written in a contract document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``path`` is the document itself, or another one that it refers to; ``pointer`` an RFC 6901 JSON Pointer."""

    path: str
    pointer: str
