"""JSON text to plain values by the standard library, with the guards it lacks; positions only when asked for."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable
from itertools import accumulate
from typing import Any, Final

from retailctl.errors import InputError
from retailctl.workspace import input_codes as codes
from retailctl.workspace.limits import Limits
from retailctl.workspace.scalars import MAX_NUMBER_LENGTH, ScalarError, SourceFloat, finite
from retailctl.workspace.source import Source, shorten

_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NAME: Final = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*+(:?)', re.DOTALL)
_REMEMBERED: Final = 65_536
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(rb'\\[\\"]')
_LARGE: Final = 1 << 20
_SOMETHING: Final = re.compile(r"[^ \t\r\n]")
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b'{}[],:"'))
_STEP: Final = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}


class _DuplicateKeyError(ValueError):
    """Raised by the pairs hook, which knows no places."""


def read_json(
    source: Source, limits: Limits, *, owned: bool = True, parse_float: Callable[[str], Any] | None = None
) -> Any:
    """Read one JSON value.

    ``parse_float`` makes the number of a text with a fraction or exponent (``Decimal`` for money); by default a float
    that, in ``owned`` files, remembers its source text. Raises :class:`InputError` with the place and an INP code.
    """
    try:
        return _read(source, limits, _float_parser(parse_float, owned=owned))
    except InputError as error:
        raise (source.conflict() or error) from None


def _read(source: Source, limits: Limits, parse_float: Callable[[str], Any]) -> Any:
    text = source.text
    if _SOMETHING.search(text) is None:
        raise source.error(codes.EMPTY, "the file holds no data", 0)
    members = _check_structure(source, limits)
    kept = 0

    def count(mapping: dict[str, Any]) -> dict[str, Any]:
        nonlocal kept
        kept += len(mapping)
        return mapping

    decoder = json.JSONDecoder(
        object_pairs_hook=_unique if members is None else None,
        object_hook=count,
        parse_constant=_refuse,
        parse_float=parse_float,
        parse_int=_whole,
    )
    try:
        value = decoder.decode(text)
        if members is not None and members != kept:
            raise _DuplicateKeyError
    except json.JSONDecodeError as error:
        raise source.error(codes.SYNTAX, f"not valid JSON: {error.msg}", error.pos) from None
    except _DuplicateKeyError:
        raise _duplicate(source) from None
    except ScalarError as error:
        raise source.error(codes.NUMBER, str(error), _offset_of(text, error.text)) from None
    except RecursionError:
        raise source.error(codes.DEPTH, f"nested too deep to read; {limits.depth} levels are allowed", 0) from None
    _check_surrogates(source)
    return value


def scan_json(text: str) -> tuple[array[int], array[int]]:
    """Return the offset of every key and item in the order of the positions, and (start, end) of every value.

    Only for a text that :func:`read_json` has accepted. The end of an object or array is given as its start.
    """
    marks, spans = array("I"), array("I")
    stack: list[bool] = []  # per open container: is it an object
    want_key = False
    for token in _TOKEN.finditer(text):
        first, begin = text[token.start()], token.start()
        if first == ",":
            want_key = stack[-1]
        elif first in "]}":
            stack.pop()
            want_key = False
        elif want_key:
            marks.append(begin)
            want_key = False
        elif first != ":":
            if not stack or not stack[-1]:
                marks.append(begin)
            spans.extend((begin, begin if first in "[{" else token.end()))
            if first in "[{":
                want_key = first == "{"
                stack.append(want_key)
    return marks, spans


def _check_structure(source: Source, limits: Limits) -> int | None:
    """Bound depth and number of values before anything is built: strings are cut out, then brackets are counted.

    Returns the number of members of all objects, for a text that is JSON; None where a short text made it unnecessary.
    """
    text = source.text
    if len(text) < _LARGE:
        openings = text.count("{") + text.count("[")
        if openings <= limits.depth and openings + text.count(",") < limits.nodes // 2:
            return None
    bare = _structure(text)
    values = 1 + bare.count(b"{") + bare.count(b"[") + bare.count(b",")
    if values > limits.nodes // 2:
        values += _new_names(source.text, limits.nodes - values)
    if values > limits.nodes:
        raise source.error(codes.NODES, f"up to {values:,} values; {limits.nodes:,} are allowed", 0)
    depth = max(accumulate(map(_STEP.__getitem__, bare.translate(None, b",:"))), default=0)
    if depth > limits.depth:
        offset = _offset_of_depth(source.text, limits.depth)
        raise source.error(codes.DEPTH, f"nested {depth:,} levels deep; {limits.depth} are allowed", offset)
    return bare.count(b":")


def _structure(text: str) -> bytes:
    """Return the brackets, commas and colons that stand outside of strings, at the speed of C all the way.

    Inside or outside is odd or even in the number of quotes before; two quotes with nothing of interest between them
    can go, as that changes no other character's number. Most strings go this way, and few are left to be cut out.
    """
    data = text.encode()
    if data.count(b"\\") < len(data) // 50:
        data = _ESCAPED.sub(b"", data)
    else:  # dearer on ordinary texts, and as fast on one of escapes only
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    data = data.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    return b"".join(data.split(b'"')[::2])


def _new_names(text: str, allowed: int) -> int:
    """Count the different keys beyond those that the YAML reader remembers too, at most one more than allowed."""
    names: set[str] = set()
    for found in _NAME.finditer(text):
        if found[2]:
            names.add(found[1])
        if len(names) > _REMEMBERED + max(allowed, 0):
            break
    return max(len(names) - _REMEMBERED, 0)


def _offset_of_depth(text: str, allowed: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token.group(), 0)
        if depth > allowed:
            return token.start()
    return 0


def _check_surrogates(source: Source) -> None:
    if _SURROGATE.search(source.text) is None:
        return
    for escape in _ESCAPE.finditer(source.text):
        if escape["lone"]:
            raise source.error(
                codes.ENCODING, f"\\{escape['lone']} is half of a character (a lone surrogate)", escape.start()
            )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _DuplicateKeyError
    return mapping


def _refuse(name: str) -> float:
    raise ScalarError(f"{name} is not a JSON number", name)


def _whole(text: str) -> int:
    if len(text) > MAX_NUMBER_LENGTH:
        raise ScalarError(f"number of {len(text):,} characters; at most {MAX_NUMBER_LENGTH:,} are read", text)
    return int(text)


def _float_parser(parse_float: Callable[[str], Any] | None, *, owned: bool) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        if len(text) > MAX_NUMBER_LENGTH:
            return _whole(text)
        number = finite(text)
        if parse_float is not None:
            return parse_float(text)
        return SourceFloat(number, text) if owned and repr(number) != text else number

    return parse


def _offset_of(text: str, wanted: str) -> int:
    """Return where the first token with this text starts; a string is never equal to a number."""
    return next((token.start() for token in _TOKEN.finditer(text) if token.group() == wanted), 0)


def _duplicate(source: Source) -> InputError:
    """Name both places of the first key that occurs twice."""
    stack: list[dict[str, int] | None] = []
    want_key = False
    for token in _TOKEN.finditer(source.text):
        part = token.group()
        if part in ("{", "["):
            stack.append({} if part == "{" else None)
            want_key = part == "{"
        elif part in ("}", "]"):
            stack.pop()
            want_key = False
        elif part == ",":
            want_key = stack[-1] is not None
        elif want_key and (keys := stack[-1]) is not None:
            key, want_key = json.loads(part), False
            if key in keys:
                first = source.at(keys[key])
                message = f"key {shorten(key)!r} occurs twice in this object; the first one is at line {first.line}"
                return source.error(codes.DUPLICATE_KEY, message, token.start(), related=(first,))
            keys[key] = token.start()
    return source.error(codes.DUPLICATE_KEY, "a key occurs twice in one object", 0)
