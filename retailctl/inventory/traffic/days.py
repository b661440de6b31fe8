"""The day of a time as logs write it."""

from __future__ import annotations

from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}


def ordinal(minute: bytes) -> int:
    """The day of ``17/May/2015:10:05`` or ``2015-05-17T10:05``, as the server's clock has it; 0 if it is none."""
    try:
        if minute[2:3] == b"/":
            return date(int(minute[7:11]), _MONTHS[minute[3:6].lower()], int(minute[:2])).toordinal()
        return date(int(minute[:4]), int(minute[5:7]), int(minute[8:10])).toordinal()
    except (ValueError, KeyError):
        return 0
