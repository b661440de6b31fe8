"""Sockets under guard: checked addresses only, and one deadline for everything that happens on them.

The transport of httpx limits each read; a server that sends one byte a second never exceeds that. Here every wait is
cut to what is left of the deadline, headers and handshake included. A connection goes to the very address that was
checked, so that a second answer of the name server cannot lead elsewhere.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator

import httpcore
import httpx

from retailctl.connect.addresses import Resolve, may_reach, resolve

Clock = Callable[[], float]
MayReach = Callable[[str, str, Collection[str]], bool]
"""(host, one of its addresses, hosts allowed by name) -> whether a connection may go there."""


class AddressRefused(Exception):
    """The name of the host leads to an address that it must not lead to."""


class Deadline:
    """How long there is, for everything together."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock, self._end = clock, clock() + seconds

    def restart(self, seconds: float) -> None:
        """Begin anew: for a connection that is used for one request after the other."""
        self._end = self._clock() + seconds

    def left(self) -> float:
        """Seconds that remain; zero or less when it is over."""
        return self._end - self._clock()

    def cut(self, timeout: float | None) -> float:
        """The wait that is allowed now. Raises ReadTimeout when the time is over."""
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(timeout, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to addresses that were checked."""

    def __init__(
        self, named: Collection[str], deadline: Deadline, ask: Resolve | None = None, may: MayReach = may_reach
    ) -> None:
        self._named, self._deadline, self._ask, self._may = named, deadline, ask, may
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. Raises AddressRefused, or ConnectError as httpcore does."""
        try:
            answers = resolve(host, port, self._deadline.cut(timeout), self._ask)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from None
        except OSError:
            raise httpcore.ConnectError("the name of the host cannot be resolved") from None
        if not answers or not all(self._may(host, answer, self._named) for answer in answers):
            raise AddressRefused
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for answer in answers:
            try:
                wait = self._deadline.cut(timeout)
                stream = self._inner.connect_tcp(answer, port, wait, local_address, socket_options)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError("no address")


class _Stream(httpcore.NetworkStream):
    """A connection on which every wait ends with the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class GuardedTransport(httpx.BaseTransport):
    """The transport of httpx on guarded sockets: HTTP/1.1, one connection, no proxy, certificates checked."""

    def __init__(self, backend: httpcore.NetworkBackend, context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=1, max_keepalive_connections=0, network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; errors are those of httpcore."""
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        body = answer.stream
        assert isinstance(body, Iterable)  # noqa: S101 - the pool is a synchronous one
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(body), extensions=answer.extensions)

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()
