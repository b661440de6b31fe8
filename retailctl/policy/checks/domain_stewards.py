"""OWN-04: the mandatory domains have a steward, and an order of trust where several systems write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.estate import Entry
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_NOBODY = ("", "none")


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per mandatory domain, one for all that the inventory does not list.

    A domain that is split (``pricing.base``) has one per part besides its own.

    Params: ``mandatory`` (domain ids).
    """
    domains = context.estate.of("domain")
    absent = []
    for id_ in context.params["mandatory"]:
        parts = [name for name in domains if name == id_ or name.startswith(f"{id_}.")]
        for name in parts:
            yield _judge(domains[name], context)
        absent += [] if parts else [id_]
    if absent and domains:
        unread = context.estate.unread_of("domain")
        where = (Location(unread, 1, 1),) if unread else context.somewhere("domain")
        missing = context.unread("domain") or f"the domains {', '.join(absent)}"
        yield Outcome(subject="estate", decision="unknown", missing=missing, locations=where)


def _judge(entry: Entry, context: CheckContext) -> Outcome:
    domain = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "domain": entry.id, "owner": domain.owner}
    writers, priority = domain.writers, domain.sync.priority if domain.sync else None
    unranked = sorted(set(writers or ()) - set(priority or ()))
    if domain.steward in _NOBODY:
        place, message = "steward", f"domain {entry.id} has no steward who decides in doubt"
    elif writers is not None and len(writers) > 1 and priority is not None and unranked:
        place, message = "sync", f"no rule ranks {', '.join(unranked)} among the systems that write {entry.id}"
    else:
        missing = _missing(domain)
        if missing:
            return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
        return Outcome(decision="pass", **base)
    where = (context.place(entry.id, place, kind="domain"),)
    return Outcome(decision="fail", message=message, locations=where, **base)


def _missing(domain: Any) -> str:
    """What has to be declared before the rule can pass; empty when all is there."""
    if domain.steward is None:
        return "domain.steward"
    if domain.writers is None:
        return "domain.writers"
    ranked = domain.sync is not None and domain.sync.priority is not None
    return "" if len(domain.writers) < 2 or ranked else "domain.sync.priority"
