"""Options and their values: names with extensions, literals, and messages in the text format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.protobuf.model import Option, Value
from retailctl.contracts.protobuf.problems import ProtoSyntaxError
from retailctl.contracts.protobuf.tokens import Tokens

MAX_DEPTH: Final = 50
_CLOSES: Final = {"{": "}", "<": ">"}


def option_name(tokens: Tokens) -> str:
    """Pass the name of an option: ``java_package``, ``(retail.pii).level``, ``features.(pb.cpp).string_type``."""
    parts: list[str] = []
    while True:
        if tokens.taken("("):
            parts.append(f"({tokens.full_name('the name of an option').removeprefix('.')})")
            tokens.need(")")
        else:
            parts.append(tokens.ident("the name of an option"))
        if not tokens.taken("."):
            return ".".join(parts)


def option(tokens: Tokens, mark: int) -> Iterator[Option]:
    """Pass ``name = value``. The members of ``features = {…}`` come out as options of their own as well."""
    name = option_name(tokens)
    tokens.need("=")
    found = value(tokens)
    yield Option(name, found, mark)
    if found.kind == "message" and name.partition(".")[0] == "features":
        yield from _members(name, found, mark)


def _members(name: str, holder: Value, mark: int) -> Iterator[Option]:
    for member, inner, _ in holder.fields:
        path = f"{name}.({member[1:-1]})" if member.startswith("[") else f"{name}.{member}"
        if inner.kind == "message":
            yield from _members(path, inner, mark)
        else:
            yield Option(path, inner, mark)


def compact_options(tokens: Tokens) -> list[Option]:
    """Pass ``[a = 1, (b).c = "d"]`` if it is there."""
    found: list[Option] = []
    if not tokens.taken("["):
        return found
    while True:
        found += option(tokens, tokens.mark)
        if not tokens.taken(","):
            break
    tokens.need("]")
    return found


def value(tokens: Tokens, depth: int = 0) -> Value:
    """Pass a value."""
    if depth > MAX_DEPTH:
        raise ProtoSyntaxError(
            f"values are nested deeper than {MAX_DEPTH} levels: take them apart", tokens.mark, "proto-depth"
        )
    if tokens.kind == "string":
        return Value("string", tokens.string())
    if tokens.kind == "ident":
        return Value("name", tokens.full_name("a value"))
    if tokens.text in _CLOSES:
        return _message(tokens, depth)
    if tokens.at("["):
        return _list(tokens, depth)
    sign = ""
    if tokens.text in ("-", "+"):
        sign = tokens.text.strip("+")
        tokens.advance()
    if tokens.kind not in ("number", "ident"):
        raise tokens.expected("a value")
    text, kind = tokens.text, tokens.kind
    tokens.advance()
    return Value("number" if kind == "number" else "name", sign + text)


def _message(tokens: Tokens, depth: int) -> Value:
    close = _CLOSES[tokens.text]
    tokens.advance()
    fields: list[tuple[str, Value, int]] = []
    while not tokens.taken(close):
        mark = tokens.mark
        name = _member_name(tokens)
        if tokens.taken(":") or tokens.text in _CLOSES:
            fields.append((name, value(tokens, depth + 1), mark))
        else:
            raise tokens.expected("':' or a message")
        if tokens.text in (",", ";"):
            tokens.advance()
    return Value("message", "", tuple(fields))


def _member_name(tokens: Tokens) -> str:
    if not tokens.taken("["):
        return tokens.ident("the name of a member")
    name = tokens.full_name("the name of an extension")
    if tokens.taken("/"):
        name += "/" + tokens.full_name("the name of a type")
    tokens.need("]")
    return f"[{name}]"


def _list(tokens: Tokens, depth: int) -> Value:
    tokens.need("[")
    items: list[tuple[str, Value, int]] = []
    while not tokens.taken("]"):
        items.append(("", value(tokens, depth + 1), tokens.mark))
        if not tokens.taken(",") and not tokens.at("]"):
            raise tokens.expected("',' or ']'")
    return Value("list", "", tuple(items))
