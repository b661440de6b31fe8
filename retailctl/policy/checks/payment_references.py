"""SEC-14: account numbers travel as tokens, and logs with payment data are not kept for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from retailctl.model.durations import minutes
from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import named
from retailctl.policy.checks.payload_fields import Payload, payload_of
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
        payload = payload_of(interface, context.estate)
        marked = tokens.get(interface.contract or "", frozenset())
        paying = interface.domain in context.params["domains"]
        clear, perhaps = _accounts(payload, names, cards if paying or interface.domain is None else names, marked)
        if interface.domain is None:  # a card may be one of loyalty
            perhaps = perhaps or any(cards.fullmatch(name) for name in clear)
            clear = [name for name in clear if names.fullmatch(name)]
        counts = _counts(interface, context)
        if carries or clear or any(counts.values()) or (carries is None and (paying or interface.domain is None)):
            told = _Told(clear, perhaps, counts, payload is not None)
            yield _judge(entry, told, context)


class _Told(NamedTuple):
    """What is known of the accounts on an interface: fields that hold one, whether there may be more, what samples
    count, and whether anybody could read its contract."""

    clear: list[str]
    perhaps: bool
    counts: dict[str, int]
    read: bool


def _accounts(
    payload: Payload | None, names: re.Pattern[str], cards: re.Pattern[str], marked: frozenset[str]
) -> tuple[list[str], bool]:
    """The fields that hold an account, and whether one of those that may go over the interface does."""
    sure, perhaps = payload or Payload(frozenset())

    def holds(name: str) -> bool:
        return name not in marked and bool(names.fullmatch(name) or cards.fullmatch(name))

    return sorted(filter(holds, sure)), any(map(holds, perhaps))


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
            day = at or date.min  # one without a day counts until there is another
            if day > context.as_of or isinstance(value, bool) or not isinstance(value, int):
                continue
            if name not in found or found[name][0] <= day:
                found[name] = (day, int(value))
    return {name: value for name, (_, value) in found.items()}


def _judge(entry: Entry, told_of: _Told, context: CheckContext) -> Outcome:
    interface: Interface = entry.noun
    clear, perhaps, counts, read = told_of
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
    elif perhaps:
        missing = "interface.key or interface.domain: which operation it is, and whose cards"
    elif not read and not counts:
        missing = "interface.contract, or a sample that was searched for account numbers"
    if missing:
        return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
    return Outcome(decision="pass", **base)
