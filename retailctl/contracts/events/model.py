"""The normal form of an event contract (contracts.md sections 4.2 and 5.5): who sends which message where.

Source: AsyncAPI 2.0 to 2.6 and 3.0 to 3.1. Nothing is inlined: a payload is named by its store key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeVar, cast

from retailctl.contracts.api.model import ApiDocument, Place

# What the described application does with the message.
Role = Literal["send", "receive"]
T = TypeVar("T")
P = ParamSpec("P")
JSON_SCHEMA: Final = "application/schema+json"


@dataclass(frozen=True, slots=True)
class Payload:
    """A schema and the language it is written in: :data:`JSON_SCHEMA`, or the schema format as written.

    ``key`` is of the schema in the store; it means something for JSON Schema only. ``raw`` is what is written there.
    """

    key: str
    format: str
    place: Place
    raw: object = None
    _forms: dict[object, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    def form(self, read: Callable[Concatenate[object, P], T], *more: P.args, **named: P.kwargs) -> T:
        """What the reader of its language makes of ``raw``, made once: a version is held against many others, and what
        was compared is then asked for its problems. What else the reader is given may not change what it makes."""
        if read not in self._forms:
            self._forms[read] = read(self.raw, *more, **named)
        return cast(T, self._forms[read])

    def derived(self, make: Callable[Concatenate[Payload, P], T], *more: P.args, **named: P.kwargs) -> T:
        """What a function makes of it, made once."""
        if make not in self._forms:
            self._forms[make] = make(self, *more, **named)
        return cast(T, self._forms[make])

    @property
    def is_json_schema(self) -> bool:
        """True where the schema can be compared as a relation."""
        return self.format == JSON_SCHEMA


@dataclass(frozen=True, slots=True)
class Binding:
    """One value of a protocol binding; ``path`` is the names that lead to it: ``("exchange", "name")``."""

    protocol: str
    path: tuple[str, ...]
    value: object
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a channel. ``is_named`` is False where the document gives no name and a key stands for it.

    ``key_schema`` is the schema of a Kafka key. ``correlation_id`` is the location, "" for none.
    """

    name: str
    place: Place
    is_named: bool = False
    payload: Payload | None = None
    headers: Payload | None = None
    key_schema: Payload | None = None
    content_type: str = ""
    correlation_id: str = ""
    bindings: tuple[Binding, ...] = ()

    @property
    def schemas(self) -> Mapping[str, Payload | None]:
        """The schemas of its parts, None for a part without one."""
        return {"payload": self.payload, "headers": self.headers, "key": self.key_schema}


@dataclass(frozen=True, slots=True)
class Reply:
    """Where the answer to a message goes: a location in the message, or the address of a channel."""

    address: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Everything that the application does in one role on one channel; the messages by name."""

    role: Role
    place: Place
    messages: Mapping[str, Message] = field(default_factory=dict)
    bindings: tuple[Binding, ...] = ()
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An address and what happens there. ``key`` is the address with its parameters made nameless."""

    key: str
    address: str
    place: Place
    bindings: tuple[Binding, ...] = ()
    exchanges: Mapping[Role, Exchange] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventServer:
    """A broker: the host with its port, the path after it, and the protocol as written, in lower case."""

    name: str
    host: str
    pathname: str
    protocol: str
    place: Place
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDocument(ApiDocument):
    """A contract document that describes messages; it has no operations that are called.

    ``channels`` by key. A stand-alone schema is one message sent on a channel with the address "".
    """

    channels: Mapping[str, Channel] = field(default_factory=dict)
    event_servers: tuple[EventServer, ...] = ()

    @property
    def messages(self) -> Iterator[Message]:
        """Every message of every channel."""
        for channel in self.channels.values():
            for exchange in channel.exchanges.values():
                yield from exchange.messages.values()


def label(message: Message, channel: Channel) -> str:
    """How people name a message: ``message OrderPaid on orders.paid``."""
    return f"message {message.name} on {channel.address}" if channel.address else f"message {message.name}"


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, or nothing where it is no mapping."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """The value, or "" where it is no text."""
    return value if isinstance(value, str) else ""
