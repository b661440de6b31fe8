"""Addresses and credential-like values that stand in source code as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from retailctl.inventory.addons.facts import Standing
from retailctl.inventory.urls import url_of
from retailctl.model.redaction import secrets_in

_URL: Final = re.compile(r"\b(?:https?|ftps?|sftp|wss?)://[^\s\"'<>\\|`]{0,2000}", re.IGNORECASE)
_TRAILING: Final = ".,;:!)]}"
_NAMESPACES: Final = (
    "w3.org", "xmlsoap.org", "oasis-open.org", "openxmlformats.org", "purl.org", "uri.etsi.org", "xmlns.com",
    "schema.org", "relaxng.org", "unece.org", "xbrl.org", "omg.org", "hl7.org",
)  # fmt: skip
_NAMESPACE_PREFIX: Final = ("schemas.", "schema.", "xmlns.", "ns.", "tempuri.")
_NAMESPACE_PATH: Final = re.compile(r"/(?:namespaces?|ns|xmlns|xsd|schemas?)(?:/|$)|\.xsd$", re.IGNORECASE)
_EXAMPLE: Final = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localdomain)$|(?:^|\.)example\.(?:com|org|net|[a-z]{2})$"
    r"|^(?:your|my)[-_.]?(?:domain|company|server|host|site|shop|odoo|db|url)\b|^(?:www\.)?(?:domain|mydomain|yourcompany)\.(?:com|org|net)$"
)
_LOOPBACK: Final = re.compile(
    r"^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|::1|host\.docker\.internal)$"
)
_SYMBOLIC: Final = re.compile(r"[%{}$*<>\[\]()]|^$")
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_.\-\s])(?:password|passwd|passphrase|passcode|pwd|secret|token|api_?key|apikey|access_?key|secret_?key|"
    r"private_?key|client_?secret|auth_?key|encryption_?key|signing_?key|signature_?key|hmac_?key|webhook_?key|"
    r"shared_?key|license_?key|bearer|credentials?)$"
)
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACEHOLDER: Final = re.compile(
    r"^(?:[x*.\-_#?0]+|<.*>|\{.*\}|\[.*\]|%.*%?|\$.*|.*\{\w*\}.*|.*%\([a-z_]+\)s.*|.*%s.*|(?:your|my|some|enter|insert|change|dummy|sample|example|"
    r"placeholder|none|null|todo|false|true)\b.*|change_?me.*)$",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_+/=\-]{20,}$")
_SHORTEST: Final = 6
_LOOKED_AT: Final = 300


@dataclass(frozen=True, slots=True)
class Address:
    """One address in a text: scheme, host in lower case, path without query, and what kind of host it is."""

    scheme: str
    host: str
    address: str
    standing: Standing


def addresses(text: str, *, open_end: bool = False) -> Iterator[Address]:
    """Every address of a text. ``open_end`` tells that something follows that is not known, so that a host at the very
    end may go on."""
    for found in _URL.finditer(text):
        whole = found[0].rstrip(_TRAILING) if not open_end or found.end() < len(text) else found[0]
        scheme, _, rest = whole.partition("://")
        scheme = scheme.lower()
        if not rest and not open_end:
            continue  # "https://" alone is something that addresses are compared with
        url = url_of(whole)
        if url is None:
            yield Address(scheme, "", "", "symbolic")
            continue
        unfinished = open_end and found.end() == len(text) and "/" not in whole.partition("://")[2]
        host = url.name.lower()
        yield Address(
            scheme, host, without_tokens(url.path), "symbolic" if unfinished else standing(url.host.lower(), url.path)
        )


def without_tokens(path: str) -> str:
    """A path with long random segments cut: in the address of a webhook they are its only secret."""
    return "/".join("{token}" if _LETTERS.match(segment) else segment for segment in path.split("/"))


def standing(host: str, path: str = "") -> Standing:
    """Is a host a real one, or the name of a namespace, an example, this machine, or not known here?"""
    if _SYMBOLIC.search(host):
        return "symbolic"
    if _LOOPBACK.match(host):
        return "loopback"
    if _EXAMPLE.search(host):
        return "example"
    named = any(host == name or host.endswith(f".{name}") for name in _NAMESPACES)
    if named or host.startswith(_NAMESPACE_PREFIX) or _NAMESPACE_PATH.search(path):
        return "namespace"
    return "real"


def names_credential(name: str) -> bool:
    """Does a name end as names of credentials do: ``api_key``, ``clientSecret``, ``x_token``?"""
    return _SECRET_NAME.search(_WORDS.sub("_", name).lower()) is not None


def credential_like(value: str) -> bool:
    """Six characters or more, no white space, no identifier and no placeholder."""
    if len(value) < _SHORTEST or any(char.isspace() for char in value) or _PLACEHOLDER.match(value[:_LOOKED_AT]):
        return False
    return not all(part.isidentifier() for part in value.split("."))


def shaped(value: str) -> bool:
    """Has the value itself the form of a key: of a known service, or long letters and digits mixed?

    Keys of services are identifiers too (``sk_live_...``), and so escape the definition of a credential-like value.
    """
    if len(value) < _SHORTEST or len(value) > 10_000 or _PLACEHOLDER.match(value[:_LOOKED_AT]):
        return False
    return _LETTERS.match(value) is not None or next(secrets_in(value), None) is not None
