"""OWN-14: nobody calls an API of ours who is not declared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from retailctl.errors import Location
from retailctl.graph.estate_graph import provider_of
from retailctl.graph.plugins import is_upstream
from retailctl.model.estate import Covered, Entry
from retailctl.model.finding import Evidence
from retailctl.model.interface import Consumption, Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.covered import logs_of, window_text
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per hand-kept API that a log covers; one per provider that none covers; none for APIs of others.

    "Nobody else" is a claim of absence, so it needs a log with a window over the provider (rules.md section 2).
    Params: ``days`` (older uses are history), ``protocols``.
    """
    uncovered: dict[str, tuple[Location, ...]] = {}
    logs = logs_of(context)
    for entry in context.estate.of("interface").values():
        interface: Interface = entry.noun
        protocol = interface.key.protocol if interface.key else None
        if not entry.hand_kept or protocol not in (None, *context.params["protocols"]):
            continue
        provider = provider_of(interface)
        if provider is None or protocol is None:
            missing = "interface.provider" if provider is None else "interface.key"
            yield _open(entry, missing)
        elif is_upstream(context.graph, provider) is not True:
            log = next((one for one in logs if one.coverage.scope in ("*", provider)), None)
            if log is not None:
                yield _judge(entry, log, context)
            else:
                uncovered.setdefault(provider, _place(provider, entry, context))
    unread = context.unread("interface")
    for provider, place in sorted(uncovered.items()):
        missing = unread or f"coverage of a log over {provider}"
        yield Outcome(subject=provider, decision="unknown", missing=missing, locations=place)


def _place(provider: str, entry: Entry, context: CheckContext) -> tuple[Location, ...]:
    known = context.estate.of("system").get(provider)
    return (known or entry).origins[:1]


def _judge(entry: Entry, log: Covered, context: CheckContext) -> Outcome:
    if entry.unlisted is None:
        return _open(entry, "interface.consumers")
    since = context.as_of - timedelta(days=min(int(context.params["days"]), context.as_of.toordinal() - 1))
    strangers = [one for one in entry.unlisted if one.last_seen is None or one.last_seen >= since]
    base = _base(entry)
    if not strangers:
        return Outcome(decision="pass", **base)
    looked = f"{log.coverage.source} looked at {log.coverage.scope} {window_text(log)}"
    return Outcome(
        decision="fail",
        message=f"{entry.id} is called by {', '.join(map(_who, strangers))}, who is not declared",
        locations=(context.place(entry.id, "consumers"), *entry.origins[1:]),
        evidence=(Evidence(looked, log.location),),
        **base,
    )


def _who(one: Consumption) -> str:
    details = [f"as {one.identity}"] if one.identity else []
    details += [f"last on {one.last_seen}"] if one.last_seen else []
    return f"{one.system} ({', '.join(details)})" if details else one.system


def _open(entry: Entry, missing: str) -> Outcome:
    return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **_base(entry))


def _base(entry: Entry) -> dict[str, Any]:
    return {"subject": entry.id, "owner": entry.noun.owner, "domain": entry.noun.domain}
