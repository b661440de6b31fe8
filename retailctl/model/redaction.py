"""Secrets out of anything that is printed. Pure: the caller passes the environment in.

Clean text, which is nearly all of it, costs a few substring searches. In JSON a match never leaves
its string: each is decoded, redacted and encoded again, so that no number and no bracket is ever replaced.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar, cast
from urllib.parse import quote

T = TypeVar("T")

MASK = "***"
_NAMES = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "RETAILCTL_KEY")
_SHORTEST = 6  # a shorter value is found everywhere and protects nothing

_KEY = r"(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)"
# One escaped character (`\"`) is part of the value: half of it left behind would be half a secret.
_VALUE = r"(?:\\(?![nrt])[^\n]|[^\s\\\"'`&,;<>])+"
_QUOTE = r"\\?[\"']"
_MADE_UP = r"x+(?![^\s\\\"'`&,;<>])"  # the text of witnesses: made of x, it hides nothing
_PEM = re.compile(
    r"(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----)(?!\*\*\*)"
    r"(?:[^\"]{0,9000}?-----END [A-Z0-9 ]{0,30}PRIVATE KEY-----|(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*)"
)
_SHAPES = (
    r"(?P<url>:(?://|~1~1)[^\s/?#@:\"'<>]*:)[^\s/?#\"'<>]+(?=@)",
    r"(?-i:\b(?:AKIA|ASIA)[A-Z0-9]{12,})",
    r"\b[sr]k_(?:live|test)_[a-z0-9]{6,}",
    r"\b(?:gh[oprsu]_[a-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,})",
    r"\bxox[a-z]-[a-z0-9-]{6,}",
    r"\bshp(?:at|ca|pa|ss)_[0-9a-f]{16,}",
    r"(?-i:\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?)",
    r"(?P<auth>\b(?:authorization\W{1,4}(?:basic|token)|bearer)\s+)(?=\S*\d)[\w.~+/=-]{6,}",
    rf"(?P<pair>{_KEY}\s?=\s?(?:{_QUOTE})?)(?!\*\*\*|{_MADE_UP}){_VALUE}",
    # After a colon it may be prose ("token: must be set"), or a reference (`$TOKEN`, `env:TOKEN`).
    rf"(?P<colon>{_KEY}(?:{_QUOTE})?\s?:\s?(?:{_QUOTE}|(?=[^\s\"']{{0,200}}\d)))(?!\*\*\*|\$|[a-z]+:|{_MADE_UP}){_VALUE}",
)
_SHAPE = re.compile("|".join(_SHAPES), re.IGNORECASE)
# The cheap questions: no yes here means no match above. Words are looked for in the lower-case text.
_MARKS = ("-----BEGIN", "AKIA", "ASIA", "eyJ")
_WORDS = ("sk_live_", "sk_test_", "rk_live_", "rk_test_", "github_pat_", "glpat-", "bearer", "authorization")
_THEN = r"[\\\"']{0,2}\s?[=:]"
# Each begins with a literal, which is looked for first: one search for all of them at once costs ten times as much.
_HINTS = tuple(
    (start, re.compile(re.escape(start) + rest))
    for start, rest in (
        ("://", r"[^\s/?#@:\"'<>]*:[^\s/?#\"'<>]+@"),
        (":~1~1", r"[^\s/?#@:\"'<>]*:[^\s/?#\"'<>]+@"),  # the same in a JSON Pointer
        ("pass", r"(?:word|wd|phrase)" + _THEN),
        ("pwd", _THEN),
        ("secret", _THEN),
        ("token", _THEN),
        ("api", r"[_-]?key" + _THEN),
        ("access", r"[_-]?key" + _THEN),
        ("private", r"[_-]?key" + _THEN),
        ("gh", r"[oprsu]_"),
        ("xox", r"[a-z]-"),
        ("shp", r"(?:at|ca|pa|ss)_"),
    )
)
_LOWER = {number: number + 32 for number in range(ord("A"), ord("Z") + 1)}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BLOCK = 20_000
_PLAIN = frozenset({int, float, bool})
_COLON = re.compile(r"\s*:")
# Between two objects of a list. Inside a string it could only stand behind a backslash.
_BETWEEN = re.compile(r'(?<=[^\\]"\}), (?=\{")')
_FIELD_NAME = re.compile(r'"[a-z_]+"')
_SECRET_FIELD = re.compile(rf"(?:\w+[_-])?{_KEY}", re.IGNORECASE)
_REFERENCE = re.compile(r"\*\*\*|\$|[a-z]+:|x+$")


def secret_values(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of environment variables whose names say that they are secret."""
    found: set[str] = set()
    for name, value in environ.items():
        if any(word in name.upper() for word in _NAMES):
            parts = (value, *(line for line in value.splitlines() if len(line) >= 2 * _SHORTEST))
            found.update(part.strip() for part in parts if len(part.strip()) >= _SHORTEST)
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def _spellings(value: str) -> Iterable[str]:
    """The value as it looks after the escaping of the formats we write."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield html.escape(value)
    yield quote(value, safe="")
    yield quote(value)


class Redactor:
    """Masks known secret values and everything that has the shape of one."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms = {form for value in values for form in _spellings(value)}
        self._values = tuple(sorted(forms, key=lambda form: (-len(form), form)))
        self._known = re.compile("|".join(map(re.escape, self._values)) or r"(?!)")

    def text(self, text: str) -> str:
        """``text`` without secrets, for terminals, logs and every format but JSON."""
        if not self._suspect(text):
            return text
        text = _PEM.sub(_mask, self._known.sub(MASK, text))
        return "\n".join(_SHAPE.sub(_mask, line) if _has_hint(line) else line for line in text.split("\n"))

    def _suspect(self, text: str) -> bool:
        return any(value in text for value in self._values) or _has_hint(text)

    def value(self, item: T) -> T:
        """Plain data or a dataclass, such as a report, with every string redacted; itself if all is clean."""
        return cast(T, self._value(item, {}, {}))

    def _value(self, item: Any, seen: dict[str, str], known: dict[int, Any]) -> Any:
        """``seen`` are the texts so far, ``known`` the tuples and dataclasses by id, which the whole keeps alive: those
        of a report repeat, and looking at each once is many times as fast."""
        if isinstance(item, str):
            clean = seen.get(item)
            if clean is None:
                clean = seen[item] = self.text(item)
            return item if clean == item else clean
        if item is None or isinstance(item, int | float):
            return item
        if isinstance(item, dict):
            return {self._value(key, seen, known): self._value(part, seen, known) for key, part in item.items()}
        if id(item) in known:
            return known[id(item)]
        clean_item = item
        if isinstance(item, list | tuple) and type(item) in (list, tuple):
            new = [self._value(part, seen, known) for part in item]
            clean_item = item if all(map(is_, new, item)) else type(item)(new)
        elif is_dataclass(item) and not isinstance(item, type):
            changed = dict(self._fields(item, seen, known))
            clean_item = replace(item, **changed) if changed else item
        known[id(item)] = clean_item
        return clean_item

    def _fields(self, item: Any, seen: dict[str, str], known: dict[int, Any]) -> Iterator[tuple[str, Any]]:
        """The fields of a dataclass that change. Most are short texts that were met before: those cost one look."""
        for name in _names_of(type(item)):
            old = getattr(item, name)
            kind = old.__class__
            if kind is str:
                clean = seen.get(old)
                if clean is None:
                    clean = seen[old] = self.text(old)
                if clean != old:
                    yield name, clean
            elif old is not None and kind not in _PLAIN and old != ():
                new = self._value(old, seen, known)
                if new is not old and new != old:
                    yield name, new

    def json(self, text: str) -> str:
        """A JSON document without secrets; the same document otherwise, and still JSON."""
        # In JSON no string spans lines, and a key may at most stand on the line before its value.
        out: list[str] = []
        key = ""
        seen: dict[tuple[str, str], tuple[str, str]] = {}
        for block in _blocks(text):
            if not key and not self._suspect(block):
                out.append(block)
                continue
            for line in block.split("\n"):
                clean = line
                if key or self._suspect(line):
                    clean, key = self._line(line, key, seen)
                out.append(clean)
        result = "\n".join(out)
        return text if result == text else result

    def _line(self, line: str, key: str, seen: dict[tuple[str, str], tuple[str, str]]) -> tuple[str, str]:
        """One line without secrets, and the key that still waits for its value at the end of it.

        Long lines are lists of small objects, most of them the same in many lines: ``seen`` are those so far.
        """
        out: list[str] = []
        for piece in _BETWEEN.split(line):
            known = seen.get((piece, key))
            if known is None:
                known = self._piece(piece, key) if key or self._suspect(piece) else (piece, "")
                seen[piece, key] = known
            out.append(known[0])
            key = known[1]
        return ", ".join(out), key

    def _piece(self, text: str, key: str) -> tuple[str, str]:
        out: list[str] = []
        done = 0
        for token in _STRING.finditer(text):
            is_key = _COLON.match(text, token.end()) is not None
            out += text[done : token.start()], self._string(token[0], "" if is_key else key, is_key=is_key)
            done, key = token.end(), token[0][1:-1] if is_key else ""
        return "".join((*out, text[done:])), key

    def _string(self, token: str, key: str, *, is_key: bool) -> str:
        if is_key and _FIELD_NAME.fullmatch(token):
            return token  # a reader finds our fields by name, whatever somebody's token happens to be
        value = json.loads(token, strict=False)
        clean = self.text(value)
        if clean == value and value and _SECRET_FIELD.fullmatch(key) and not _REFERENCE.match(value):
            clean = MASK
        return token if clean == value else json.dumps(clean)  # ASCII: no escape that stood here comes back raw


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(kind))


def _blocks(text: str) -> Iterator[str]:
    """Whole lines, some of them together: one letter beyond ASCII makes questions about all the text around it slow."""
    start = 0
    while (end := text.find("\n", start + _BLOCK)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _has_hint(text: str) -> bool:
    if any(mark in text for mark in _MARKS):
        return True
    low = text.lower()
    return any(word in low for word in _WORDS) or any(start in low and hint.search(low) for start, hint in _HINTS)


def _mask(found: re.Match[str]) -> str:
    return f"{found[found.lastindex]}{MASK}" if found.lastindex else MASK


def redact(text: str, environ: Mapping[str, str] | None = None) -> str:
    """One text without secrets. Build a `Redactor` once where there are many."""
    return Redactor(secret_values(environ or {})).text(text)


_KINDS = {"url": "password in a URL", "auth": "bearer token", "pair": "password or token", "colon": "password or token"}


def secrets_in(text: str) -> Iterator[tuple[int, int, str]]:
    """(line, column, kind) of everything in a file that has the shape of a secret; 1-based. References to a variable
    or a vault (``${NAME}``, ``kv/...``) have none. The value itself is not returned."""
    for start, end in _hinted_lines(text):
        line = text[start:end]
        if "-----BEGIN" in line and "PRIVATE KEY" in line:
            yield text.count("\n", 0, start) + 1, line.index("-----BEGIN") + 1, "private key"
            continue
        for found in _SHAPE.finditer(line):
            if not _REFERENCE_VALUE.search(found[0]):
                kind = _KINDS.get(found.lastgroup or "", "access token")
                yield text.count("\n", 0, start) + 1, found.start() + 1, kind


def _hinted_lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the lines worth a closer look, in order: found by a few searches over the whole text, because
    a look at every line of a large file costs more than parsing it."""
    low = text.lower()
    if len(low) != len(text):  # a few letters grow (U+0130): places must stay those of the text
        low = text.translate(_LOWER)
    places = {found.start() for start, hint in _HINTS if start in low for found in hint.finditer(low)}
    for word in (*(mark.lower() for mark in _MARKS), *_WORDS):
        at = low.find(word)
        while at >= 0:
            places.add(at)
            at = low.find(word, at + 1)
    done = -1
    for at in sorted(places):
        if at > done:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            done = len(text) if end < 0 else end
            yield start, done


# What stands where a secret would stand, and is none: a variable, a mask, a path into a vault.
_REFERENCE_VALUE = re.compile(r"\$\{|\{\{|\*\*\*|[=:]\s*[\"']?(?:kv|vault|env|secret|secrets)[/:.]", re.IGNORECASE)
