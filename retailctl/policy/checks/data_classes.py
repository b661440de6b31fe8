"""CLS-10: what an interface carries is tagged, as far as its contract shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import named
from retailctl.policy.checks.payload_fields import Payload, payload_of
from retailctl.policy.context import CheckContext

_MOST = 3
Classes = Mapping[str, tuple[re.Pattern[str], frozenset[str]]]


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
        interface: Interface = entry.noun
        about = interface.classification
        without = not interface.contract and about is not None and about.criticality == "C"  # CON-01 asks none of it
        payload = Payload(frozenset()) if without else payload_of(interface, context.estate)
        yield _judge(entry, payload, classes, context)


def _judge(entry: Entry, payload: Payload | None, classes: Classes, context: CheckContext) -> Outcome:
    interface: Interface = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    tags = interface.classification.data if interface.classification else None
    if tags is None:
        return Outcome(decision="unknown", missing="interface.classification.data", locations=entry.origins[:1], **base)
    if payload is None:
        missing = "the contract document" if interface.contract else "interface.contract"
        return Outcome(decision="unknown", missing=missing, locations=(context.place(entry.id, "contract"),), **base)
    untagged = {name: row[0] for name, row in classes.items() if not row[1] & {tag.lower() for tag in tags}}
    found = _hits(untagged, payload.sure)
    if found:
        told = "; ".join(f"{name} ({named(hits[:_MOST])})" for name, hits in found.items())
        return Outcome(
            decision="fail",
            message=f"{entry.id} is tagged {', '.join(tags) or 'as nothing'}, and its contract carries {told}",
            locations=(context.place(entry.id, "classification/data"), context.place(entry.id, "contract")),
            **base,
        )
    if _hits(untagged, payload.perhaps):
        missing = "interface.key: which operation it is"
        return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
    return Outcome(decision="pass", **base)


def _hits(classes: Mapping[str, re.Pattern[str]], fields: frozenset[str]) -> dict[str, list[str]]:
    """Class -> the fields that carry it, in order of name; classes without any are left out."""
    found = {name: sorted(filter(pattern.fullmatch, fields)) for name, pattern in classes.items()}
    return {name: hits for name, hits in found.items() if hits}
