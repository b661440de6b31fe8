"""EVT-13: consumers are independent, each with its own queue or group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from retailctl.model.estate import Entry
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_MESSAGING = frozenset({"amqp", "kafka", "mqtt", "jms"})


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per event, and per interface on a broker, that has consumers or does not name them."""
    for entry in context.estate.of("event").values():
        yield from _judge(entry, context)
    for entry in context.estate.of("interface").values():
        key = entry.noun.key
        if key is not None and key.protocol in _MESSAGING:
            yield from _judge(entry, context)
        elif key is None and (entry.noun.consumers is None or len({c.system for c in entry.noun.consumers}) > 1):
            yield Outcome(
                subject=entry.id,
                decision="unknown",
                missing="interface.key",
                locations=entry.origins[:1],
                owner=entry.noun.owner,
                domain=entry.noun.domain,
            )


def _judge(entry: Entry, context: CheckContext) -> Iterator[Outcome]:
    noun = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": noun.owner, "domain": noun.domain}
    if not noun.consumers:
        if noun.consumers is None:
            missing = f"{entry.kind}.consumers"
            yield Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
        return
    queue = getattr(getattr(noun, "key", None), "queue", None)
    readers: dict[str, set[str]] = defaultdict(set)
    ungrouped = set()
    for consumption in noun.consumers:
        group = consumption.group or queue
        if group:
            readers[group].add(consumption.system)
        else:
            ungrouped.add(consumption.system)
    shared = {group: systems for group, systems in readers.items() if len(systems) > 1}
    if shared:
        group, systems = min(shared.items())
        names = ", ".join(sorted(systems))
        yield Outcome(
            decision="fail",
            message=f"{names} read {entry.id} from one queue or group ({group}): each message reaches only one of them",
            locations=(context.place(entry.id, "consumers", kind=entry.kind),),
            **base,
        )
    elif ungrouped and len({c.system for c in noun.consumers}) > 1:
        where = (context.place(entry.id, "consumers", kind=entry.kind),)
        yield Outcome(decision="unknown", missing=f"{entry.kind}.consumers[].group", locations=where, **base)
    else:
        yield Outcome(decision="pass", **base)
