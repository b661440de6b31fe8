"""EST103: what logs and configuration show is declared in a hand-kept file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.model.estate import Entry
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per interface of an estate that keeps any by hand: where nobody keeps one, none is missing.

    Params: ``kinds`` of source that show what runs.
    """
    entries = context.estate.of("interface").values()
    if any(entry.hand_kept for entry in entries):
        for entry in entries:
            yield _judge(entry, context)


def _judge(entry: Entry, context: CheckContext) -> Outcome:
    base: dict[str, Any] = {"subject": entry.id, "owner": entry.noun.owner, "domain": entry.noun.domain}
    if entry.hand_kept:
        return Outcome(decision="pass", **base)
    base["locations"] = entry.origins[:1]
    shown = [kind for kind in entry.seen_by if kind in context.params["kinds"]]
    missing = context.unread("interface") or ("" if shown else "a log or a configuration that shows it")
    if missing:
        return Outcome(decision="unknown", missing=missing, **base)
    sources = sorted({sighting.source for sighting in entry.noun.sightings or ()})
    message = f"{entry.id} was seen by {', '.join(sources)} and stands in no hand-kept file"
    return Outcome(decision="fail", message=message, **base)
