"""Secrets that stand in clear in configuration: told by the name of their setting or by their shape.

What is found here goes to ``Reading.fingerprint`` at once; nothing else of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.inventory.flows.loose import strings
from retailctl.inventory.secret_names import is_literal, names_secret
from retailctl.inventory.urls import url_of

# TOKEN_URL and PASSWORD_FILE say where a secret is; MAX_TOKEN_LENGTH says nothing of one.
_NO_SECRET: Final = re.compile(
    r"(?:^|[_.-])(?:url|uri|file|path|dir|name|id|ttl|type|endpoint|header|expir\w*|length|size|limit|enabled?|"
    r"required?|policy|host|port|rotation|interval|timeout|issuer|audience|algorithm|field|scope|ref|mode|format|"
    r"user(?:name)?)$",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SYMBOLIC: Final = re.compile(r"\{\{|\$\{|\$\(|\$[A-Za-z_]|%[A-Z_]+%|!\w+ |^(?:true|false|yes|no|on|off|\d{1,3})$")
_PLACEHOLDER: Final = re.compile(
    r"^(?:bearer |basic |token )?[<\[({\"']*(?:your|my|insert|enter|replace|add|put|paste|some|the)[-_ ]", re.IGNORECASE
)
_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "x-auth", "cookie"})
_ENDINGS: Final = ("password", "passwd", "passphrase", "apikey", "authtoken", "accesstoken", "clientsecret", "_pwd")
_QUERY: Final = frozenset({"key", "sig", "signature", "auth", "appid", "hapikey", "code"})
_SCHEME: Final = re.compile(r"^(?:bearer|basic|token|apikey)\s+", re.IGNORECASE)
# name = 'value', name: "value", .set("name", "value"): as code and inner documents write settings.
_SETTING: Final = re.compile(
    r"(?<![A-Za-z0-9_.-])([A-Za-z_][A-Za-z0-9_.-]{1,60})(?:[\"'`]\s{0,3}(?:[:=,]|=>)|\s{0,3}(?:[:=]|=>))\s{0,3}"
    r"([\"'`])([^\"'`\n]{3,500})\2"
)
# Cheap to look for, and one of them is in everything that the two patterns find.
_HINTS: Final = (
    "pass", "pwd", "secret", "token", "key", "auth", "credential", "bearer", "sas", "hmac", "connection", "cookie",
    "akia", "asia", "sk_", "rk_", "gh", "glpat-", "xox", "shp", "eyj", "aiza", "sk-", "sg.",
)  # fmt: skip
_SHAPED: Final = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\b[sr]k_(?:live|test)_[A-Za-z0-9]{6,}|\bgh[oprsu]_[A-Za-z0-9]{16,}|"
    r"\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}|\bxox[a-z]-[A-Za-z0-9-]{6,}|\bshp(?:at|ca|pa|ss)_[0-9a-f]{16,}|"
    r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?|(?i:\bbearer\s+)(?=\S*\d)[\w.~+/=-]{12,}|\bAIza[\w-]{30,}|"
    r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
)


def is_secret(name: str, value: object) -> bool:
    """Is this the value of a secret setting, in clear, and no reference, placeholder or switch?"""
    if not isinstance(value, str):
        return False
    written = value.strip()
    if not _named(name) or not is_literal(written) or _SYMBOLIC.search(written) or _PLACEHOLDER.match(written):
        return False
    return "://" not in written and len(bare(written)) >= 3


def _named(name: str) -> bool:
    plain = _WORDS.sub("_", name).strip()
    low = plain.lower()
    if low in _HEADERS or low.endswith(_ENDINGS):  # PGPASSWORD, dbpassword: no sign between the words
        return True
    return names_secret(plain) and _NO_SECRET.search(plain) is None


def bare(value: str) -> str:
    """The secret alone: ``Bearer abc`` of two places is the same token as ``abc`` of a third."""
    return _SCHEME.sub("", value.strip())


def in_query(query: str) -> Iterator[tuple[str, str]]:
    """(name, secret) of the parameters of an address that authorise whoever has them."""
    for part in query.split("&")[:200]:
        name, equals, value = part.partition("=")
        if equals and (is_secret(name, value) or (name.lower() in _QUERY and len(value) >= 12 and is_literal(value))):
            yield name, value


def in_text(written: str) -> Iterator[tuple[str, str]]:
    """(name, secret) in code and other free text; the name is empty where only the shape tells."""
    low = written.lower()
    if len(written) < 6 or not any(hint in low for hint in _HINTS):
        return
    spans: list[tuple[int, int]] = []
    for found in _SETTING.finditer(written):
        if is_secret(found[1], found[3]):
            spans.append(found.span(3))
            yield found[1], bare(found[3])
    told = iter([*spans, (len(written), len(written))])
    start, end = next(told)
    for found in _SHAPED.finditer(written):
        while found.start() >= end and end < len(written):
            start, end = next(told)
        if not start <= found.start() < end:
            yield "", bare(found[0])


def in_address(written: str) -> Iterator[tuple[str, str]]:
    """(account, password) of a value that is one address with both in it, whatever it leads to."""
    value = written.strip()
    if "://" not in value or "@" not in value or any(sign.isspace() for sign in value):
        return
    url = url_of(value)
    if url is not None and is_secret("password", url.secret):
        yield url.user, url.secret


def in_value(value: object) -> Iterator[tuple[str, str]]:
    """(name, secret) of every text in a value, by the name it stands under or by what is in it; each once."""
    known: set[str] = set()
    for name, written in strings(value):
        pairs = [(name, bare(written))] if is_secret(name, written) else in_text(written)
        for where, secret in pairs:
            if secret not in known:
                known.add(secret)
                yield where or name, secret


def account_of(variables: Mapping[str, Any], name: str) -> str:
    """The account beside a password: ``DB_USER`` or ``DB_USERNAME`` for ``DB_PASSWORD``; empty when nobody says."""
    stem = re.sub(r"(?i)(?:pass(?:word|wd|phrase)?|pwd|secret|token|(?:api|access)[_.-]?key|key)$", "", name)
    if stem == name:
        return ""
    for ending in ("USER", "USERNAME", "LOGIN", "user", "username", "login", "User", "Username"):
        account = variables.get(stem + ending)
        if isinstance(account, str) and account.strip() and not _SYMBOLIC.search(account):
            return account.strip()
    return ""
