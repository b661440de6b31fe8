"""Facts about mapped contracts as findings: at the field, with the places of all other members beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from retailctl.api.contracts.estate import Workspace
from retailctl.api.contracts.maps import EntityMap, Maps
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.rules.pages import pages
from retailctl.contracts.rules.rules import rule
from retailctl.contracts.sets.drift import SetFact
from retailctl.contracts.sets.mapping import Carried, MemberState
from retailctl.contracts.sets.paths import shown
from retailctl.errors import Location
from retailctl.model.contract_change import ContractChange
from retailctl.model.finding import Evidence, Finding, fingerprint

UNLISTED: Final = "canonical-member-unlisted"
_SHOWN: Final = 4


def map_findings(
    maps: Maps, workspace: Workspace, levels: Levels, contracts: Collection[str] = ()
) -> Iterator[Finding]:
    """One finding per cause, in order of the maps. With ``contracts``, only what is about these."""
    for one in maps.maps:
        for fact in one.facts():
            about = fact.member.contract if fact.member is not None else None
            if not contracts or about in contracts:
                yield from _finding(one, fact, workspace, levels)
        for contract in one.unlisted:
            if not contracts or contract in contracts:
                member = MemberState(name=contract, contract=contract)
                yield from _finding(one, SetFact(rule=UNLISTED, fields=(), member=member), workspace, levels)


def _finding(one: EntityMap, fact: SetFact, workspace: Workspace, levels: Levels) -> Iterator[Finding]:
    severity = levels.severity(fact.rule)
    if severity is None:
        return
    row, member = rule(fact.rule), fact.member
    name = member.label if member is not None else one.map.entity
    subject = ": ".join(filter(None, (one.name, member.label if member is not None else "", ", ".join(fact.fields))))
    message = row.message(fact.what or one.map.entity, old=fact.old, new=fact.new, where=name) + _elsewhere(one, fact)
    promise = next((p for p in workspace.loaded.promises.values() if member and p.id == member.contract), None)
    page = pages()[row.docs]
    documents = tuple(dict.fromkeys(one.path for one in (member, fact.base) if one is not None and one.path))
    yield Finding(
        rule=row.id,
        name=row.docs,
        verdict="unknown" if fact.undecided else "fail",
        severity=severity,
        subject=subject,
        message=message,
        fix=f"{fact.hint} {page.fix}".strip(),
        locations=_locations(one, fact),
        related=tuple(_related(one, fact)),
        owner=(promise.owner if promise else None) or one.map.owner,
        domain=(promise.domain if promise else None) or one.map.domain,
        stage="build",
        fingerprint=fingerprint(row.id, subject),
        change=ContractChange(
            area=row.area,
            kind=row.kind,
            action=row.action,
            contract=member.contract if member is not None else None,
            old=fact.old,
            new=fact.new,
            consumers=workspace.consumers.of(documents, []) if severity != "info" else (),
            consumers_known=workspace.consumers.knows(documents),
        ),
    )


def _elsewhere(one: EntityMap, fact: SetFact) -> str:
    """The first field in the other members, in short: the mapping that the finding breaks."""
    rows = [] if fact.member is None or not fact.fields else list(_others(one, fact))
    about = {"type": fact.rule.startswith("canonical-field-type"), "unit": fact.rule.startswith("canonical-field-unit")}
    told = [
        " ".join(
            filter(None, (f"{state.label}:", shown(carried.path), *(getattr(carried, w) for w in about if about[w])))
        )
        for state, carried in rows
        if carried.is_there
    ]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f" ({', '.join(told[:_SHOWN])}{more})" if told else ""


def _others(one: EntityMap, fact: SetFact) -> Iterator[tuple[MemberState, Carried]]:
    """The first field of a fact in every other member."""
    for state in one.states:
        carried = state.fields.get(fact.fields[0])
        if state is not fact.member and state is not fact.base and carried is not None:
            yield state, carried


def _locations(one: EntityMap, fact: SetFact) -> tuple[Location, ...]:
    """The field in the schema of the member; the map, where the schema has none."""
    member, carried = fact.member, fact.carried
    if member is None:
        return (one.locate(f"/fields/{_escaped(fact.fields[0])}"),)
    if fact.rule == UNLISTED:
        return (one.locate("/members"),)
    in_map = one.locate(carried.pointer if carried is not None else f"/members/{member.index}")
    place = member.place_of(carried) if carried is not None else None
    return (place, in_map) if place is not None else (in_map,)


def _related(one: EntityMap, fact: SetFact) -> Iterator[Evidence]:
    """How it was before, then the same field in every other member."""
    if fact.base is not None and fact.before is not None:
        yield Evidence(f"before: {_told(fact.base, fact.before)}", fact.base.place_of(fact.before))
    if not fact.fields or fact.member is None:
        return
    for state, carried in _others(one, fact):
        place = state.place_of(carried) or one.locate(carried.pointer or f"/members/{state.index}")
        yield Evidence(f"{fact.fields[0]} in {_told(state, carried)}", place)


def _told(state: MemberState, carried: Carried) -> str:
    if carried.is_there:
        about = " ".join(filter(None, (carried.type, carried.unit)))
        return f"{state.label}: {shown(carried.path)}" + (f" ({about})" if about else "")
    why = f", {carried.reason}" if carried.reason else ""
    return f"{state.label}: {carried.status}{why}"


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
