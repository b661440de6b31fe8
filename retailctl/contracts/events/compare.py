"""Two event contracts to the changes between them; payloads and headers go through the relation of API bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from retailctl.contracts.api.model import ApiDocument, Place
from retailctl.contracts.api.urls import erased
from retailctl.contracts.changes.change import Change, CompareOptions, Occurrence
from retailctl.contracts.changes.compare import Comparison
from retailctl.contracts.changes.slots import Slot, SlotClass
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.growth import payload_growth_at
from retailctl.contracts.compatibility.languages import compare_written, language_of, within
from retailctl.contracts.compatibility.modes import DEFAULT, READINGS, Reading, asked
from retailctl.contracts.events.cloudevents import envelope_changes
from retailctl.contracts.events.enumerations import as_open
from retailctl.contracts.events.matching import match_channels, match_messages
from retailctl.contracts.events.model import (
    JSON_SCHEMA,
    Channel,
    EventDocument,
    Exchange,
    Message,
    Payload,
    Role,
    label,
)
from retailctl.contracts.events.protocol import Around, compare_bindings, compare_servers
from retailctl.model.compatibility import Compatibility

_SENT: Final[SlotClass] = SlotClass(kind="response-body", polarity="out")
_TAKEN: Final[SlotClass] = SlotClass(kind="request-body", polarity="in")
_WITH_ROLES: Final = frozenset({"asyncapi-2", "asyncapi-3"})
_READS: Final[dict[Role, frozenset[Reading]]] = {"send": frozenset({"forward"}), "receive": frozenset({"backward"})}
_DOES: Final = {"send": "sends", "receive": "receives"}
_VERSION_KEYS: Final = {"json-schema": "$schema"}
_IN_MESSAGE: Final = "$message."
_NO_HEADERS: Final = {"type": "object"}
_Places = tuple[Place, Place]


class ReadingFound(NamedTuple):
    """What changed in a schema that data is read with, in which message, and the readings that count there."""

    change: ReadingChange
    occurrence: Occurrence
    asked: frozenset[Reading]


def compare_events(
    old: ApiDocument, new: ApiDocument, options: CompareOptions, mode: Compatibility | None = None
) -> EventComparison:
    """Compare two event contracts. Raises TypeError for a document of another kind.

    Under a mode every schema is held against the readings that it asks for; without one, against those of the role: who
    subscribes to what is sent reads it with the old schema, what is received is read with the new one. A schema that
    stands alone has no role: :data:`~retailctl.contracts.compatibility.modes.DEFAULT` holds. Changes have our names
    whatever the naming asked for: no other tool has names for them.
    """
    if not isinstance(old, EventDocument) or not isinstance(new, EventDocument):
        raise TypeError("an event contract is compared with an event contract")
    if mode is None and new.family not in _WITH_ROLES:
        mode = DEFAULT
    return EventComparison(old, new, replace(options, naming="retailctl"), mode)


class _Meeting(NamedTuple):
    """One message on both sides, and where."""

    old: Message
    new: Message
    channel: Channel
    role: Role

    @property
    def label(self) -> str:
        """As the new side names it."""
        return label(self.new, self.channel)


class EventComparison(Comparison):
    """The comparison of two event contracts of one kind.

    The schema of a sent message stands in the position of a response, that of a received one in that of a request;
    under a mode it stands in both. ``readings`` are the changes of schemas in other languages than JSON Schema.
    """

    def __init__(
        self, old: EventDocument, new: EventDocument, options: CompareOptions, mode: Compatibility | None
    ) -> None:
        self._names = (dict(old.schema_names), dict(new.schema_names))
        if old.family != new.family or new.family in _WITH_ROLES:  # names of translated schemas come to them
            old, new = (replace(one, schema_names=names) for one, names in zip((old, new), self._names, strict=True))
        self._events = (old, new)
        self.mode = mode
        self.readings: list[ReadingFound] = []
        super().__init__(old, new, options)

    def _run(self) -> Iterator[Change]:
        old, new = self._events
        if old.version != new.version:
            place = Place("", "").at(_VERSION_KEYS.get(new.family, "asyncapi"))
            self._out.add("document-version-changed", subject="document", what=new.version, old=old.version,
                          new=new.version, old_place=place, new_place=place)  # fmt: skip
        compare_servers(old.event_servers, new.event_servers, self._out)
        found = match_channels(old.channels, new.channels)
        root = Place("", "/channels")
        for channel in found.removed:
            self._channel("channel-removed", channel, channel.place, root)
        for channel in found.added:
            self._channel("channel-added", channel, root, channel.place)
        for one, other in found.moved:
            self._channel("channel-address-changed", other, one.place, other.place, old=one.address, new=other.address)
        for one, other in (*found.pairs, *found.moved):
            self._pair_of_channels(one, other)
        self._reach()
        yield from self._out.changes()
        for node in self.graph.nodes:
            for fact in node.facts:
                told = as_open(fact, self.graph.schema(node.old_key, new=False))
                yield from self._named(node, told)

    def _channel(
        self, id: str, channel: Channel, old_place: Place, new_place: Place, /, **more: object
    ) -> None:  # fmt: skip
        """Report a channel with what it carries; where a reply goes is told of the reply."""
        if channel.address.startswith(_IN_MESSAGE) or str(more.get("old")).startswith(_IN_MESSAGE):
            return
        carried = [
            Occurrence(label(message, channel), _DOES[role])
            for role, exchange in channel.exchanges.items()
            for message in exchange.messages.values()
        ]
        self._out.add(id, subject=f"channel {channel.key}", what=channel.address, old_place=old_place,
                      new_place=new_place, occurrences=carried or [Occurrence(f"channel {channel.address}")],
                      **more)  # fmt: skip

    def _pair_of_channels(self, old: Channel, new: Channel) -> None:
        around = Around("channel", f"channel {new.key}", new.address, (old.place, new.place),
                        (Occurrence(f"channel {new.address}", "bindings"),))  # fmt: skip
        compare_bindings(old.bindings, new.bindings, around, self._out)
        roles: tuple[Role, Role] = ("send", "receive")
        for role, other in (roles, roles[::-1]):
            if set(old.exchanges) == {role} and set(new.exchanges) == {other}:
                self._channel("operation-action-changed", new, old.exchanges[role].place, new.exchanges[other].place,
                              old=_DOES[role], new=_DOES[other])  # fmt: skip
                return
        for role in roles:
            before, after = old.exchanges.get(role), new.exchanges.get(role)
            if before is not None or after is not None:
                self._exchange(
                    before or Exchange(role=role, place=old.place), after or Exchange(role=role, place=new.place), new
                )

    def _exchange(self, old: Exchange, new: Exchange, channel: Channel) -> None:
        if old.messages and new.messages:
            does = _DOES[new.role]
            around = Around("operation", f"channel {channel.key}", f"{does} on {channel.address}",
                            (old.place, new.place), (Occurrence(f"channel {channel.address}", does),))  # fmt: skip
            compare_bindings(old.bindings, new.bindings, around, self._out)
            self._reply(old, new, channel)
        found = match_messages(old.messages, new.messages)
        word = "sent" if new.role == "send" else "received"
        for message in found.removed:
            self._message(f"{word}-message-removed", message, channel, message.place, new.place, new.role)
        for message in found.added:
            self._message(f"{word}-message-added", message, channel, old.place, message.place, new.role)
        for one, other in found.renamed:
            self._message("message-renamed", other, channel, one.place, other.place, new.role,
                          old=one.name, new=other.name)  # fmt: skip
        for one, other in found.pairs:
            self._pair_of_messages(one, other, channel, new.role)

    def _reply(self, old: Exchange, new: Exchange, channel: Channel) -> None:
        one, other = old.reply, new.reply
        before, after = one.address if one else "", other.address if other else ""
        if erased(before) == erased(after) and (one is None) == (other is None):
            return
        action = "added" if one is None else "removed" if other is None else "address-changed"
        self._out.add(f"reply-{action}", subject=f"channel {channel.key}", pointer="/reply", what=channel.address,
                      old=before, new=after, old_place=one.place if one else old.place,
                      new_place=other.place if other else new.place,
                      occurrences=(Occurrence(f"channel {channel.address}", "reply"),))  # fmt: skip

    def _pair_of_messages(self, old: Message, new: Message, channel: Channel, role: Role) -> None:
        meeting = _Meeting(old, new, channel, role)
        if old.content_type and new.content_type and _bare(old.content_type) != _bare(new.content_type):
            self._inside("message-content-type-changed", meeting, "content type", old=old.content_type,
                         new=new.content_type)  # fmt: skip
        if old.correlation_id != new.correlation_id:
            action = "added" if not old.correlation_id else "removed" if not new.correlation_id else "changed"
            self._inside(f"correlation-id-{action}", meeting, "correlation id", old=old.correlation_id,
                         new=new.correlation_id)  # fmt: skip
        name = f"message {new.name}"
        around = Around("message", name, name, (old.place, new.place), (Occurrence(meeting.label, "bindings"),))
        compare_bindings(old.bindings, new.bindings, around, self._out)
        self._schemas("payload", old.payload, new.payload, meeting)
        self._schemas("key", old.key_schema, new.key_schema, meeting)
        for change in envelope_changes(
            (old, self._events[0].schemas), (new, self._events[1].schemas), sent=role == "send"
        ):
            self._inside(change.id, meeting, change.attribute or "envelope", old=change.old, new=change.new)
        if old.headers is not None or new.headers is not None:
            headers = [one.headers or self._no_headers(one, side) for side, one in enumerate((old, new))]
            self._schemas("headers", headers[0], headers[1], meeting)

    def _no_headers(self, message: Message, side: int) -> Payload:
        """Headers without a schema are an object of anything."""
        place = message.place.at("headers")
        self._events[side].schemas.make(place.key, _NO_HEADERS)
        return Payload(place.key, JSON_SCHEMA, message.place, _NO_HEADERS)

    def _schemas(self, part: str, old: Payload | None, new: Payload | None, meeting: _Meeting) -> None:
        if old is None or new is None:
            word = "sent" if meeting.role == "send" else "received"
            if old is not None or new is not None:
                id = f"message-{part}-removed" if new is None else f"{word}-message-{part}-added"
                self._inside(id, meeting, part)
        elif old.format != new.format:
            self._translated(part, old, new, meeting)
        elif new.is_json_schema:
            self._relate(part, old, new, meeting)
        elif old.raw == new.raw:
            return
        elif (language := language_of(new.format)) is not None and not (_is_elsewhere(old) or _is_elsewhere(new)):
            grown = payload_growth_at(old, new)
            self.readings.extend(
                ReadingFound(change, Occurrence(meeting.label, part), self._reads(meeting))
                for change in compare_written(language, old, new, self.options.category, grown)
            )
        else:
            self._inside("message-schema-undecided", meeting, part, new=new.format, undecided=True)

    def _reads(self, meeting: _Meeting) -> frozenset[Reading]:
        return _READS[meeting.role] if self.mode is None else asked(self.mode)

    def _relate(self, part: str, old: Payload, new: Payload, meeting: _Meeting) -> None:
        role = _SENT if meeting.role == "send" else _TAKEN
        for group in (role,) if self.mode is None else (_TAKEN, _SENT):
            self._put(Slot(operation=meeting.label, label=part, group=group, old=old.key, new=new.key,
                           old_place=old.place, new_place=new.place))  # fmt: skip

    def _translated(self, part: str, old: Payload, new: Payload, meeting: _Meeting) -> None:
        """A schema in another language than before: compared as JSON shows the data where both can be put so."""
        from retailctl.contracts.events.translation import TRANSLATED, translated  # loads Avro

        if {old.format, new.format} <= TRANSLATED and not (_is_elsewhere(old) or _is_elsewhere(new)):
            one = translated(old, self._events[0].schemas, self._names[0])
            other = translated(new, self._events[1].schemas, self._names[1])
            if one is None or other is None:
                self._inside("message-schema-undecided", meeting, part, new="Avro that is not valid", undecided=True)
                return
            self._inside("message-schema-translated", meeting, part, old=old.format, new=new.format)
            if lost := one.lost or other.lost:
                place = within((old if one.lost else new).place, lost[0].place)
                self._inside("message-schema-unsaid", meeting, part, new="; ".join(row.text for row in lost),
                             places=(place, new.place) if one.lost else (old.place, place))  # fmt: skip
            self._relate(part, one.payload, other.payload, meeting)
            return
        change = ReadingChange(
            id="message-schema-format-changed", subject=f"message {meeting.new.name}", pointer=f"/{part}",
            what=f"message {meeting.new.name}", location=part, old=old.format, new=new.format,
            broken=frozenset(READINGS), old_place=old.place, new_place=new.place,
            witness=lambda _: "no message of the one language is a message of the other",
        )  # fmt: skip
        self.readings.append(ReadingFound(change, Occurrence(meeting.label, part), self._reads(meeting)))

    def _inside(self, id: str, meeting: _Meeting, part: str, places: _Places | None = None, **more: object) -> None:
        """Report what changed in a message; a message that stands on several channels changed once."""
        name = f"message {meeting.new.name}"
        found = [
            payload.place if payload is not None else message.place
            for message in (meeting.old, meeting.new)
            for payload in [message.schemas.get(part)]
        ]
        old_place, new_place = places or found
        self._out.add(id, subject=name, pointer=f"/{part}", what=name, location=part,
                      old_place=old_place, new_place=new_place,
                      direction="response" if meeting.role == "send" else "request",
                      occurrences=(Occurrence(meeting.label, part),), **more)  # fmt: skip

    def _message(
        self, id: str, message: Message, channel: Channel, old_place: Place, new_place: Place, role: Role, /,
        **more: object,
    ) -> None:  # fmt: skip
        name = label(message, channel)
        self._out.add(id, subject=f"message {message.name} on {channel.key}" if channel.key else name, what=name,
                      pointer=f"/{role}", old_place=old_place, new_place=new_place,
                      direction="response" if role == "send" else "request",
                      occurrences=(Occurrence(name, _DOES[role]),), **more)  # fmt: skip


def _is_elsewhere(payload: Payload) -> bool:
    """True for a reference that was not followed: what it leads to cannot be compared."""
    return isinstance(payload.raw, dict) and "$ref" in payload.raw


def _bare(content_type: str) -> str:
    """Without its spelling: ``application/json; charset=utf-8`` is JSON as JSON always is."""
    bare, _, rest = content_type.lower().partition(";")
    parameters = sorted(part.strip() for part in rest.split(";") if part.strip() not in ("", "charset=utf-8"))
    return ";".join((bare.strip(), *parameters))
