"""Secrets out of recorded requests, before anything else sees them: they were meant for production alone."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

_SECRET: Final = re.compile(
    r"auth|cookie|token|secret|passw|api-?key|credential|signature|session|csrf|xsrf", re.IGNORECASE
)
_DROPPED: Final = re.compile(
    r"host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*|"
    r"if-.*|forwarded|x-forwarded-.*|x-real-ip|via|:.*",
    re.IGNORECASE,
)
"""Headers of the connection, of proxies, and conditions, which would be answered by "not modified"."""
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8000}")
_SECRET_KEYS: Final = frozenset((
    "access_token", "id_token", "refresh_token", "token", "auth", "auth_token", "api_key", "apikey", "api-key",
    "password", "passwd", "pwd", "secret", "client_secret", "signature", "sig", "session", "sessionid", "session_id",
    "jsessionid",
))  # fmt: skip
_PATH: Final = "/%:@!$&'()*+,;=-._~"
_METHOD: Final = re.compile(r"[A-Z]{1,20}")


def safe_headers(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that may be sent again: without secrets, and without those of the connection."""
    return tuple(
        (name.lower(), value.strip())
        for name, value in pairs
        if _NAME.fullmatch(name)
        and _VALUE.fullmatch(value)
        and not _SECRET.search(name)
        and not _DROPPED.fullmatch(name)
    )


def safe_target(url: str) -> tuple[str, bool] | None:
    """Path and query of a recorded address, and whether a secret was taken out of the query.

    None for what no request can have: no path, or one that climbs out of the address that it is put behind.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = quote(parts.path or "/", safe=_PATH, errors="replace")
    if not path.startswith("/") or any(segment in ("..", "%2e%2e") for segment in path.lower().split("/")):
        return None
    kept = []
    pairs = parts.query.split("&") if parts.query else []
    for pair in pairs:
        name = pair.partition("=")[0].lower()
        if name not in _SECRET_KEYS:
            kept.append(quote(pair, safe=_PATH + "?[]", errors="replace"))
    query = "&".join(kept)
    return (f"{path}?{query}" if query else path), len(kept) < len(pairs)


def method_of(text: str) -> str | None:
    """The method in capital letters; None for what is none."""
    method = text.upper()
    return method if _METHOD.fullmatch(method) else None
