"""CloudEvents envelopes: required context attributes, ``specversion`` 1.0, and the names of attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.api.reading import Paths, access
from retailctl.contracts.events.cloudevents import REQUIRED, SPECVERSION, Envelope, Work, place_of, read_envelope
from retailctl.contracts.events.messages import MessageReader
from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.events.messages import label
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import text
from retailctl.contracts.schemas.document_store import DocumentStore

_BUDGET: Final = 30_000
"""Schemas looked into in one run."""

_NAME: Final = re.compile(r"[a-z0-9]+")


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: CloudEvents 1.0.2, Required Attributes and Naming Conventions."""
    messages = list(context.things("message"))
    ways, paths = access(context.library), Paths(context.library.root_path)
    store = DocumentStore(ways.lookup, ways.value_of, "draft-07")
    default = text(context.root.get("defaultContentType"))
    work = Work(_BUDGET)
    reader = MessageReader(store, ways.follow, default, trait_wins=context.specification.major == 2)
    for thing in messages:
        message = reader.read(thing.value, Place(paths.inner(thing.path), thing.pointer), label(thing))
        envelope = read_envelope(message, store, work) if message is not None else None
        if envelope is not None:
            for found in _problems(envelope, label(thing)):
                at = place_of(found.pointer)
                yield LintFact(paths.outer(at.path), _written(at.pointer), found.id, found.args)


def _problems(envelope: Envelope, name: str) -> Iterator[LintFact]:
    """Facts whose pointer is a store key."""
    for attribute in REQUIRED:
        found = envelope.attributes.get(attribute)
        if found is None and envelope.complete:
            yield fact("cloudevents-attribute-missing", ("", envelope.key), attribute=attribute, name=name)
        elif found is not None and not found.required and envelope.complete:
            yield fact("cloudevents-attribute-optional", ("", found.key), attribute=attribute, name=name)
    for attribute in envelope.extensions:
        if not _NAME.fullmatch(attribute):
            yield fact("cloudevents-attribute-name", ("", envelope.attributes[attribute].key), attribute=attribute)
    version = envelope.attributes.get("specversion")
    if version is None:
        return
    if version.values is None:
        yield fact("cloudevents-specversion-open", ("", version.key), name=name)
    elif version.values != (SPECVERSION,):
        yield fact("cloudevents-specversion", ("", version.key), name=name)


def _written(pointer: str) -> str:
    """A schema that was merged from layers stands where the last of them does."""
    return pointer.partition("/(merged)")[0]
