"""The tokens of ``.proto`` text, one at a time; comments and white space are no tokens.

Time is linear in the text: every position is matched once by one expression that never fails. Groups are not repeated
possessively: Python up to 3.11.4 loses its way there (gh-106052).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NoReturn

from retailctl.contracts.protobuf.problems import ProtoSyntaxError

_TOKEN: Final = re.compile(
    r"""[ \t\r\n\f\v\ufeff]*+(?:
    //[^\n]*+
    | /\*.*?\*/
    | (?P<ident>[A-Za-z_][A-Za-z0-9_]*+)
    | (?P<number>0[xX][0-9A-Fa-f]++ | (?:[0-9]++(?:\.[0-9]*+)? | \.[0-9]++)(?:[eE][+-]?[0-9]++)?[A-Za-z0-9_]*+)
    | (?P<string>"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*" | '[^'\\\n]*+(?:\\[^\n][^'\\\n]*+)*')
    | (?P<mark>[{}\[\]()<>=;,.:/+-])
    | (?P<bad>.))?""",
    re.VERBOSE | re.DOTALL,
)
MAX_NAME: Final = 500
MAX_PARTS: Final = 50
_ESCAPES: Final = {"n": 10, "r": 13, "t": 9, "a": 7, "b": 8, "f": 12, "v": 11, "\\": 92, "'": 39, '"': 34, "?": 63}
_ESCAPE: Final = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|[xX](?P<hex>[0-9A-Fa-f]{1,2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<c>.))",
    re.DOTALL,
)


class Tokens:
    """A cursor over the tokens of a text: ``kind``, ``text`` and ``mark`` are those of the current one."""

    __slots__ = ("_length", "_matches", "kind", "mark", "text")

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._matches: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self.kind, self.text, self.mark = "", "", 0
        self.advance()

    def advance(self) -> None:
        """Go to the next token; behind the last one the kind is "end"."""
        for match in self._matches:
            kind = match.lastgroup
            if kind is None:
                continue
            if kind == "bad":
                self._refuse(match)
            self.kind, self.text, self.mark = kind, match[kind], match.start(kind)
            return
        self.kind, self.text, self.mark = "end", "", self._length

    def _refuse(self, match: re.Match[str]) -> NoReturn:
        letter, mark = match["bad"], match.start("bad")
        if letter == "*" and self.text == "/" and self.mark == mark - 1:
            raise ProtoSyntaxError("a comment is opened here and not closed: write */ where it ends", self.mark)
        if letter in "\"'":
            raise ProtoSyntaxError("a string is opened here and not closed on its line", mark)
        raise ProtoSyntaxError(f"the character {letter!a} has no meaning here: remove it", mark)

    def shown(self) -> str:
        """The current token for a message, shortened and in ASCII."""
        if self.kind == "end":
            return "the end of the file"
        return ascii(self.text if len(self.text) <= 40 else self.text[:40] + "…")

    def expected(self, what: str) -> ProtoSyntaxError:
        """The error that something else stands here than is needed."""
        return ProtoSyntaxError(f"expected {what}, found {self.shown()}", self.mark)

    def at(self, text: str) -> bool:
        """Whether the current token is this word or this sign."""
        return self.text == text and self.kind != "string"

    def taken(self, text: str) -> bool:
        """Whether the current token is this one; it is passed then."""
        if self.text != text or self.kind == "string":
            return False
        self.advance()
        return True

    def need(self, text: str) -> int:
        """Pass this word or sign and say where it stood. Raises :class:`ProtoSyntaxError` where something else is."""
        mark = self.mark
        if self.text != text or self.kind == "string":
            raise self.expected(repr(text))
        self.advance()
        return mark

    def ident(self, what: str = "a name") -> str:
        """Pass a simple name."""
        text = self.text
        if self.kind != "ident":
            raise self.expected(what)
        if len(text) > MAX_NAME:
            raise ProtoSyntaxError(f"a name has {len(text):,} characters, at most {MAX_NAME} are read", self.mark)
        self.advance()
        return text

    def full_name(self, what: str = "a name") -> str:
        """Pass a dotted name; it may begin with a dot."""
        parts = [""] if self.taken(".") else []
        parts.append(self.ident(what))
        mark = self.mark
        while self.taken("."):
            parts.append(self.ident(what))
            if len(parts) > MAX_PARTS:
                raise ProtoSyntaxError(f"a name has more than {MAX_PARTS} parts", mark)
        return ".".join(parts)

    def integer(self, what: str, *, signed: bool = False) -> int:
        """Pass a whole number in any base."""
        minus = signed and self.taken("-")
        number = whole(self.text) if self.kind == "number" else None
        if number is None:
            raise self.expected(what)
        self.advance()
        return -number if minus else number

    def string(self, what: str = "a string") -> str:
        """Pass one string or several in a row, which are one."""
        if self.kind != "string":
            raise self.expected(what)
        parts = []
        while self.kind == "string":
            parts.append(unescaped(self.text[1:-1]) if "\\" in self.text else self.text[1:-1])
            self.advance()
        return "".join(parts)


def whole(text: str) -> int | None:
    """The number that an integer literal says, or None: a fraction, a wrong digit, or more than 20 digits."""
    if len(text) > 25 or not text[:1].isdigit():
        return None
    try:
        if text[:2] in ("0x", "0X"):
            return int(text, 16)
        return int(text, 8) if text[0] == "0" and len(text) > 1 else int(text)
    except ValueError:
        return None


def unescaped(text: str) -> str:
    """The text that a string literal stands for; bytes that are not UTF-8 become lone surrogates."""

    def one(match: re.Match[str]) -> bytes:
        digits = match.lastgroup or "c"
        said = match[digits]
        if digits == "octal":
            return bytes([int(said, 8) & 255])
        if digits == "hex":
            return bytes([int(said, 16)])
        if digits in ("u", "U"):
            point = int(said, 16)
            return chr(point).encode("utf-8", "surrogatepass") if point < 0x110000 else b"?"
        return bytes([_ESCAPES[said]]) if said in _ESCAPES else said.encode("utf-8", "surrogatepass")

    parts, done = [], 0
    for match in _ESCAPE.finditer(text):
        parts += [text[done : match.start()].encode("utf-8", "surrogatepass"), one(match)]
        done = match.end()
    parts.append(text[done:].encode("utf-8", "surrogatepass"))
    return b"".join(parts).decode("utf-8", "surrogateescape")
