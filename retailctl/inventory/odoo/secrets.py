"""Secrets in texts of Odoo, told by the name they stand under, by their shape, or by their place in an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from retailctl.inventory.secret_names import is_literal, names_secret
from retailctl.model.redaction import secrets_in

# A name that ends so tells where a secret is, what it is called or how long it lives, and not what it is.
_ABOUT: Final = re.compile(
    r"(?:^|[_.-])(?:url|uri|endpoint|host|field|name|param|parameter|header|path|file|type|id|duration|expiry|expires|"
    r"expiration|length|policy|reset|model|scope|method|prefix|state|enabled|days)$",
    re.IGNORECASE,
)
_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "x-auth-token", "cookie"})
_IN_QUERY: Final = frozenset({"key", "sig", "signature", "code", "auth", "sas", "hash"})
_WORD: Final = re.compile(
    r"[a-z]+(?:[-_.][a-z]+)*|[A-Z][a-z]+(?:[A-Z][a-z]+)*|v?\d{1,4}(?:\.\d+)*|\{[^{}]*\}|[a-z]+\d{1,2}"
)
_SHORTEST: Final = 12


def names_a_secret(name: str, value: str) -> bool:
    """Is this value a secret in clear, by the name it stands under?"""
    plain = name.lower()
    named = plain in _HEADERS or (names_secret(name) and not _ABOUT.search(plain))
    value = bare(value)
    return named and is_literal(value) and "://" not in value and "{" not in value and not value.endswith(("%s", "%r"))


def bare(value: str) -> str:
    """A credential without the word of its scheme: the same token has one print with and without ``Bearer``."""
    return re.sub(r"^(?:bearer|basic|token)\s+", "", value.strip(), flags=re.IGNORECASE)


def holds_secret(text: str) -> bool:
    """Has any part of the text the shape of a secret (a known token, a key in PEM, a password in a pair)?"""
    return next(secrets_in(text), None) is not None


def parameters_of(url: str) -> Iterator[str]:
    """The secrets in the query of an address."""
    try:
        pairs = parse_qsl(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        return
    for name, value in pairs:
        if (names_a_secret(name, value) or name.lower() in _IN_QUERY) and is_literal(value) and "{" not in value:
            yield value


def parts_of(path: str) -> tuple[str, list[str]]:
    """A path with NUL for each segment that looks like a key and not like a word, and those segments in order.

    Words, versions, short numbers and parameters are kept; what is long and mixes letters with digits is not.
    """
    kept, cut = [], []
    for segment in path.split("/"):
        if _WORD.fullmatch(segment) or not _is_key(segment):
            kept.append(segment)
        else:
            kept.append("\0")
            cut.append(segment)
    return "/".join(kept), cut


def _is_key(segment: str) -> bool:
    if len(segment) < _SHORTEST or "{" in segment:
        return False
    return len(segment) >= 2 * _SHORTEST or (any(map(str.isdigit, segment)) and any(map(str.isalpha, segment)))


def shown_path(path: str, fingerprint: Callable[[str], str]) -> tuple[str, list[str]]:
    """A path with a mark for each part that looks like a key, and the prints of those parts."""
    path, cut = parts_of(path)
    prints = [fingerprint(part) for part in cut]
    for one in prints:
        path = path.replace("\0", marked(one), 1)
    return path, prints


def marked(print_: str) -> str:
    """What stands in a path for a part that is not shown: enough of its print to tell it from others."""
    return f"~{print_[-8:]}"
