"""Listening to an exchange of a RabbitMQ: through a queue of our own that is gone with the connection.

A queue that is there already is never read: what is consumed from it, its owner never gets.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from retailctl import __version__
from retailctl.connect.brokers import BrokerAddress
from retailctl.errors import IncompleteError, UsageError
from retailctl.model.event_message import LARGEST, CaptureLimits, Message

SCHEMES: Final = {"amqps": (True, 5671), "amqp": (False, 5672)}
_EXTRA_HINT: Final = "install it with: pip install 'retailctl[events]'"
_TICK: Final = 0.2  # seconds between two looks at the limits
_CONNECT: Final = 10.0
Clock = Callable[[], datetime]


class Exchange:
    """An own exclusive queue, bound to an exchange. Nothing of it stays when it is closed."""

    def __init__(
        self, address: BrokerAddress, exchange: str, keys: tuple[str, ...], clock: Clock | None = None
    ) -> None:
        """Connect and bind. Raises IncompleteError for a broker that is down or refuses, UsageError without pika."""
        try:
            import pika
            from pika.adapters.utils.connection_workflow import AMQPConnectorException
        except ImportError:
            raise UsageError("RabbitMQ needs pika, which is not installed", hint=_EXTRA_HINT) from None
        # Its log would tell hosts and users on stderr, and every failure is told by its exception as well.
        logging.getLogger("pika").setLevel(logging.CRITICAL + 1)
        self._clock: Clock = clock or (lambda: datetime.now(UTC))
        self._errors: tuple[type[Exception], ...] = (pika.exceptions.AMQPError, AMQPConnectorException, OSError)
        self._connection = self._connected(pika, address)
        try:
            self._channel = self._connection.channel()
            declared = self._channel.queue_declare("", exclusive=True, auto_delete=True)
            self._queue = str(declared.method.queue)
            for key in keys:
                self._channel.queue_bind(self._queue, exchange, routing_key=key)
        except self._errors as error:
            self.close()
            raise _told(error) from None

    def _connected(self, pika: Any, address: BrokerAddress) -> Any:
        host, port = address.hosts[0]
        parameters = pika.ConnectionParameters(
            host=host,
            port=port,
            virtual_host=address.virtual or "/",
            credentials=pika.PlainCredentials(address.user or "guest", address.password or "guest"),
            ssl_options=pika.SSLOptions(ssl.create_default_context(), host) if address.tls else None,
            socket_timeout=_CONNECT,
            stack_timeout=_CONNECT * 1.5,
            blocked_connection_timeout=_CONNECT,
            client_properties={"connection_name": f"retailctl {__version__}"},
        )
        try:
            return pika.BlockingConnection(parameters)
        except self._errors as error:
            raise _told(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go, and the queue with it."""
        with suppress(Exception):  # a connection that is broken is closed
            self._connection.close()

    def messages(self, limits: CaptureLimits, stopped: Callable[[], bool] = lambda: False) -> Iterator[Message]:
        """What arrives until a limit is reached. Raises IncompleteError where the broker goes away before.

        The socket is read when the messages before are used up, so no more of them than it holds wait here.
        """
        begun = last = time.monotonic()
        count = 0
        try:
            for method, properties, body in self._channel.consume(self._queue, auto_ack=True, inactivity_timeout=_TICK):
                now = time.monotonic()
                if method is not None:
                    count, last = count + 1, now
                    yield self._message(method, properties, body)
                ended = now - begun >= limits.seconds or now - last >= limits.idle
                if ended or count >= limits.count or stopped():
                    return
        except self._errors as error:
            raise _told(error) from None
        raise IncompleteError("the broker took the queue away", hint="run it again; nothing was compared")

    def _message(self, method: Any, properties: Any, body: bytes) -> Message:
        attributes = {"routing_key": str(method.routing_key)}
        for name, value in (("id", properties.message_id), ("type", properties.type)):
            if value:
                attributes[name] = str(value)
        if properties.timestamp:
            with suppress(ValueError, OverflowError, OSError):  # a number that is no time
                attributes["time"] = datetime.fromtimestamp(properties.timestamp, UTC).isoformat()
        return Message(
            body[: LARGEST + 1], headers=_headers(properties.headers), attributes=attributes, arrived=self._clock()
        )


def _headers(given: Mapping[str, Any] | None) -> dict[str, str]:
    return {
        str(name): value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for name, value in (given or {}).items()
    }


def _told(error: Exception) -> IncompleteError:
    """What happened, in words of ours: those of the library hold hosts, and those of the broker may hold more."""
    import pika.exceptions as kinds

    code = getattr(error, "reply_code", 0)
    if isinstance(error, kinds.ProbableAuthenticationError) or "ACCESS_REFUSED - Login" in str(error):
        return IncompleteError("the broker refuses user and password", hint="correct them in the variable of the plan")
    if isinstance(error, kinds.ProbableAccessDeniedError):
        return IncompleteError("the broker refuses its virtual host", hint="correct the path of the address")
    if code == 403:
        hint = "the user needs the right to configure and write its own queue, and to read the exchange"
        return IncompleteError("the broker refuses the queue or the exchange (403)", hint=hint)
    if code == 404:
        return IncompleteError("the broker has no such exchange (404)", hint="correct `exchange:` in the plan")
    if isinstance(error, kinds.ChannelError | kinds.ConnectionClosedByBroker):
        return IncompleteError(
            f"the broker closed the connection ({code or type(error).__name__})", hint="run it again"
        )
    return IncompleteError(f"the broker cannot be reached ({type(error).__name__})", hint="check host, port and TLS")
