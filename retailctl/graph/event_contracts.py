"""Which messages of a contract an event of the inventory is, and what they say of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from retailctl.errors import Location
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.estate import Entry, Estate
from retailctl.model.estate_nouns import Event
from retailctl.model.event_facts import Attribute, MessageFact, Statement

_VERSION: Final = re.compile(r"[.\-_]v[0-9]+$")
_STEP: Final = re.compile(r"[./]")

# Attribute -> field of the inventory that says the same.
DECLARED: Final[Mapping[Attribute, str]] = {
    "owner": "owner",
    "kind": "kind",
    "idempotency": "idempotency",
    "ordering": "ordering",
    "retention": "retention",
    "replay": "replay",
    "dead_letter": "dlq",
    "publisher": "publisher",
}


class Said(NamedTuple):
    """What one source says: its words, its name, and where it says so."""

    value: str
    source: str
    location: Location


@dataclass(frozen=True, slots=True)
class EventContract:
    """The contract of one event.

    ``document`` is None while none is named or it is of a kind that is not read. ``messages`` are those of the document
    that are this event; ``statements`` what they and ``contract.yaml`` say, in order of precedence.
    """

    entry: Entry
    document: ContractDocument | None = None
    messages: tuple[MessageFact, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def event(self) -> Event:
        """The event as the inventory has it."""
        event: Event = self.entry.noun
        return event

    def declared(self, attribute: Attribute) -> Said | None:
        """What the inventory says; "" is something that is said."""
        name = DECLARED.get(attribute, "")
        value = getattr(self.event, name) if name else None
        if value is None:
            return None
        origin = self.entry.origins[0]
        place = replace(origin, pointer=f"{origin.pointer}/{name}", line=0, column=0)
        return Said(str(getattr(value, "name", value)), "inventory", place)

    def contracted(self, attribute: Attribute) -> Iterator[Said]:
        """What the contract says, the statement that counts first."""
        return (said(one) for one in self.statements if one.attribute == attribute)

    def known(self, attribute: Attribute) -> Said | None:
        """What the inventory says, else the contract."""
        return self.declared(attribute) or next(self.contracted(attribute), None)


def said(statement: Statement) -> Said:
    """A statement of a contract with its place as findings have it."""
    place = statement.place
    return Said(statement.value, statement.source, Location(place.path, pointer=place.pointer))


def event_contracts(estate: Estate) -> dict[str, EventContract]:
    """Event id -> its contract."""
    indexes: dict[str, _Index] = {}
    return {id_: _contract_of(entry, estate, indexes) for id_, entry in estate.of("event").items()}


def _contract_of(entry: Entry, estate: Estate, indexes: dict[str, _Index]) -> EventContract:
    document = estate.documents.get(entry.noun.contract or "")
    if document is None:
        return EventContract(entry)
    if document.path not in indexes:
        indexes[document.path] = _Index(document)
    messages = tuple(indexes[document.path].messages_of(entry.noun))
    statements = [statement for message in messages for statement in message.statements]
    promised = [*statements, *document.promised]
    ordered = dict.fromkeys([one for one in promised if not one.default] + [one for one in promised if one.default])
    return EventContract(entry, document, messages, tuple(ordered))


class _Index:
    """The messages of a document by what events may call them."""

    def __init__(self, document: ContractDocument) -> None:
        alone = [message for message in document.messages if not message.address]
        # A schema that stands alone is every event that names it.
        self._alone = alone if document.format != "openapi" else []
        self._by_address: dict[str, list[MessageFact]] = defaultdict(list)
        self._by_name: dict[str, list[MessageFact]] = defaultdict(list)
        self._templates: list[tuple[list[str], MessageFact]] = []
        for message in document.messages:
            address = _bare(message.address)
            if "{" in address:
                self._templates.append((_STEP.split(address), message))
            elif address:
                self._by_address[address].append(message)
            self._by_name[_bare(message.name)].append(message)

    def messages_of(self, event: Event) -> list[MessageFact]:
        """The messages that are the event: those on its address, of them those of its name where there are any; else
        those of its name."""
        if self._alone:
            return self._alone
        names = _names(event)
        here = [message for name in names for message in self._by_address.get(name, ())]
        here = here or [message for name in names for message in self._on_templates(name)]
        named = [message for name in names for message in self._by_name.get(name, ())]
        both = [message for message in here if any(message is one for one in named)]
        return list({id(one): one for one in both or here or named}.values())

    def _on_templates(self, name: str) -> Iterator[MessageFact]:
        steps = _STEP.split(name)
        for wanted, message in self._templates:
            if len(steps) == len(wanted) and all(map(_fits, wanted, steps)):
                yield message


def _names(event: Event) -> tuple[str, ...]:
    """Names under which a contract may know an event; the version at their end does not count."""
    channel = (event.channel or "").partition("://")[2] or event.channel or ""
    tails = [channel, channel.partition("/")[2], channel.rpartition("/")[2]]
    return tuple(dict.fromkeys(_bare(name) for name in (event.id, event.name or "", *tails) if name))


def _fits(wanted: str, step: str) -> bool:
    """Whether a step of an address is one with parameters: ``eu-{country}`` is what begins with ``eu-``."""
    if "{" not in wanted:
        return wanted == step
    begin, end = wanted.partition("{")[0], wanted.rpartition("}")[2]
    return len(step) > len(begin) + len(end) and step.startswith(begin) and step.endswith(end)


def _bare(name: str) -> str:
    return _VERSION.sub("", name.strip().strip("/").lower())
