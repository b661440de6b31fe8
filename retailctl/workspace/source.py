"""The text under the reader: strict UTF-8, and places in it for errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from retailctl.errors import InputError, Location
from retailctl.workspace import input_codes as codes
from retailctl.workspace.positions import line_and_column_in

_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7}) \S", re.MULTILINE)
_SHOWN: Final = 60


def shorten(text: str) -> str:
    """Return foreign text at a length that fits a message."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


@dataclass(frozen=True, slots=True)
class Source:
    """One decoded text with the path it is reported under."""

    path: str
    text: str

    @classmethod
    def decode(cls, path: str, data: bytes) -> Source:
        """Decode strict UTF-8 and drop a BOM; raise a located :class:`InputError` for other bytes and for NUL."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
            seen = "a UTF-16 byte order mark" if utf16 else f"byte 0x{data[error.start]:02X}"
            raise cls(path, before).error(codes.ENCODING, f"not UTF-8: {seen}", len(before)) from None
        source = cls(path, text.removeprefix("\ufeff"))
        nul = source.text.find("\0")
        if nul >= 0:
            raise source.error(codes.ENCODING, "NUL character: this is a binary file, not text", nul)
        return source

    def at(self, offset: int, pointer: str = "") -> Location:
        """Return the place of a character."""
        line, column = line_and_column_in(self.text, offset)
        return Location(self.path, line, column, pointer=pointer)

    def error(
        self, code: str, message: str, offset: int, *, hint: str = "", related: tuple[Location, ...] = ()
    ) -> InputError:
        """Return the error for a place; the hint of the code's row stands in when none is given."""
        return InputError(code, message, at=self.at(offset), hint=hint or codes.FIX[code], related=related)

    def conflict(self) -> InputError | None:
        """Return the error for a merge-conflict marker, the likely reason why a text cannot be read."""
        marker = _CONFLICT.search(self.text)
        if marker is None:
            return None
        return self.error(codes.MERGE_CONFLICT, "unresolved merge conflict: marker line", marker.start())
