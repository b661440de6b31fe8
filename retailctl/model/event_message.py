"""A message as a broker or a capture hands it over, before anybody has looked into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

LARGEST: Final = 8 << 20
"""Bytes of the largest message that is read; a larger one is counted and left out."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``body`` are its bytes, or a value that a file has decoded already (``decoded``).

    ``arrived`` is when broker or capture had it (aware), ``attributes`` what the protocol itself says of it (id, type,
    time, key, routing_key). Messages of one ``partition`` have an order; those of two have none.
    """

    body: Any = field(repr=False)
    decoded: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    arrived: datetime | None = None
    partition: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureLimits:
    """When a live capture ends: after so many seconds, so many messages, or so many seconds without one."""

    seconds: float
    count: int
    idle: float
