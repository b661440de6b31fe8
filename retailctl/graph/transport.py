"""Is the transport of an interface encrypted? Read from URL schemes and protocols (rules.md SEC-12)."""

from __future__ import annotations

import re

from retailctl.model.interface import Interface

CLEAR_SCHEMES = frozenset(
    {"http", "ftp", "amqp", "mqtt", "ws", "ldap", "smtp", "imap", "pop3", "telnet", "redis", "stomp", "tftp"}
)
SAFE_SCHEMES = frozenset(
    {
        "https",
        "sftp",
        "ftps",
        "amqps",
        "mqtts",
        "wss",
        "ldaps",
        "smtps",
        "smtp+starttls",
        "imaps",
        "pop3s",
        "rediss",
        "as2s",
        "ssh",
        "oftp2s",
    }
)
_CLEAR_PROTOCOLS = frozenset({"ftp"})
_SAFE_PROTOCOLS = frozenset({"sftp"})
_SSLMODE = re.compile(r"[?&]sslmode=([a-zA-Z-]+)")
_BY_SSLMODE = {"disable": False, "require": True, "verify-ca": True, "verify-full": True}


# RFC 3986 authority without user information and port. urlsplit validates more than is asked here, at ten times the
# cost, and it runs once per endpoint of the estate.
_AUTHORITY = re.compile(r"[a-zA-Z][\w+.-]*://(?:[^/?#@]*@)?(\[[^\]/?#]+\]|[^:/?#@\[\]]+)")


def host_of(url: str) -> str | None:
    """Host of a URL in lower case, without port and user; None when there is none or it is symbolic (``${HOST}``)."""
    if "${" in url or "{{" in url:
        return None
    found = _AUTHORITY.match(url)
    return found[1].strip("[]").lower() if found else None


def is_encrypted(url: str) -> bool | None:
    """Whether what is sent to the address is encrypted; None when its scheme does not say.

    PostgreSQL says it in ``sslmode``: ``allow`` and ``prefer`` leave it to the server, so they prove nothing.
    """
    scheme, found, rest = url.partition("://")
    scheme = scheme.lower() if found else ""
    if scheme in ("postgres", "postgresql"):
        mode = _SSLMODE.search(rest)
        return _BY_SSLMODE.get(mode[1].lower()) if mode else None
    return True if scheme in SAFE_SCHEMES else False if scheme in CLEAR_SCHEMES else None


def _seen(interface: Interface) -> list[str]:
    """Addresses that sources show: an endpoint is in use whether or not somebody declared it."""
    some = [(one.fields or {}).get("endpoints") for one in interface.sightings or ()]
    listed = [endpoint for one in some if isinstance(one, list | tuple) for endpoint in one]
    return [str(endpoint["url"]) for endpoint in listed if isinstance(endpoint, dict) and "url" in endpoint]


def cleartext(interface: Interface) -> tuple[str, ...] | None:
    """``scheme://host`` of every hop in clear text, empty when all are encrypted, None when nobody can tell."""
    urls = [endpoint.url for endpoint in interface.endpoints or ()] + _seen(interface)
    protocol = interface.key.protocol if interface.key else None
    found = {f"{url.partition('://')[0].lower()}://{host_of(url) or '?'}" for url in urls if is_encrypted(url) is False}
    if not found and protocol in _CLEAR_PROTOCOLS and not any(is_encrypted(url) for url in urls):
        found.add(f"{protocol}://{getattr(interface.key, 'host', None) or '?'}")
    if found:
        return tuple(sorted(found))
    safe = all(is_encrypted(url) for url in urls) if urls else protocol in _SAFE_PROTOCOLS
    return () if safe else None
