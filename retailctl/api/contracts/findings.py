"""Judged changes as findings: message, places on both sides, witness, consumers, fingerprint."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from retailctl.api.contracts.called import Called, called
from retailctl.api.contracts.sources import Source
from retailctl.contracts.api.model import EVENTS, ApiDocument, Place
from retailctl.contracts.changes.change import Occurrence, Pair
from retailctl.contracts.judging import Judged
from retailctl.contracts.rules.levels import SEVERITIES
from retailctl.contracts.rules.rules import ChangeRule, rule
from retailctl.errors import Location
from retailctl.model.contract_change import AffectedConsumer, AffectedOperation, ContractChange
from retailctl.model.finding import Evidence, Finding, Severity, fingerprint

if TYPE_CHECKING:  # the inventory and its models are read only where there is a workspace
    from retailctl.api.contracts.consumers import Consumers

_SHOWN = 160
_FIX: Final = {
    "request": "Let the new schema read what the old one wrote (optional, or with a default), or publish a new event "
    "and drain the old one.",
    "response": "Go on writing what the old schema reads until its consumers have moved, or publish a new event.",
}
_POSITION: Final = re.compile(r"\b(?:request|response) (property|body)\b")


@dataclass(frozen=True)
class About:
    """What the findings of one comparison have in common. ``paths`` are the documents that consumers may name."""

    old: Source
    new: Source
    contract: str | None = None
    paths: tuple[str, ...] = ()
    consumers: Consumers | None = None
    owner: str | None = None
    domain: str | None = None

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """Address of the channel by the label of a message, on either side."""
        from retailctl.api.contracts.carried import addresses_of
        from retailctl.contracts.events.model import EventDocument

        sides = [side.api for side in (self.new, self.old) if isinstance(side.api, EventDocument)]
        return {label: address for side in sides for label, address in addresses_of(side).items()}


@dataclass(frozen=True, slots=True)
class _Shared:
    """What many findings have in common: one component is often reached by hundreds of operations."""

    consumers: dict[tuple[str, ...], tuple[AffectedConsumer, ...]]
    lists: dict[tuple[Occurrence, ...], tuple[AffectedOperation, ...]]
    single: dict[Occurrence, AffectedOperation]

    def affected(self, occurrences: tuple[Occurrence, ...]) -> tuple[AffectedOperation, ...]:
        """The operations in the words of the report; the same objects for the same operations."""
        found = self.lists.get(occurrences)
        if found is None:
            found = tuple(self._one(occurrence) for occurrence in occurrences)
            self.lists[occurrences] = found
        return found

    def _one(self, occurrence: Occurrence) -> AffectedOperation:
        return self.single.setdefault(occurrence, AffectedOperation(*occurrence))


def findings_of(judged: Iterable[Judged], about: About, pairs: Iterable[Pair] = ()) -> list[Finding]:
    """One finding per judged change. ``pairs`` are the operations that are the same on both sides: who consumes one
    calls it as the base has it, wherever the revision has moved it to."""
    operations = {**_called(about.new.api), **_called(about.old.api)}
    operations |= {pair.label: Called(pair.old.method, pair.old.urls) for pair in pairs}
    shared = _Shared({}, {}, {})
    return [_finding(one, about, operations, shared) for one in judged]


def _finding(
    one: Judged,
    about: About,
    operations: Mapping[str, Called],
    shared: _Shared,
) -> Finding:
    change, row = one.change, rule(one.change.id)
    subject = f"{about.contract}: {change.subject}" if about.contract else change.subject
    locations, related = _places(one, row, about)
    old, new = shown(change.old), shown(change.new)
    severity: Severity = SEVERITIES[one.level] or "info"
    labels = change.operations
    consumers: tuple[AffectedConsumer, ...] = ()
    is_known = about.consumers is not None and about.consumers.knows(about.paths)
    if about.consumers is not None and is_known and one.level != "INFO":
        if labels not in shared.consumers:
            shared.consumers[labels] = _affected(about, about.consumers, labels, operations)
        consumers = shared.consumers[labels]
    return Finding(
        rule=row.id,
        name=row.docs,
        verdict=one.verdict,
        severity=severity,
        subject=subject,
        message=_message(one, row, old, new, is_event=about.new.api.family in EVENTS),
        fix=_fix(one, is_event=about.new.api.family in EVENTS),
        locations=locations,
        related=related,
        owner=about.owner,
        domain=about.domain,
        stage="build",
        fingerprint=fingerprint(row.id, subject, change.pointer),
        change=ContractChange(
            direction=change.direction,
            operation=labels[0] if labels else "",
            operations=shared.affected(change.occurrences),
            area=row.area,
            kind=row.kind,
            action=row.action,
            contract=about.contract,
            old=old,
            new=new,
            witness=one.witness,
            no_witness=one.no_witness,
            consumers=consumers,
            consumers_known=is_known,
            note=one.note,
        ),
    )


def _affected(
    about: About, consumers: Consumers, labels: tuple[str, ...], operations: Mapping[str, Called]
) -> tuple[AffectedConsumer, ...]:
    if about.new.api.family not in EVENTS:
        return consumers.of(about.paths, list(called(operations, labels)))
    return consumers.of_messages(about.paths, {about.addresses[label] for label in labels if label in about.addresses})


def _message(one: Judged, row: ChangeRule, old: str, new: str, *, is_event: bool) -> str:
    change = one.change
    name = change.schema.fact.name if change.schema is not None else ""
    text = row.message(change.what, old=old or name, new=new or name, where=change.location)
    if is_event:  # the rows of a schema speak of requests and responses, a message is neither
        text = _POSITION.sub(r"\1", text, count=1).removeprefix("body ")
    return f"{text} ({one.note})" if one.note else text


def _fix(one: Judged, *, is_event: bool) -> str:
    if one.level == "ERR" and is_event and one.change.direction != "none":
        return _FIX[one.change.direction]
    if one.level == "ERR":
        return "Keep the old form working, or publish it as a new major version and move the consumers first."
    if one.verdict == "unknown":
        return "Look at both sides: what could not be decided is neither a pass nor a break."
    return ""


def _places(one: Judged, row: ChangeRule, about: About) -> tuple[tuple[Location, ...], tuple[Evidence, ...]]:
    """The revision first, the base beside it; the base first for what is gone, where it is another file."""
    change = one.change
    old = _locate(about.old, change.old_place)
    new = _locate(about.new, change.new_place)
    gone = row.action == "remove" and old is not None and (new is None or old.path != new.path)
    first, second, words = (old, new, "the revision") if gone else (new, old, "the base")
    if first is None:
        return ((second,) if second is not None else ()), ()
    return (first,), ((Evidence(words, second),) if second is not None else ())


def _locate(source: Source, place: Place | None) -> Location | None:
    return source.locate(place) if place is not None else None


def _called(api: ApiDocument) -> dict[str, Called]:
    return {operation.label: Called(operation.method, operation.urls) for operation in api.operations}


def shown(value: object) -> str:
    """A value of a document as short text."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict | tuple):
        text = json.dumps(value, ensure_ascii=False, default=str)
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
