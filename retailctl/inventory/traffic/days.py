"""The day and the minute of a time as logs write it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}
_CLF: Final = re.compile(r"\[?(\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d)")
_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")
_TEXTS: Final = 8_192  # remembered
_NUMBER: Final = 24  # signs of a time; much longer ones would be infinite
_SECONDS: Final = 1e11  # larger times are in milliseconds or less


def ordinal(minute: bytes) -> int:
    """The day of ``17/May/2015:10:05`` or ``2015-05-17T10:05``, as the server's clock has it; 0 if it is none."""
    try:
        if minute[2:3] == b"/":
            return date(int(minute[7:11]), _MONTHS[minute[3:6].lower()], int(minute[:2])).toordinal()
        return date(int(minute[:4]), int(minute[5:7]), int(minute[8:10])).toordinal()
    except (ValueError, KeyError):
        return 0


class Minutes:
    """Times of any form cut behind the minute, each form worked out once."""

    def __init__(self) -> None:
        self._texts: dict[bytes, bytes] = {}
        self._numbers: dict[int, bytes] = {}

    def of(self, raw: bytes) -> bytes:
        """A time cut behind the minute. Numbers are seconds, milliseconds or more since 1970."""
        known = self._texts.get(raw[:17])
        if known is not None:
            return known
        if raw[:9].isdigit():
            return self._of_number(raw)
        if len(self._texts) > _TEXTS:
            self._texts.clear()
        known = self._texts[raw[:17]] = self._of_text(raw)
        return known

    @staticmethod
    def _of_text(raw: bytes) -> bytes:
        text = raw[:18].decode("ascii", "replace")
        common = _CLF.match(text)
        iso = _ISO.match(text) if common is None else None
        return common[1].encode() if common is not None else f"{iso[1]}T{iso[2]}".encode() if iso is not None else b""

    def _of_number(self, raw: bytes) -> bytes:
        try:
            seconds = float(raw) if len(raw) <= _NUMBER else 0.0
            while seconds > _SECONDS:
                seconds /= 1000
            minute = int(seconds) // 60
            if not minute:
                return b""
            known = self._numbers.get(minute)
            if known is None:
                if len(self._numbers) > _TEXTS:
                    self._numbers.clear()
                known = datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M").encode()
                self._numbers[minute] = known
        except (ValueError, OverflowError, OSError):
            return b""
        return known
