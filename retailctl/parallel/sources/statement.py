"""A query of a plan: one statement that reads. What a database is asked with nobody watching may change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.errors import UsageError

_TOKEN: Final = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<quoted>\b[eE]'(?:[^'\\]|\\.)*' | '[^']*' | "[^"]*" | `[^`]*` | (?P<tag>\$(?:[A-Za-z_]\w*)?\$).*?(?P=tag))
      | (?P<word>[^\W\d]\w*)
      | (?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
_WRITES: Final = frozenset(
    ("insert", "update", "delete", "merge", "truncate", "drop", "alter", "create", "grant", "call", "copy", "attach")
)
_HINT: Final = "A query of a plan is one SELECT, or a WITH that ends in one."
_LONGEST: Final = 100_000


def unreadable(query: str) -> str:
    """Why a query is refused, "" where it only reads. A look at the words: the database is opened to read as well."""
    try:
        select_only(query)
    except UsageError as error:
        return error.message
    return ""


def select_only(query: str) -> str:
    """The query without comments and without a semicolon at its end: it can stand in brackets.

    Raises UsageError for what is not one SELECT, or a WITH that ends in one.
    """
    if len(query) > _LONGEST:
        raise _refused("is too long")
    tokens = list(_tokens(query))
    depth, opened = 0, True
    for text, word in tokens:
        if text in {"'", '"', "`"}:
            raise _refused("has a quote that is not closed")
        depth += {"(": 1, ")": -1}.get(text, 0)
        if depth < 0:
            raise _refused("closes a bracket that it has not opened")
        if word == "into" or (opened and word in _WRITES):
            raise _refused(f"has {word.upper()}: it would write")
        opened = text == "(" or word == "as" if text.strip() else opened
    if depth:
        raise _refused("does not close all its brackets")
    words = [word for _, word in tokens if word]
    if words[:1] != ["select"] and not (words[:1] == ["with"] and "select" in words):
        raise _refused("does not begin with SELECT or WITH")
    return "".join(text for text, _ in tokens).strip()


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    """Each token, and its word in lower case where it is one; comments are blanks, and a last semicolon is gone."""
    ended = False
    for token in _TOKEN.finditer(query):
        blank = token["comment"] is not None or token[0].isspace()
        if ended and not blank:
            raise _refused("is more than one statement")
        ended = ended or token[0] == ";"
        if not ended:
            yield (" ", "") if blank else (token[0], (token["word"] or "").lower())


def _refused(why: str) -> UsageError:
    return UsageError(f"the query {why}", hint=_HINT)
