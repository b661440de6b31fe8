"""A remark of a reader that is not an error."""

from __future__ import annotations

from dataclasses import dataclass

from retailctl.errors import Location


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader did that the author may not expect, and the first place where it did it."""

    message: str
    at: Location
