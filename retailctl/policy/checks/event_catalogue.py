"""EVT-14: the event catalogue is complete; publisher and at least one consumer are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per event. "Nobody reads it" and "nobody writes it" are claims of absence: without a coverage
    statement over the broker they are unknown (rules.md section 2)."""
    for entry in context.estate.of("event").values():
        yield _judge(entry, context)


def _judge(entry: Entry, context: CheckContext) -> Outcome:
    event = entry.noun
    base: dict[str, Any] = {
        "subject": entry.id,
        "owner": event.owner,
        "domain": event.domain,
        "locations": entry.origins[:1],
    }
    no_publisher = event.publisher in (None, "none")
    no_consumer = not event.consumers
    if not no_publisher and not no_consumer:
        return Outcome(decision="pass", **base)
    missing = "event.publisher" if no_publisher else "event.consumers"
    covered = context.coverage_of(*_scopes(entry, context))
    if covered is None:
        return Outcome(decision="unknown", missing=context.unread("event") or missing, **base)
    window = covered.coverage.window
    looked = f"{covered.coverage.source} looked at {covered.coverage.scope}"
    if window is not None:
        looked += f" from {window.start} to {window.end}"
    story = "is published and nobody consumes it"
    if no_publisher:
        story = f"has {'neither consumers nor a' if no_consumer else 'consumers but no'} known publisher"
    return Outcome(
        decision="fail",
        message=f"{entry.id} {story}",
        evidence=(Evidence(looked, covered.location),),
        **base,
    )


def _scopes(entry: Entry, context: CheckContext) -> tuple[str, ...]:
    """Names under which a coverage statement may cover the event: its cluster, its systems."""
    event = entry.noun
    names = [event.publisher or ""]
    if event.channel and "://" in event.channel:
        names.extend(part for part in event.channel.partition("://")[2].split("/")[:1] if part)
    brokers = [s.id for s in context.estate.of("system").values() if s.noun.layer == "event_distribution"]
    return tuple(dict.fromkeys([*(name for name in names if name), *brokers]))
