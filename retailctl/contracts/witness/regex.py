"""Texts that match a regular expression, built from the expression itself.

A reader for the common constructs of ECMA-262 patterns (literals, classes, groups, alternatives, counts, anchors).
Look-around is read and left out, so what comes out is a proposal: the caller checks it with the validator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_DEEPEST = 40
_LONGEST = 2000
_VARIANTS = 12


class Unreadable(Exception):
    """A construct that the reader does not know."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of these, best first."""

    options: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; ``most`` is None where there is no limit."""

    part: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of the text."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the text."""


Node = Chars | Sequence | Either | Repeat | Start | End

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_WORD = _LOWER + _LOWER.upper() + _DIGITS + "_"
_OTHER = " -./:,;@#!%&*+=?()[]{}<>|~^$'\"\\`"
_ALL = _WORD + _OTHER + "\u00e9\u03b1\u4e2d\n"
_SPACE = " \t\n"
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}


def samples(pattern: str, shortest: int = 0, longest: int | None = None) -> Iterator[str]:
    """Yield distinct texts that should match *pattern*, of a length within the bounds; none if it is not understood."""
    try:
        tree = _parse(pattern)
    except Unreadable:
        return
    seen: set[str] = set()
    for variant in range(_VARIANTS):
        text = _write(tree, shortest, variant)
        if text is not None and text not in seen and (longest is None or len(text) <= longest):
            seen.add(text)
            yield text


@lru_cache(maxsize=512)
def _parse(pattern: str) -> Node:
    if len(pattern) > _LONGEST:
        raise Unreadable
    reader = _Reader(pattern)
    node = reader.either(0)
    if reader.at < len(pattern):
        raise Unreadable
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise Unreadable
        self.at += 1
        return char

    def _skip(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def either(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise Unreadable
        parts = [self._sequence(depth)]
        while self._skip("|"):
            parts.append(self._sequence(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._peek() not in {"", "|", ")"}:
            atom = self._atom(depth)
            if atom is not None:
                parts.append(self._counted(atom))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self, depth: int) -> Node | None:
        char = self._take()
        if char == "^":
            return Start()
        if char == "$":
            return End()
        if char == "(":
            return self._group(depth)
        if char == "[":
            return Chars(self._set())
        if char == ".":
            return Chars(_ALL[:-1])
        if char == "\\":
            if self._peek() in {"b", "B"}:
                self._take()
                return None
            return Chars(self._escape())
        if char in "*+?":
            raise Unreadable
        return Chars(char)

    def _group(self, depth: int) -> Node | None:
        look = any(self._skip(mark) for mark in ("?=", "?!", "?<=", "?<!"))
        if not look and self._skip("?") and not self._skip(":"):
            if not (self._skip("<") or self._skip("P<")):
                raise Unreadable
            while self._take() != ">":
                pass
        node = self.either(depth + 1)
        if self._take() != ")":
            raise Unreadable
        return None if look else node

    def _counted(self, atom: Node) -> Node:
        bounds = self._count()
        if bounds is None:
            return atom
        self._skip("?")
        return Repeat(atom, *bounds)

    def _count(self) -> tuple[int, int | None] | None:
        if self._skip("*"):
            return 0, None
        if self._skip("+"):
            return 1, None
        if self._skip("?"):
            return 0, 1
        if self._peek() != "{":
            return None
        inside, closed, _ = self.text[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        if not (closed and low.isdecimal() and (high.isdecimal() or not high) and len(low) < 6 and len(high) < 6):
            raise Unreadable
        self.at += len(inside) + 2
        return int(low), int(high) if high else (None if comma else int(low))

    def _escape(self) -> str:
        char = self._take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char.lower() in _CLASSES:
            return _without(_CLASSES[char.lower()])
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in {"x", "u"}:
            return self._code(2 if char == "x" else 4)
        if char in {"p", "P"}:
            return self._property(char == "P")
        if char.isalnum():
            raise Unreadable
        return char

    def _code(self, digits: int) -> str:
        code = self.text[self.at : self.at + digits]
        try:
            value = int(code, 16)
        except ValueError:
            raise Unreadable from None
        self.at += digits
        if len(code) < digits or 0xD800 <= value <= 0xDFFF:
            raise Unreadable
        return chr(value)

    def _property(self, negated: bool) -> str:
        if not self._skip("{"):
            raise Unreadable
        name, closed, _ = self.text[self.at :].partition("}")
        if not closed:
            raise Unreadable
        self.at += len(name) + 1
        found = {"L": _LOWER + _LOWER.upper(), "Lu": _LOWER.upper(), "Ll": _LOWER, "N": _DIGITS, "Nd": _DIGITS}.get(
            name.removeprefix("gc=").replace("Letter", "L")
        )
        if found is None:
            raise Unreadable
        return _without(found) if negated else found

    def _set(self) -> str:
        negated = self._skip("^")
        chosen: list[str] = []
        first = True
        while first or self._peek() != "]":
            first = False
            low = self._member()
            if self._peek() == "-" and self.text[self.at + 1 : self.at + 2] not in {"", "]"} and len(low) == 1:
                self._take()
                high = self._member()
                if len(high) != 1 or high < low:
                    raise Unreadable
                # The ends and a few between are enough to choose from.
                span = range(ord(low), ord(high) + 1)
                chosen.extend(chr(code) for code in (*span[:64], span[-1]) if not 0xD800 <= code <= 0xDFFF)
            else:
                chosen.append(low)
        self._take()
        options = "".join(chosen)
        options = _without(options) if negated else options
        if not options:
            raise Unreadable
        return "".join(sorted(dict.fromkeys(options), key=_rank))

    def _member(self) -> str:
        char = self._take()
        if char != "\\":
            return char
        if self._peek() == "b":
            raise Unreadable
        return self._escape()


def _rank(char: str) -> int:
    """Plain characters first: a witness is read by people."""
    found = _ALL.find(char)
    return found if found >= 0 else len(_ALL)


def _without(options: str) -> str:
    return "".join(char for char in _ALL if char not in options)


def _write(tree: Node, shortest: int, variant: int) -> str | None:
    out: list[str] = []
    try:
        wanted = max(shortest - _least(tree), 0)
        ended = _Writer(out, wanted, variant).write(tree)
    except Unreadable:
        return None
    text = "".join(out)
    if not ended and len(text) < shortest <= _LONGEST:
        text += "x" * (shortest - len(text))
    return text


@lru_cache(maxsize=4096)
def _least(node: Node) -> int:
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Sequence):
        return sum(map(_least, node.parts))
    if isinstance(node, Either):
        return min(map(_least, node.parts))
    if isinstance(node, Repeat):
        return node.least * _least(node.part)
    return 0


class _Writer:
    def __init__(self, out: list[str], wanted: int, variant: int) -> None:
        self._out = out
        self._wanted = wanted  # characters beyond the least
        self._variant = variant

    def write(self, node: Node) -> bool:
        """Append a text for *node*; tell whether it ends at an end anchor."""
        if isinstance(node, Chars):
            if len(self._out) > _LONGEST:
                raise Unreadable
            self._out.append(node.options[(self._variant * 7) % len(node.options)])
            return False
        if isinstance(node, Sequence):
            ended = False
            for part in node.parts:
                ended = self.write(part)
            return ended
        if isinstance(node, Either):
            chosen = node.parts[self._variant % len(node.parts)]
            self._wanted = max(self._wanted - (_least(chosen) - _least(node)), 0)
            return self.write(chosen)
        if isinstance(node, Repeat):
            self._repeat(node)
            return False
        return isinstance(node, End)

    def _repeat(self, node: Repeat) -> None:
        unit = max(_least(node.part), 1)
        more = -(-self._wanted // unit) if self._wanted else self._variant % 3
        if node.most is not None:
            more = min(more, node.most - node.least)
        count = node.least + max(more, 0)
        if count * unit > _LONGEST:
            raise Unreadable
        if self._wanted:
            self._wanted = max(self._wanted - (count - node.least) * unit, 0)
        for _ in range(count):
            self.write(node.part)
