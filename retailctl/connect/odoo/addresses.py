"""The address of a server as somebody writes it: taken apart, and refused where it would give a secret away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from retailctl.connect.addresses import is_loopback
from retailctl.errors import UsageError

_PAGES: Final = frozenset({"", "web", "odoo"})  # what a browser shows behind the address of a server
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """``scheme`` is http or https, ``host`` in small letters and without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_tls(self) -> bool:
        """Is what is sent encrypted, and the server known by its certificate?"""
        return self.scheme == "https"

    @property
    def url(self) -> str:
        """The address without user, path and query: what may be shown and kept."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


def server_address(text: str, *, allow_plaintext: bool = False) -> ServerAddress:
    """The parts of a URL. Raises UsageError, which never repeats it: a password in it would end in a log."""
    hint = "write it as https://erp.example.com"
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = (
            (parts.hostname or "").lower().encode("idna" if not (parts.hostname or "").isascii() else "ascii").decode()
        )
    except (ValueError, UnicodeError):
        raise UsageError("URL is not a valid address", hint=hint) from None
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise UsageError(
            "URL holds a user or password, which would end in logs and in the history of the shell",
            hint="leave it out; give the login by RETAILCTL_ODOO_LOGIN and the secret by RETAILCTL_ODOO_PASSWORD",
        )
    if parts.scheme not in _PORTS or not host:
        raise UsageError("URL is not the address of a server with http or https", hint=hint)
    if parts.path.strip("/").partition("/")[0] not in _PAGES:
        raise UsageError("URL has a path: only the address of the server is wanted", hint=hint)
    address = ServerAddress(parts.scheme, host, port or _PORTS[parts.scheme])
    if not address.is_tls and not is_loopback(host) and not allow_plaintext:
        raise UsageError(
            "plain http would send the password in clear over the network",
            hint="use https, or --allow-plaintext (allow-plaintext: true of the source) where the network is yours",
        )
    return address
