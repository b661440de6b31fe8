"""OWN-05: the base price and the promotions on it belong to two teams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome for an estate that has prices as a domain, in whole or in parts; none for another.

    Params: ``base``, ``promotion`` and ``whole`` (domain ids).
    """
    domains = context.estate.of("domain")
    names = [context.params[name] for name in ("base", "promotion")]
    known = [domains[name] for name in names if name in domains]
    whole = domains.get(context.params["whole"])
    if not known and whole is None:
        return
    first = known[0] if known else whole
    base: dict[str, Any] = {"subject": first.id, "domain": first.id, "owner": first.noun.owner} if first else {}
    places = tuple(context.place(entry.id, "owner", kind="domain") for entry in known)
    absent = next((f"the domain {name}" for name in names if name not in domains), "")
    missing = absent or next(("domain.owner" for entry in known if entry.noun.owner is None), "")
    if missing:
        where = places or (whole.origins[:1] if whole else ())
        yield Outcome(decision="unknown", missing=context.unread("domain") or missing, locations=where, **base)
    elif known[0].noun.owner == known[1].noun.owner:
        told = f"{known[0].noun.owner} owns both {names[0]} and {names[1]}"
        evidence = tuple(Evidence(f"owner {e.noun.owner}", place) for e, place in zip(known, places, strict=True))
        yield Outcome(decision="fail", message=told, locations=places, evidence=evidence, **base)
    else:
        yield Outcome(decision="pass", **base)
