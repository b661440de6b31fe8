"""What happened on the way to a server, in our words: those of libraries may quote what was received."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Final

from retailctl.connect.odoo.addresses import ServerAddress
from retailctl.connect.odoo.errors import Kind, OdooError
from retailctl.connect.odoo.wire import WireOptions

_NAMES, _SELF_SIGNED, _TIMES = (62, 63, 64), (18, 19), (9, 10)  # X509_V_ERR_* of OpenSSL
_UNTRUSTED: Final = "if the authority is a private one, name its certificate with --ca-bundle FILE"


def told(error: Exception, server: ServerAddress, options: WireOptions) -> OdooError:
    """The error of a call that got no answer."""
    import httpcore

    from retailctl.connect.bodies import BodyTooLarge, UnknownEncoding
    from retailctl.connect.guard import AddressRefused

    if isinstance(error, OdooError):
        return error
    if isinstance(error, AddressRefused):
        return _error("connection", server, "the name of the host leads to an address that is not asked", "check URL")
    if isinstance(error, BodyTooLarge):
        size = f"more than {options.most:,} bytes in one answer; that many are taken"
        return _error("size", server, size, "check that this is Odoo and no proxy that answers for it")
    if isinstance(error, UnknownEncoding):
        return _error(
            "answer", server, "the answer is packed in a way that cannot be read", "check the proxy before it"
        )
    if isinstance(error, httpcore.TimeoutException):
        hint = "raise --timeout, or check port, firewall and load of the server"
        if server.is_tls and isinstance(error, httpcore.ConnectTimeout):
            hint = "check port and firewall; a port of plain HTTP (8069 of Odoo itself) keeps silent to https"
        return _error("time", server, f"no whole answer within {options.seconds:g} seconds", hint)
    if isinstance(error, httpcore.ConnectError):
        return _unreachable(error, server)
    what = "the server closed the connection before its answer was whole, or does not speak HTTP"
    hint = "check the port" if server.is_tls else "if this is a TLS port, write https; else check the port"
    return _passing(server, what, hint)


def _unreachable(error: Exception, server: ServerAddress) -> OdooError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _error("connection", server, *_certificate(cause))
        if isinstance(cause, ssl.SSLError):
            hint = "if the port speaks plain HTTP, ask for the one with TLS (8069 is the plain port of Odoo itself)"
            return _error("connection", server, "the port does not speak TLS", hint)
        if isinstance(cause, ConnectionRefusedError):
            hint = "check port and firewall; Odoo itself listens on 8069, a proxy before it on 443"
            return _passing(server, "nobody listens there (connection refused)", hint)
        if isinstance(cause, ConnectionResetError):
            return _passing(server, "the connection was reset", "check the port, and the proxy before Odoo")
    if "resolved" in str(error):  # the only text of ours: that of the guard
        return _passing(server, "the name of the host is not known", "check its spelling, and the name server (VPN?)")
    return _passing(server, "the host cannot be reached", "check address, network and firewall")


def _certificate(cause: ssl.SSLCertVerificationError) -> tuple[str, str]:
    code = cause.verify_code
    if code in _NAMES:
        return "the certificate is for another host", "use the name that the certificate has"
    if code in _SELF_SIGNED:
        return "the certificate is signed by itself, or by an authority that is not trusted", _UNTRUSTED
    if code in _TIMES:
        return "the certificate has expired, or is not valid yet", "renew it; check the clock of this machine"
    return "the certificate cannot be verified", _UNTRUSTED


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(8):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _error(kind: Kind, server: ServerAddress, message: str, hint: str) -> OdooError:
    return OdooError(kind, message, at=server.url, hint=hint)


def _passing(server: ServerAddress, message: str, hint: str) -> OdooError:
    return OdooError("connection", message, at=server.url, hint=hint, passing=True)
