"""Is the transport of an interface encrypted? Read from URL schemes and protocols (rules.md SEC-12)."""

from __future__ import annotations

import re

from retailctl.model.interface import Interface

CLEAR_SCHEMES = frozenset({"http", "ftp", "amqp", "mqtt", "ws", "ldap", "smtp", "telnet", "redis", "stomp", "tftp"})
SAFE_SCHEMES = frozenset(
    {"https", "sftp", "ftps", "amqps", "mqtts", "wss", "ldaps", "smtps", "rediss", "as2s", "ssh", "oftp2s"}
)
_CLEAR_PROTOCOLS = frozenset({"ftp"})
_SAFE_PROTOCOLS = frozenset({"sftp"})


# RFC 3986 authority without user information and port. urlsplit validates more than is asked here, at ten times the
# cost, and it runs once per endpoint of the estate.
_AUTHORITY = re.compile(r"[a-zA-Z][\w+.-]*://(?:[^/?#@]*@)?(\[[^\]/?#]+\]|[^:/?#@\[\]]+)")


def host_of(url: str) -> str | None:
    """Host of a URL in lower case, without port and user; None when there is none or it is symbolic (``${HOST}``)."""
    if "${" in url or "{{" in url:
        return None
    found = _AUTHORITY.match(url)
    return found[1].strip("[]").lower() if found else None


def cleartext(interface: Interface) -> tuple[str, ...] | None:
    """``scheme://host`` of every hop in clear text, empty when all are encrypted, None when nobody can tell."""
    found: set[str] = set()
    decided = False
    protocol = interface.key.protocol if interface.key else None
    for endpoint in interface.endpoints or ():
        scheme = endpoint.url.partition("://")[0].lower() if "://" in endpoint.url else ""
        if scheme in CLEAR_SCHEMES:
            found.add(f"{scheme}://{host_of(endpoint.url) or '?'}")
        decided = decided or scheme in SAFE_SCHEMES
    if not found and protocol in _CLEAR_PROTOCOLS:
        found.add(f"{protocol}://{getattr(interface.key, 'host', None) or '?'}")
    if found:
        return tuple(sorted(found))
    every_known = all(
        "://" in endpoint.url and endpoint.url.partition("://")[0].lower() in SAFE_SCHEMES
        for endpoint in interface.endpoints or ()
    )
    if (decided and every_known) or (not interface.endpoints and protocol in _SAFE_PROTOCOLS):
        return ()
    return None
