"""A plan as text, to be read, corrected and kept: what was found, and on what grounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.model.parallel_plan import MOST_PLACES
from retailctl.parallel.columns import Type
from retailctl.parallel.plans.candidates import Steps
from retailctl.workspace.yaml_text import flow

_MONEY: Final = ("price", "amount", "net", "gross", "tax", "total", "cost", "betrag", "preis", "montant", "prix")
_COUNTS: Final = ("qty", "quantity", "menge", "quantite", "pieces", "stock", "on_hand")
_PERSONS: Final = ("customer", "name", "mail", "phone", "address", "kunde", "client", "person")
_CURRENCIES: Final = ("curr", "waehr", "devise")
_PLACES: Final = ("store", "shop", "site", "branch", "filiale", "warehouse", "channel")
_HEAD: Final = """\
# Proposed from {grounds}. Read it through, then: retailctl parallel plan check <this file>
# Nothing is shown in clear until you say so: add `pii: none` to the fields that hold no personal data.
version: 1
entity: {entity}
"""


@dataclass(frozen=True, slots=True)
class ProposedField:
    """One field: its type, the column and steps of each side, and why it is proposed so."""

    name: str
    type: Type
    legacy: str
    new: str
    legacy_steps: Steps = ()
    new_steps: Steps = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a plan is made of. ``sources`` are the two sides as they stand in a plan, ``notes`` what is left to do."""

    entity: str
    grounds: str
    sources: Mapping[str, Mapping[str, Any]]
    fields: Sequence[ProposedField]
    key: Sequence[str]
    notes: Sequence[str] = field(default_factory=tuple)


def plan_text(proposal: Proposal) -> str:
    """The plan in YAML with comments. It is valid where a key was found."""
    return "".join(f"{line}\n" for line in _lines(proposal))


def _lines(proposal: Proposal) -> Iterator[str]:
    yield _HEAD.format(grounds=_comment(proposal.grounds), entity=flow(proposal.entity)).rstrip("\n")
    yield from (f"# {_comment(note)}" for note in proposal.notes)
    yield f"key: {flow(list(proposal.key))}" + ("" if proposal.key else "  # to do: the fields that identify a row")
    yield "sources:"
    yield from (f"  {side}: {flow(dict(source))}" for side, source in proposal.sources.items())
    yield "fields:"
    for one in proposal.fields:
        if one.reason:
            yield f"  # {_comment(one.reason)}"
        yield f"  - {_field(one, proposal.key)}"
    yield from _rest(proposal)


def _comment(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _field(one: ProposedField, key: Sequence[str]) -> str:
    said = {"name": flow(one.name)}
    if one.type.kind != "text":
        said["type"] = one.type.kind
    if one.type.kind == "decimal":
        said["scale"] = str(min(one.type.scale, MOST_PLACES))
    for side, column, steps in (("legacy", one.legacy, one.legacy_steps), ("new", one.new, one.new_steps)):
        if steps:
            # ruamel writes [pad: {...}] for a list of pairs: right, and odd to read.
            said[side] = f"{{col: {flow(column)}, normalisers: [{', '.join(map(flow, steps))}]}}"
        elif column != one.name:
            said[side] = flow(column)
    severity = _severity(one)
    if severity and one.name not in key:
        said["severity"] = severity
    return "{" + ", ".join(f"{name}: {value}" for name, value in said.items()) + "}"


def _severity(one: ProposedField) -> str:
    if _money(one) or _is(one, _CURRENCIES):
        return "money"
    if _is(one, _COUNTS) and one.type.kind in {"int", "decimal"}:
        return "stock"
    return "customer" if _is(one, _PERSONS) else ""


def _is(one: ProposedField, words: Sequence[str]) -> bool:
    return any(_begins(name, words) for name in (one.name, one.legacy))


def _begins(name: str, words: Sequence[str]) -> bool:
    """Whether a word of a name begins with one of these: ``total_price`` and ``KUNDENNR``, and not ``occurred``."""
    parts = re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).casefold())
    return any(part.startswith(tuple(words)) for part in parts)


def names_money(name: str) -> bool:
    """Whether a name is one of amounts."""
    return _begins(name, _MONEY) and not _begins(name, _CURRENCIES)


def _money(one: ProposedField) -> bool:
    return one.type.kind == "decimal" and _is(one, _MONEY)


def _rest(proposal: Proposal) -> Iterator[str]:
    """What follows from the fields: time, amount, totals, dimensions, and the gates that every plan begins with."""
    fields = proposal.fields
    times = [one.name for one in fields if one.type.kind == "timestamp"] or [
        one.name for one in fields if one.type.kind == "date"
    ]
    places = [one.name for one in fields if _is(one, _PLACES) and one.type.kind in {"text", "int"}][:2]
    derived = ["business_day"] if times else []
    if times:
        yield f"event_time: {flow({'field': times[0], 'zone': 'UTC'})}  # the zone of the business day"
        yield "lag: 15m  # how late a row may come"
    money = [one.name for one in fields if _money(one)]
    measures = ["rows"]
    currencies = [one.name for one in fields if _is(one, _CURRENCIES) and one.type.kind == "text"]
    if money:
        counts = [one.name for one in fields if _is(one, _COUNTS) and one.type.kind in {"int", "decimal"}]
        amount = {"field": money[0], **({"times": counts[0]} if counts else {}), "currency": (currencies or ["EUR"])[0]}
        yield f"amount: {flow(amount)}" + ("" if currencies else "  # to do: no column with a currency was found")
        measures.append("net")
    group = [*places, *derived, *currencies[:1]]
    if group:
        yield f"totals: {flow([{'group_by': group, 'measures': measures}])}"
        yield f"dimensions: {flow([*places, *derived, *(['hour'] if times else []), *currencies[:1]])}"
    yield "gates:"
    gates: list[dict[str, Any]] = [
        {"metric": name, "limit": 0, "streak": 10} for name in ("missing", "extra", "duplicate")
    ]
    gates += [{"metric": "bridge_remainder", "limit": 0}] if money else []
    yield from (f"  - {flow(gate)}" for gate in (*gates, {"metric": "unexplained", "limit": "0ppm", "streak": 10}))
