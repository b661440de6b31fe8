"""CLS-10: what an interface carries is tagged, as far as its contract shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import named
from retailctl.policy.checks.payload_fields import fields_of
from retailctl.policy.context import CheckContext

_MOST = 3


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per interface. Fields of the operation that it is, or of the messages under its contract.

    Params: ``classes``: class -> ``fields`` (patterns of whole names) and ``tags`` (of ``data``, any of which will do).
    """
    classes = {
        name: (
            re.compile("|".join(f"(?:{pattern})" for pattern in row["fields"]), re.IGNORECASE),
            frozenset(row["tags"]),
        )
        for name, row in context.params["classes"].items()
    }
    for entry in context.estate.of("interface").values():
        yield _judge(entry, classes, context)


def _judge(
    entry: Entry, classes: Mapping[str, tuple[re.Pattern[str], frozenset[str]]], context: CheckContext
) -> Outcome:
    interface: Interface = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    tags = interface.classification.data if interface.classification else None
    if tags is None:
        return Outcome(decision="unknown", missing="interface.classification.data", locations=entry.origins[:1], **base)
    fields = fields_of(interface, context.estate) if interface.contract else ()
    found = {}
    for name, (pattern, fitting) in classes.items():
        if not fitting & {tag.lower() for tag in tags}:
            hits = [field for field in fields or () if pattern.fullmatch(field)]
            found.update({name: hits} if hits else {})
    if found:
        told = "; ".join(f"{name} ({named(hits[:_MOST])})" for name, hits in found.items())
        return Outcome(
            decision="fail",
            message=f"{entry.id} is tagged {', '.join(tags) or 'as nothing'}, and its contract carries {told}",
            locations=(context.place(entry.id, "classification/data"), context.place(entry.id, "contract")),
            **base,
        )
    if fields is None:
        missing = "the contract document"
        return Outcome(decision="unknown", missing=missing, locations=(context.place(entry.id, "contract"),), **base)
    return Outcome(decision="pass", **base)
