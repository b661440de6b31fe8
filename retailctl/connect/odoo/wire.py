"""One connection to one Odoo: an answer of bounded size within one deadline, or an OdooError that says why not.

Both transports go through here, that of odoorpc too, so both have the same limits: no proxy, cookie or credential of
the environment, no redirect, certificates checked, one deadline for the whole of a call, and a cap on what is taken.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from retailctl import __version__
from retailctl.connect.addresses import Resolve, is_loopback, may_replay
from retailctl.connect.odoo.addresses import ServerAddress
from retailctl.connect.odoo.errors import OdooError
from retailctl.errors import UsageError

if TYPE_CHECKING:  # loaded with the first connection
    import ssl

MEBIBYTE: Final = 1024 * 1024
BACK_OFF = 0.5
"""Seconds before a read is tried once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireOptions:
    """``seconds`` is the deadline of one call, ``most`` the bytes of one answer, ``max_rps`` calls per second.

    ``ca_bundle`` is a file of authorities to trust beside the usual ones; ``resolver`` stands in for the name server.
    """

    seconds: float = 30.0
    most: int = 32 * MEBIBYTE
    max_rps: float = 0.0
    ca_bundle: Path | None = None
    resolver: Resolve | None = None


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """``kind`` is the content type without parameters, ``moved`` the target of a redirect."""

    status: int
    kind: str
    moved: str
    body: bytes


class Wire:
    """Posts JSON to one server, one call at a time, over a connection that stays open."""

    def __init__(self, server: ServerAddress, options: WireOptions | None = None) -> None:
        self.server, self.options = server, options or WireOptions()
        self.calls = 0
        self._next = 0.0
        self._pool, self._deadline = self._open()

    def post(self, path: str, body: bytes, headers: Mapping[str, str], *, again: bool) -> WireAnswer:
        """Send one request. ``again``: a read, sent once more after a pause when the connection failed.

        Raises OdooError for whatever happens on the way; a status is an answer like any other.
        """
        try:
            return self._once(path, body, headers)
        except OdooError as error:
            if not (again and error.passing):
                raise
        time.sleep(BACK_OFF)
        return self._once(path, body, headers)

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def _open(self) -> tuple[Any, Any]:
        import httpcore

        from retailctl.connect.guard import Deadline, GuardedBackend

        deadline = Deadline(self.options.seconds)
        backend = GuardedBackend({self.server.host}, deadline, self.options.resolver, may_ask)
        pool = httpcore.ConnectionPool(
            ssl_context=tls_context(self.options.ca_bundle) if self.server.is_tls else None,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=30.0,
            network_backend=backend,
        )
        return pool, deadline

    def _once(self, path: str, body: bytes, headers: Mapping[str, str]) -> WireAnswer:
        self._pause()
        self.calls += 1
        self._deadline.restart(self.options.seconds)
        try:
            return self._ask(path, body, headers)
        except Exception as error:  # noqa: BLE001 - whatever a library makes of a hostile answer is no answer
            from retailctl.connect.odoo.failures import told

            raise told(error, self.server, self.options) from None

    def _ask(self, path: str, body: bytes, headers: Mapping[str, str]) -> WireAnswer:
        import httpcore

        from retailctl.connect.bodies import ACCEPTED, bounded

        server = self.server
        host = f"[{server.host}]" if ":" in server.host else server.host
        usual = server.port == (443 if server.is_tls else 80)
        sent = {
            "host": host if usual else f"{host}:{server.port}",
            "user-agent": f"retailctl/{__version__}",
            "accept": "application/json",
            "accept-encoding": ACCEPTED,
            "content-type": "application/json",
            "content-length": str(len(body)),
            **headers,
        }
        url = httpcore.URL(
            scheme=server.scheme.encode(), host=server.host.encode(), port=server.port, target=path.encode()
        )
        request = httpcore.Request(
            method="POST",
            url=url,
            headers=[(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
            content=body,
        )
        answer = self._pool.handle_request(request)
        try:
            assert isinstance(answer.stream, Iterable)  # noqa: S101 - the pool is a synchronous one
            found = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            kind = found.get(b"content-type", "").partition(";")[0].strip().lower()
            moved = found.get(b"location", "") if 300 <= answer.status < 400 else ""
            whole = b"" if moved else bounded(answer.stream, found.get(b"content-encoding", ""), self.options.most)
        finally:
            answer.close()
        return WireAnswer(answer.status, kind, moved, whole)

    def _pause(self) -> None:
        """Keep to the calls per second that were asked for."""
        if not self.options.max_rps:
            return
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + 1.0 / self.options.max_rps


def may_ask(host: str, answer: str, named: Collection[str]) -> bool:
    """Whether a call to a server that somebody named may go to this address: not to what hands out credentials in a
    cloud. A name of this machine (``/etc/hosts``) is meant."""
    return may_replay(host, answer, named) or is_loopback(answer)


def tls_context(bundle: Path | None) -> ssl.SSLContext:
    """Certificates are checked against the authorities of httpx and of the system, and those of ``bundle``.

    Raises UsageError for a bundle that cannot be read.
    """
    import httpx

    context = httpx.create_ssl_context()
    context.load_default_certs()
    if bundle is not None:
        try:
            context.load_verify_locations(cafile=bundle)
        except OSError:  # ssl.SSLError is one
            hint = "name a file with certificates in PEM form (BEGIN CERTIFICATE)"
            raise UsageError("--ca-bundle: the file cannot be read as certificates", hint=hint) from None
    return context
