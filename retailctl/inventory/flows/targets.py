"""Targets: what an address in a flow leads to, with expressions in any part of it.

``={{ $env.ERP }}/api/orders/{{ $json.id }}``, ``{{protocol}}://{{host}}:{{port}}/x``, ``${ERP_URL}/x`` and plain
addresses. What only the run knows stays symbolic: in the place of a host as it is written, in a path as a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from retailctl.inventory.flows.clear_secrets import in_query
from retailctl.inventory.flows.path_shapes import split_secret
from retailctl.inventory.urls import Url, key_of, url_of
from retailctl.inventory.variables import resolve
from retailctl.model.interface_key import HttpKey, InterfaceKey

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(rf"{_OPEN}(\d+){_CLOSE}")
_STRAY: Final = re.compile(rf"[{_OPEN}{_CLOSE}]")
_EXPRESSION: Final = re.compile(
    r"\{\{(?:[^{}]|\{[^{}]{0,200}\}){0,1000}\}\}|\$\{[^{}]{0,300}\}|\$\([A-Za-z_][\w.]*\)|\$[A-Za-z_]\w*"
    r"|<[A-Za-z][\w .-]*>"
)
# jdbc:postgresql://, postgresql+asyncpg://, mongodb+srv://: how it is spoken to, not what it is.
_JDBC: Final = re.compile(r"^(?:r2dbc:(?:pool:)?|jdbc:)(?:(oracle):\w{1,10}:@)?(?=\S{0,30}//)", re.IGNORECASE)
_DRIVER: Final = re.compile(r"^(postgres|postgresql|mysql|mariadb|mssql|mongodb)\+[a-z0-9]{1,20}(?=://)", re.IGNORECASE)
_SCHEME: Final = re.compile(rf"^(?:{_OPEN}\d+{_CLOSE}|[A-Za-z][A-Za-z0-9+.-]*)://")
_PORT: Final = re.compile(rf"^(://[^/?#]*?):(?:\d*{_OPEN}\d+{_CLOSE})+")
_BARE_HOST: Final = re.compile(
    r"^(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|localhost|[A-Za-z0-9_.-]+(?=:\d))(?::\d{1,5})?(?=[/?#]|$)"
)
_GLOBAL: Final = re.compile(r"\{\{\s*\$(?:env|vars)(?:\.([A-Za-z_]\w*)|\[[\"']([A-Za-z_]\w*)[\"']\])\s*\}\}")
# A text inside an expression may be a secret ({{ $x || "s3cret" }}); one in brackets is the name of a field.
_TEXT: Final = re.compile(r"(?<!\[)(?:\"[^\"]*\"|'[^']*'|`[^`]*`)")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST: Final = 4_000
_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Target:
    """``url`` has a symbolic host where the host is not known, and parameters in braces in its path.

    ``has_path`` is False where the address ends with the host. ``secrets`` are (name, value) of what authorised in it:
    for ``Reading.fingerprint``, and for nothing else.
    """

    url: Url
    has_path: bool
    secrets: tuple[tuple[str, str], ...] = ()

    @property
    def symbolic(self) -> bool:
        """Is the host known only when the flow runs?"""
        return "$" in self.url.host or "{" in self.url.host or "<" in self.url.host

    def key(self, *, method: str = "", base: bool = False) -> InterfaceKey | None:
        """The key of what is called; None for schemes without one. ``base``: the path is where paths begin."""
        key = key_of(self.url, method=method)
        if isinstance(key, HttpKey) and not self.has_path and (base or self.symbolic):
            return replace(key, address=None)
        return key


def target_of(written: str, variables: Mapping[str, str]) -> Target | None:
    """What an address leads to; None for a text that is none. Never raises."""
    text = _STRAY.sub("", written[:_LONGEST]).strip()
    text = text[1:].strip() if text.startswith("=") else text
    text = _DRIVER.sub(r"\1", _JDBC.sub(lambda found: f"{found[1]}:" if found[1] else "", text))
    text = resolve(_GLOBAL.sub(lambda found: f"${{{found[1] or found[2]}}}", text), variables)[:_LONGEST]
    parts: list[str] = []

    def mark(found: re.Match[str]) -> str:
        parts.append(found[0])
        return f"{_OPEN}{len(parts) - 1}{_CLOSE}"

    text = _with_scheme(_EXPRESSION.sub(mark, text))
    url = url_of(text) if text else None
    if url is None:
        return None
    secrets = [("", url.secret)] if url.secret and not _MARK.search(url.secret) else []
    query = text.partition("?")[2].partition("#")[0]
    secrets += [(name, value) for name, value in in_query(query) if not _MARK.search(value)]
    path, hidden = split_secret(url.host, url.path)
    if hidden and not _MARK.search(hidden):
        secrets.append(("", hidden))
    path = _MARK.sub(lambda found: _parameter(parts, found), path)
    host = _MARK.sub(lambda found: _shown(parts, found), url.host)
    user = _MARK.sub(lambda found: _shown(parts, found), url.user)
    plain = path.strip("/") != ""
    return Target(replace(url, host=host, path=path if plain else "", user=user, secret=""), plain, tuple(secrets))


def _with_scheme(text: str) -> str:
    """The address with a literal scheme: http stands for one that only the run knows."""
    found = _SCHEME.match(text)
    if found is not None:
        scheme = found[0][:-3]
        rest = _PORT.sub(r"\1", text[found.end() - 3 :], count=1)
        return f"{'http' if _OPEN in scheme else scheme}{rest}"
    if _BARE_HOST.match(text):
        return f"http://{text}"
    if text.startswith(_OPEN):
        head, slash, path = text.partition("/")
        return "http://" + re.sub(r"[:?#].*$", "", head, flags=re.DOTALL) + slash + path
    return ""


def _expression(parts: list[str], found: re.Match[str]) -> str:
    number = int(found[1]) if len(found[1]) < 6 else len(parts)
    return _TEXT.sub("", parts[number]) if number < len(parts) else ""


def _shown(parts: list[str], found: re.Match[str]) -> str:
    return " ".join(_expression(parts, found).split())[:_SHOWN]


def _parameter(parts: list[str], found: re.Match[str]) -> str:
    """``{{ $json.order.id }}`` in a path is the parameter ``{id}``."""
    words = _WORD.findall(_expression(parts, found))
    return "{" + (words[-1][:40] if words else "value") + "}"
