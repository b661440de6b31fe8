"""Entries of observed inventory files: what each source saw of which entry, as plain data.

An entry of the hand-kept inventory gets consumers and sightings only: its attributes are the words of the people who
keep it. An entry that nobody declared gets its attributes too, from the source that is trusted most for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from retailctl.inventory.identity.groups import Group, Grouped, Known
from retailctl.inventory.identity.names import UNKNOWN_CLIENTS, is_pseudonym
from retailctl.inventory.sources import KIND_OF_SOURCE, kind_of, trust
from retailctl.model.estate import Estate
from retailctl.model.inventory_file import KIND_OF_SECTION, SECTIONS
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.model.sighting import Coverage

Entry = dict[str, Any]
BySource = dict[str, dict[str, list[Entry]]]
Needed = dict[tuple[str, str, str], tuple[str, Seen]]  # (source, section, id) -> (name as written, first place)

_SECTION: Final = {kind: section for section, kind in KIND_OF_SECTION.items()}
# What would be taken for an attribute of the key when sightings are merged, and is the key in other words.
_OF_THE_KEY: Final = frozenset({"path", "address", "method", "type"})
_REFERENCES: Final = {"domain": "domain", "capability": "capability", "replaced_by": "interface"}


def entries(grouped: Grouped, estate: Estate, as_of: date) -> BySource:
    """Entries by source and section, in order of id; every name they use stands in one of them or in ``estate``."""
    made: BySource = defaultdict(lambda: defaultdict(list))
    needed: Needed = {}
    for (kind, id_), group in sorted(grouped.groups.items()):
        by_source: dict[str, list[Known]] = defaultdict(list)
        for one in group.known:
            by_source[one.seen.source].append(one)
        best = min(by_source, key=lambda source: (trust("key").index(kind_of(source)), source))
        for source, known in by_source.items():
            entry: Entry = {"id": id_}
            if not group.declared:
                entry |= _attributes(group, known, grouped, estate, with_key=source == best)
            if kind in ("interface", "event"):
                consumers = _consumers(known, group, grouped, source, needed, estate)
                if consumers:
                    entry["consumers"] = consumers
            for each in known:
                _need_provider(each.seen, grouped, source, needed)
            entry["sightings"] = [_sighting(each, group, as_of) for each in known]
            made[source][_SECTION[kind]].append(entry)
    _named(made, needed, grouped, estate, as_of)
    return {source: dict(sections) for source, sections in sorted(made.items())}


def coverage_entries(statements: Iterator[Coverage] | list[Coverage], grouped: Grouped) -> dict[str, list[Entry]]:
    """Coverage statements by source, with systems for names; equal ones once."""
    found: dict[str, dict[str, Entry]] = defaultdict(dict)
    for one in statements:
        scope = one.scope or "*"
        known = scope if scope == "*" else grouped.names.resolve(scope) or grouped.systems.get(scope, scope)
        entry: Entry = {"source": one.source, "scope": known}
        if one.window is not None:
            entry["window"] = {"from": one.window.start, "to": one.window.end}
        found[one.source][repr(sorted(map(str, entry.items())))] = entry
    return {source: [rows[text] for text in sorted(rows)] for source, rows in sorted(found.items())}


def _sighting(known: Known, group: Group, as_of: date) -> Entry:
    seen = known.seen
    entry: Entry = {"source": seen.source}
    if seen.source not in KIND_OF_SOURCE:
        entry["kind"] = "configuration"
    entry |= {"at": seen.at or as_of, "ref": seen.ref}
    sure = round(seen.confidence * known.sure, 2)
    if sure < 1:
        entry["confidence"] = sure
    told = {**seen.values, **seen.figures}
    if group.declared and group.kind == "system" and "kind" in told:
        told["looks_like"] = told.pop("kind")  # what a program takes it for does not contradict what people call it
    shown = {name: told[name] for name in sorted(told) if name not in _OF_THE_KEY and told[name] is not None}
    if known.environment:
        shown["environment"] = known.environment
    strangers = len({consumer.name for consumer in seen.consumers if is_pseudonym(consumer.name)})
    if strangers:
        shown["unknown_clients"] = strangers
    if seen.secret:
        shown["secret"] = seen.secret
    if shown:
        entry["fields"] = shown
    return entry


def _consumers(
    known: list[Known], group: Group, grouped: Grouped, source: str, needed: Needed, estate: Estate
) -> list[Entry]:
    noun = estate.of(group.kind)[group.id].noun if group.declared else None
    found: dict[tuple[str, str, str], Entry] = {}
    for one in known:
        for consumer in _users(one.seen, noun, grouped):
            seen = one.seen
            identity = _identity(consumer, seen, grouped)
            if identity:
                needed.setdefault((source, "credentials", identity), ("", seen))
            system = _system(consumer, identity, noun, grouped, seen)
            shown = "" if is_pseudonym(consumer.name) else consumer.name
            needed.setdefault((source, "systems", system), (shown, seen))
            entry = found.setdefault((system, identity, consumer.group or ""), {"system": system})
            if identity:
                entry["identity"] = identity
            if consumer.group:
                entry["group"] = consumer.group
            for name, pick, day in (
                ("first_seen", min, consumer.first_seen), ("last_seen", max, consumer.last_seen)
            ):  # fmt: skip
                if day is not None:
                    entry[name] = pick(entry.get(name, day), day)
    return [found[key] for key in sorted(found)]


def _users(seen: Seen, noun: Any, grouped: Grouped) -> tuple[SeenConsumer, ...]:
    """The consumers. A register says between whom data goes, not who calls whom: the declared provider is no consumer
    of its own interface, and what the register took for the provider then is."""
    if noun is None or seen.key is not None:
        return seen.consumers
    provider = noun.provider or (noun.key.provider if noun.key is not None else None)
    ends = (*seen.consumers, *((SeenConsumer(name=seen.provider),) if seen.provider else ()))
    return tuple(end for end in ends if grouped.consumer(end, seen) != provider) if provider else seen.consumers


def _identity(consumer: SeenConsumer, seen: Seen, grouped: Grouped) -> str:
    if not consumer.identity and not consumer.secret:
        return ""
    provider = seen.provider or (getattr(seen.key, "provider", None) or "")
    return grouped.credentials.of(consumer.identity or "", consumer.secret or "", provider, seen)


def _system(consumer: SeenConsumer, identity: str, noun: Any, grouped: Grouped, seen: Seen) -> str:
    """Who consumes: where the account is declared on this very interface, the system that it is declared for."""
    if identity and grouped.names.resolve(consumer.name) is None:
        declared = {one.system for one in getattr(noun, "consumers", None) or () if one.identity == identity}
        if len(declared) == 1:
            return str(declared.pop())
    return grouped.consumer(consumer, seen)


def _need_provider(seen: Seen, grouped: Grouped, source: str, needed: Needed) -> None:
    name = seen.provider or (getattr(seen.key, "provider", None) or "")
    if name:
        needed.setdefault((source, "systems", grouped.system(name, seen)), (name, seen))
    if seen.kind == "event" and seen.values.get("publisher"):  # an id by now
        needed.setdefault((source, "systems", seen.values["publisher"]), ("", seen))


def _named(
    made: BySource,
    needed: Needed,
    grouped: Grouped,
    estate: Estate,
    as_of: date,
) -> None:
    """An entry for every system and credential that is only mentioned: a reference must lead somewhere."""
    for (source, section, id_), (name, seen) in sorted(needed.items(), key=lambda item: item[0]):
        kind = KIND_OF_SECTION[section]
        if (
            id_ in estate.of(kind)
            or (kind == "system" and id_ in estate.of("partner"))
            or (kind, id_) in grouped.groups
        ):
            continue
        entry: Entry = {"id": id_}
        if id_ == UNKNOWN_CLIENTS:
            entry |= {"name": "Clients that nobody named", "kind": "unknown"}
        elif name and name != id_:
            entry |= {"name": name}
        entry["sightings"] = [{"source": seen.source, "at": seen.at or as_of, "ref": seen.ref}]
        made[source][section].append(entry)
    for sections in made.values():
        for rows in sections.values():
            rows.sort(key=lambda row: str(row["id"]))


def _attributes(group: Group, known: list[Known], grouped: Grouped, estate: Estate, *, with_key: bool) -> Entry:
    """What the source says of an entry that nobody declared, as far as the vocabulary has it."""
    raw: Entry = {}
    name = next((one.seen.name for one in known if one.seen.name), "")
    if name and name != group.id:
        raw["name"] = name
    if group.kind == "interface" and with_key:
        if group.provider:
            raw["provider"] = group.provider
        key = next((one.seen for one in known if one.seen.key is not None), None)
        if key is not None:
            raw["key"] = _key(key, group, grouped)
    for one in known:
        for path, value in one.seen.values.items():
            if value is not None and _allowed(path, value, estate):
                _put(raw, path.split("."), value)
    return _valid(group.kind, raw)


def _allowed(path: str, value: Any, estate: Estate) -> bool:
    kind = _REFERENCES.get(path)
    return kind is None or value in estate.of(kind) or not estate.of(kind)


def _key(seen: Seen, group: Group, grouped: Grouped) -> Entry:
    key = seen.key
    told = {part.name: getattr(key, part.name) for part in fields(key)}  # type: ignore[arg-type]
    entry: Entry = {"protocol": told.pop("protocol")}
    if group.provider or told["provider"]:
        entry["provider"] = group.provider or grouped.system(told["provider"], seen)
    for name, value in told.items():
        if value is None or name == "provider":
            continue
        entry[name] = grouped.system(value, seen) if name == "cluster" else value
    if group.key is not None and group.key.version:
        entry["version"] = group.key.version
    return entry


def _put(target: Entry, path: list[str], value: Any) -> None:
    """Set a nested value where none stands yet: the first place of a source wins, deterministically."""
    for step in path[:-1]:
        inner = target.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        target = inner
    target.setdefault(path[-1], value)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(SECTIONS[_SECTION[kind]])


def _valid(kind: str, raw: Entry) -> Entry:
    """The entry without what the vocabulary does not have; that stays in the sighting, as evidence."""
    for _ in range(len(raw) + 1):
        try:
            _adapter(kind).validate_python({"id": "x", **raw})
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} & set(raw)
            if not wrong:
                return {}
            raw = {name: value for name, value in raw.items() if name not in wrong}
        else:
            return raw
    return {}
