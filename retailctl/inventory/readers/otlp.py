"""otlp: traces as OTLP JSON, one object or one per line (the file exporter of the collector writes lines).

Services are systems by the name in their resource. An edge goes from the service of a parent span to that of the server
span below it, with the route of the server. A client span that no server span answers is a call of something that is
not traced: a host, a database, an RPC service. Messages are interfaces and events of their broker, with direction
``in`` for who publishes and ``out`` for who receives (seen from the broker). Counts, failures, first and last day are
of the spans in the file. Traces are samples: they prove use, and cover nothing, so there is no coverage statement.

Spans are joined within blocks of 200,000, so that memory stays bounded; a trace across the border of two blocks may
lose the name of a consumer there, never a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.loose import inner, listing, mapping, number, text
from retailctl.inventory.flows.notes import Complaints, Notes, Place
from retailctl.inventory.flows.spans import (
    CLIENT,
    CONSUMER,
    PRODUCER,
    SERVER,
    Offer,
    Span,
    attributes,
    day_of,
    kind_of,
    offer_of,
)
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import EventKey
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.workspace.formats import JSON
from retailctl.workspace.reader import parse_bytes

_BLOCK: Final = 200_000
_MARK: Final = re.compile(rb'"(?:resourceSpans|resource_spans)"\s*:')
_NAMES: Final = 2_000  # names of spans without attributes that are kept apart; they may hold ids


def _detect(artefact: Artefact) -> float:
    return 0.95 if _MARK.search(artefact.head) and artefact.head.lstrip()[:1] in (b"{", b"[") else 0.0


@dataclass(slots=True)
class _Sum:
    place: Place
    count: int = 0
    failed: int = 0
    first: date | None = None
    last: date | None = None

    def add(self, span: Span) -> None:
        self.count += 1
        self.failed += span.failed
        if span.day is not None:
            self.first = min(self.first or span.day, span.day)
            self.last = max(self.last or span.day, span.day)


_Key = tuple[str, str, str, int, Offer]  # environment, provider, the other service, kind, what


@dataclass(slots=True)
class _Block:
    """Spans that are joined with each other, and the sums over all blocks."""

    owners: dict[str, str] = field(default_factory=dict)
    spans: list[tuple[Span, Place]] = field(default_factory=list)
    sums: dict[_Key, _Sum] = field(default_factory=dict)
    services: dict[tuple[str, str], Place] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def join(self) -> None:
        """Add the spans to the sums, and forget them."""
        answered = {span.parent for span, _ in self.spans if span.kind in (SERVER, CONSUMER)}
        for span, place in self.spans:
            if span.kind == CLIENT and span.id in answered and not isinstance(span.offer.key, EventKey):
                continue  # the server tells the same call, with its route
            caller = self.owners.get(span.parent, "") if span.kind == SERVER else span.service
            caller = "" if span.kind == SERVER and caller == span.service else caller
            provider = span.service if span.kind == SERVER else span.offer.provider
            if not provider and span.offer.key is None:
                continue
            key = (span.environment, provider, caller, span.kind, self._bounded(span.offer))
            self.sums.setdefault(key, _Sum(place)).add(span)
        self.owners.clear()
        self.spans.clear()

    def _bounded(self, offer: Offer) -> Offer:
        if not offer.name or offer.name in self.names:
            return offer
        if len(self.names) >= _NAMES:
            return replace(offer, name="other spans")
        self.names.add(offer.name)
        return offer


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    notes = Notes.on("otlp", artefact, reading)
    complaints = Complaints(artefact)
    block = _Block()
    read = 0
    for place, root in _roots(artefact, reading, complaints):
        if isinstance(root, InputError):
            yield root
            continue
        for resource_place, resource in _resources(place, root):
            read += 1
            if not isinstance(resource, dict):
                yield from complaints.add("is no group of spans", resource_place, "export the traces again")
                continue
            for span_place, span, told in _spans(resource_place, resource):
                _collect(block, notes, span_place, span, told)
                if len(block.owners) >= _BLOCK:
                    block.join()
    block.join()
    if not read and not complaints.count:
        raise artefact.error("INP001", "holds no spans", hint="resourceSpans is missing: export the traces again")
    for (service, environment), where in sorted(block.services.items()):
        yield replace(notes.seen(where, kind="system", name=service), environment=environment or reading.environment)
    for key, total in sorted(block.sums.items(), key=lambda item: repr(item[0])):
        yield from _seen(notes, key, total)
    yield from complaints.rest()


def _roots(artefact: Artefact, reading: Reading, complaints: Complaints) -> Iterator[tuple[Place, Any]]:
    """(line, object) of a file of lines, else (steps, document); a line that cannot be read is its mistake."""
    most = artefact.limits.file_bytes
    with artefact.stream() as stream:
        first = stream.readline(most + 1)
        lines = first.strip().endswith(b"}") and _MARK.search(first) is not None and bool(stream.read(1))
    if not lines:
        yield from artefact.documents()
        return
    with artefact.stream() as stream:
        number_ = 0
        while line := stream.readline(most + 1):
            number_ += 1
            reading.progress(len(line))
            if not line.strip():
                continue
            try:
                limits = artefact.limits
                document = parse_bytes(artefact.path, line, limits=limits, owned=False, require_mapping=False, format=JSON)  # fmt: skip  # noqa: E501
            except InputError as error:
                for told in complaints.add(
                    f"cannot be read: {error.message}"[:200], number_, "export the traces again"
                ):
                    yield number_, told
                if len(line) > most:
                    return
            else:
                yield number_, document.data


def _resources(place: Place, root: object) -> Iterator[tuple[Place, Any]]:
    for number_, part in enumerate(root if isinstance(root, list) else [root]):
        told = mapping(part)
        name = "resourceSpans" if "resourceSpans" in told else "resource_spans"
        for index, resource in enumerate(listing(told.get(name))):
            where: Place = place
            if isinstance(place, tuple):
                where = (*place, *((number_,) if isinstance(root, list) else ()), name, index)
            yield where, resource


def _spans(place: Place, resource: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any], dict[str, str]]]:
    """(place, span, attributes of its resource)."""
    told = attributes(inner(resource, "resource", "attributes"))
    for name in ("scopeSpans", "scope_spans", "instrumentationLibrarySpans"):
        for index, scope in enumerate(listing(resource.get(name))):
            for number_, span in enumerate(listing(inner(scope, "spans"))):
                if isinstance(span, dict):
                    where = place if isinstance(place, int) else (*place, name, index, "spans", number_)
                    yield where, span, told


def _collect(block: _Block, notes: Notes, place: Place, span: dict[str, Any], resource: dict[str, str]) -> None:
    service = resource.get("service.name", "")
    environment = notes.text(resource.get("deployment.environment.name") or resource.get("deployment.environment", ""))
    trace = text(span.get("traceId")).lower()
    id_ = f"{trace} {text(span.get('spanId')).lower()}"
    block.owners[id_] = service
    if service:
        block.services.setdefault((service, environment), place)
    kind = kind_of(span)
    if not kind or not service:
        return
    told = attributes(span.get("attributes"))
    known = notes.reading.templates

    def template(host: str, path: str) -> str | None:
        return known.of(service if kind == SERVER else host, path)

    parent = text(span.get("parentSpanId")).lower()
    offer = offer_of(kind, text(span.get("name")), told, template)
    status = number(inner(span, "status", "code"))
    failed = status == 2 or text(inner(span, "status", "code")) == "STATUS_CODE_ERROR"
    one = Span(id_, f"{trace} {parent}" if parent else "", service, environment, kind, offer, failed, day_of(span))
    block.spans.append((one, place))


def _seen(notes: Notes, key: _Key, total: _Sum) -> Iterator[Seen]:
    environment, provider, service, kind, offer = key
    figures = {"count": total.count, "failed": total.failed or None}
    users = []
    if service:
        users = [SeenConsumer(name=service, first_seen=total.first, last_seen=total.last, count=total.count)]
    wire = offer.key
    if wire is not None and not isinstance(wire, EventKey):
        wire = replace(wire, provider=provider)
    elif isinstance(wire, EventKey):
        wire = replace(wire, provider=provider or None)
    values: dict[str, Any] = {}
    if isinstance(wire, EventKey) or kind in (PRODUCER, CONSUMER):
        values = {"pattern": "event", "mode": "async", "direction": "in" if kind in (PRODUCER, CLIENT) else "out"}
    name = offer.name or ("" if wire is not None else provider)
    seen = [notes.seen(total.place, name=name, key=wire, provider=provider, consumers=users, values=values, figures=figures)]  # fmt: skip  # noqa: E501
    topic = (wire.topic or wire.exchange or "") if isinstance(wire, EventKey) else ""
    if topic:
        listens = kind in (CONSUMER, SERVER)
        told = {**figures, "publishers": [] if listens else [service]}
        seen.append(notes.seen(total.place, kind="event", name=topic, key=wire, consumers=users if listens else (), figures=told))  # fmt: skip  # noqa: E501
    for one in seen:
        yield replace(one, at=total.last or one.at, environment=environment or notes.reading.environment)


READER = Reader("otlp", "OTLP traces", _detect, _read)
