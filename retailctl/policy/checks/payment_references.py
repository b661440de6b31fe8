"""SEC-14: account numbers travel as tokens, and logs with payment data are not kept for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from retailctl.model.durations import minutes
from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import named
from retailctl.policy.checks.payload_fields import fields_of
from retailctl.policy.context import CheckContext

_DAY = 1440


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per interface that carries payment data, or that nobody tagged and that holds an account number.

    Params: ``fields``, ``cards``, ``domains``, ``tokens``, ``counts``, ``data`` and ``days`` (see the row of the rule).
    """
    names, cards = (_pattern(context.params[name]) for name in ("fields", "cards"))
    tokens = _tokens(context)
    for entry in context.estate.of("interface").values():
        interface: Interface = entry.noun
        tags = interface.classification.data if interface.classification else None
        carries = None if tags is None else bool({tag.lower() for tag in tags} & set(context.params["data"]))
        fields = fields_of(interface, context.estate) if interface.contract else None
        marked = tokens.get(interface.contract or "", frozenset())
        card = cards if interface.domain in context.params["domains"] else names
        clear = [f for f in fields or () if (names.fullmatch(f) or card.fullmatch(f)) and f not in marked]
        counts = _counts(interface, context)
        if (
            carries
            or clear
            or any(counts.values())
            or (carries is None and interface.domain in (None, *context.params["domains"]))
        ):
            yield _judge(entry, clear, counts, fields is not None, context)


def _pattern(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _tokens(context: CheckContext) -> Mapping[str, frozenset[str]]:
    """Contract -> names of fields that it marks as tokens."""
    marks = frozenset(context.params["tokens"])
    return {
        path: frozenset(field.name for field in document.fields if (field.sensitive or "").lower() in marks)
        for path, document in context.estate.documents.items()
    }


def _counts(interface: Interface, context: CheckContext) -> dict[str, int]:
    """What the newest sample counts of account numbers; empty where nobody looked."""
    found: dict[str, tuple[date, int]] = {}
    for sighting in interface.sightings or ():
        at = sighting.at.date() if isinstance(sighting.at, datetime) else sighting.at
        for name in context.params["counts"]:
            value = (sighting.fields or {}).get(name)
            if at is None or at > context.as_of or isinstance(value, bool) or not isinstance(value, int):
                continue
            if name not in found or found[name][0] <= at:
                found[name] = (at, int(value))
    return {name: value for name, (_, value) in found.items()}


def _judge(entry: Entry, clear: list[str], counts: dict[str, int], read: bool, context: CheckContext) -> Outcome:
    interface: Interface = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    seen = [f"{value} {name.replace('_', ' ')} in a sample" for name, value in counts.items() if value]
    if clear or seen:
        told = "; ".join([*([f"the contract has {named(clear)}"] if clear else []), *seen])
        where = (context.place(entry.id, "contract") if clear else entry.origins[-1],)
        return Outcome(
            decision="fail", message=f"{entry.id} carries accounts, not tokens: {told}", locations=where, **base
        )
    kept = interface.logging.retention if interface.logging else None
    kept_minutes = minutes(kept) if kept else None
    if kept_minutes is not None and kept_minutes > int(context.params["days"]) * _DAY:
        message = f"logs of {entry.id} with payment data are kept for {kept}; at most {context.params['days']} days"
        where = (context.place(entry.id, "logging/retention"),)
        return Outcome(decision="fail", message=message, locations=where, **base)
    missing = ""
    if interface.classification is None or interface.classification.data is None:
        missing = "interface.classification.data"
    elif not read and not counts:
        missing = "interface.contract, or a sample that was searched for account numbers"
    if missing:
        return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
    return Outcome(decision="pass", **base)
