"""One connection to one target of a replay: an answer of bounded size within one deadline, or the reason why not.

Each worker has a connection of its own for each side: sharing one client among many workers costs three times as much.
Redirects are answers like any other and are never followed, nothing is sent twice, no proxy, cookie or credential of
the environment is used. No message quotes what a server answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from retailctl import __version__
from retailctl.connect.addresses import Resolve, may_replay
from retailctl.model.http_exchange import FailureKind, HttpAnswer, HttpFailure, HttpRequest

if TYPE_CHECKING:  # loaded with the first connection
    import ssl

MEBIBYTE: Final = 1024 * 1024
_BODILESS: Final = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass(frozen=True, slots=True)
class Connection:
    """How a target is reached. ``headers`` hold secrets: never shown. ``kept`` are the headers of answers to keep."""

    base_url: str
    hosts: Collection[str]
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    kept: Collection[str] = ("content-type",)
    timeout: float = 30.0
    most: int = 8 * MEBIBYTE
    resolver: Resolve | None = None


class ReplayClient:
    """Asks one target, one request at a time; for one thread. ``tls`` is shared between clients."""

    def __init__(self, to: Connection, tls: Callable[[], ssl.SSLContext] | None = None) -> None:
        import httpcore

        from retailctl.connect.guard import Deadline, GuardedBackend

        parts = urlsplit(to.base_url)
        self._to, self._origin, self._prefix = to, _origin(parts), parts.path.rstrip("/")
        self._deadline = Deadline(to.timeout)
        self._fixed = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in to.headers)
        self._own = {name for name, _ in self._fixed}
        self._kept = {name.lower().encode() for name in (*to.kept, "content-encoding")}
        self._host = _host_header(parts)
        self._pool = httpcore.ConnectionPool(
            ssl_context=(tls or tls_context)() if parts.scheme == "https" else None,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=60.0,
            network_backend=GuardedBackend(to.hosts, self._deadline, to.resolver, may_replay),
        )

    def ask(self, request: HttpRequest) -> HttpAnswer | HttpFailure:
        """Send one request and wait for the whole answer; never raises for anything that a server does."""
        start = time.perf_counter()
        try:
            return self._ask(request, start)
        except Exception as error:  # noqa: BLE001 - whatever a library makes of a hostile answer is no answer
            kind, told = _failure(error, self._to)
            return HttpFailure(kind, told, time.perf_counter() - start)

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def _ask(self, request: HttpRequest, start: float) -> HttpAnswer:
        import httpcore

        from retailctl.connect.bodies import bounded

        self._deadline.restart(self._to.timeout)
        scheme, host, port = self._origin
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=scheme, host=host, port=port, target=f"{self._prefix}{request.target}".encode()),
            headers=self._headers(request),
            content=request.body or None,
        )
        answer = self._pool.handle_request(sent)
        try:
            headers = self._answered(answer.headers)
            assert isinstance(answer.stream, Iterable)  # noqa: S101 - the pool is a synchronous one
            body = bounded(answer.stream, headers.get("content-encoding", ""), self._to.most)
        finally:
            answer.close()
        return HttpAnswer(answer.status, headers, body, time.perf_counter() - start)

    def _headers(self, request: HttpRequest) -> list[tuple[bytes, bytes]]:
        from retailctl.connect.bodies import ACCEPTED

        made = [(b"host", self._host), *self._fixed]
        names = {b"host", *self._own}
        for name, value in request.headers:
            encoded = name.lower().encode()
            if encoded not in self._own:
                names.add(encoded)
                made.append((encoded, value.encode("latin-1", "replace")))
        if b"user-agent" not in names:
            made.append((b"user-agent", b"retailctl/%b (replay)" % __version__.encode()))
        if b"accept" not in names:
            made.append((b"accept", b"*/*"))
        made.append((b"accept-encoding", ACCEPTED.encode()))
        if request.body or request.method not in _BODILESS:
            made.append((b"content-length", b"%d" % len(request.body)))
        return made

    def _answered(self, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in headers:
            key = name.lower()
            if key in self._kept:
                text, value_text = key.decode("ascii", "replace"), value.decode("latin-1")
                found[text] = f"{found[text]}, {value_text}" if text in found else value_text
        return found


def tls_context() -> ssl.SSLContext:
    """A context that checks certificates against the usual authorities; costly, so one is made for a whole run."""
    import httpx

    return httpx.create_ssl_context()


def _origin(parts: SplitResult) -> tuple[bytes, bytes, int]:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme.encode(), _host(parts), port


def _host(parts: SplitResult) -> bytes:
    name = parts.hostname or ""
    return name.encode() if name.isascii() else name.encode("idna")


def _host_header(parts: SplitResult) -> bytes:
    host = b"[%b]" % _host(parts) if ":" in (parts.hostname or "") else _host(parts)
    return b"%b:%d" % (host, parts.port) if parts.port else host


def _failure(error: Exception, to: Connection) -> tuple[FailureKind, str]:
    """What went wrong, in our words: those of libraries may quote what was received."""
    import httpcore

    from retailctl.connect.bodies import BodyTooLarge, UnknownEncoding
    from retailctl.connect.guard import AddressRefused

    if isinstance(error, AddressRefused):
        return "refused", "the name of the host leads to an address that a replay must not reach"
    if isinstance(error, BodyTooLarge):
        return "too large", f"more than {to.most:,} bytes"
    if isinstance(error, UnknownEncoding):
        return "packed", "the body is packed in a way that cannot be read"
    if isinstance(error, httpcore.ConnectTimeout | httpcore.ConnectError):
        return "unreachable", "the service cannot be reached, or its certificate is not valid"
    if isinstance(error, httpcore.TimeoutException):
        return "timeout", f"no whole answer within {to.timeout:g} seconds"
    return "protocol", "the service closed the connection, or did not speak HTTP"
