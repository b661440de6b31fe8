"""OWN-02: one system of record for each mandatory domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.estate import Entry
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per mandatory domain (presence rule). Params: ``mandatory`` (domain ids)."""
    domains = context.estate.of("domain")
    systems = context.estate.of("system")
    for id_ in context.params["mandatory"]:
        entry = domains.get(id_)
        if entry is None and (missing := context.unread("domain")):
            where = (Location(context.estate.unread_of("domain"), 1, 1),)
            yield Outcome(subject=id_, decision="unknown", missing=missing, locations=where, domain=id_)
        elif entry is None:
            yield Outcome(
                subject=id_,
                decision="fail",
                message=f"domain {id_} is not in the inventory, so nothing says which system is right",
                locations=context.somewhere("domain"),
                domain=id_,
            )
        else:
            yield _judge(entry, frozenset(systems), context)


def _judge(entry: Entry, systems: frozenset[str], context: CheckContext) -> Outcome:
    record = entry.noun.system_of_record
    base: dict[str, Any] = {"subject": entry.id, "domain": entry.id, "owner": entry.noun.owner}
    if record is None:
        if not entry.hand_kept:
            missing = "domain.system_of_record"
            return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
        message = f"domain {entry.id} has no system of record"
        return Outcome(decision="fail", message=message, locations=entry.origins[:1], **base)
    if record not in systems and (missing := context.unread("system")):
        return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
    if record not in systems:
        return Outcome(
            decision="fail",
            message=f"the system of record of {entry.id}, {record}, is not a system of the inventory",
            locations=(context.place(entry.id, "system_of_record", kind="domain"),),
            **base,
        )
    return Outcome(decision="pass", **base)
