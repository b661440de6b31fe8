"""What goes to a service and what comes back, without any library: the seam between replay and the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

FailureKind = Literal["unreachable", "refused", "timeout", "too large", "protocol", "packed", "stopped"]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request: ``target`` is path and query, ``headers`` are those that are sent as they are."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it was recorded, secrets left out.

    ``number`` counts from 1; ``time`` is in seconds from any start; requests of one ``session`` keep their order;
    ``answer`` is the recorded body of the answer, where there is one.
    """

    number: int
    line: int
    request: HttpRequest
    time: float | None = None
    session: str = ""
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer; header names are in small letters. ``seconds`` from sending to the last byte."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class HttpFailure:
    """No answer that could be compared. ``told`` is a sentence of ours: nothing that a server sent is in it."""

    kind: FailureKind
    told: str
    seconds: float = 0.0


class Asks(Protocol):
    """One connection to one target."""

    def ask(self, request: HttpRequest) -> HttpAnswer | HttpFailure:
        """Send one request and wait for its answer; never raises for anything that a server does."""

    def close(self) -> None:
        """Close the connection."""
