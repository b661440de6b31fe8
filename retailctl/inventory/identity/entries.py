"""Entries of observed inventory files: what each source saw of which entry, as plain data.

An entry of the hand-kept inventory gets consumers and sightings only: its attributes are the words of the people who
keep it. An entry that nobody declared gets its attributes too, from the source that is trusted most for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
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
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage

Entry = dict[str, Any]
BySource = dict[str, dict[str, list[Entry]]]

_SECTION: Final = {kind: section for section, kind in KIND_OF_SECTION.items()}
# What would be taken for an attribute of the key when sightings are merged, and is the key in other words.
_OF_THE_KEY: Final = frozenset({"path", "address", "method", "type"})
_REFERENCES: Final = {"domain": "domain", "capability": "capability", "replaced_by": "interface"}


def entries(grouped: Grouped, estate: Estate, as_of: date) -> BySource:
    """Entries by source and section, in order of id; every name they use stands in one of them or in ``estate``."""
    made: BySource = defaultdict(lambda: defaultdict(list))
    needed: dict[tuple[str, str, str], tuple[str, Seen]] = {}  # (source, section, id) -> (name, first place)
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
                consumers = _consumers(known, grouped, source, needed)
                if consumers:
                    entry["consumers"] = consumers
            for each in known:
                _need_systems(each.seen, grouped, source, needed)
            entry["sightings"] = [_sighting(each, as_of) for each in known]
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


def _sighting(known: Known, as_of: date) -> Entry:
    seen = known.seen
    entry: Entry = {"source": seen.source}
    if seen.source not in KIND_OF_SOURCE:
        entry["kind"] = "configuration"
    entry |= {"at": seen.at or as_of, "ref": seen.ref}
    sure = round(seen.confidence * known.sure, 2)
    if sure < 1:
        entry["confidence"] = sure
    told = {**seen.values, **seen.figures}
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
    known: list[Known], grouped: Grouped, source: str, needed: dict[tuple[str, str, str], tuple[str, Seen]]
) -> list[Entry]:
    found: dict[tuple[str, str, str], Entry] = {}
    for one in known:
        seen = one.seen
        for consumer in seen.consumers:
            system = grouped.consumer(consumer, seen.ref)
            identity = ""
            if consumer.identity or consumer.secret:
                provider = seen.provider or (getattr(seen.key, "provider", None) or "")
                identity = grouped.credentials.of(consumer.identity or "", consumer.secret or "", provider, seen.ref)
                needed.setdefault((source, "credentials", identity), ("", seen))
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


def _need_systems(
    seen: Seen, grouped: Grouped, source: str, needed: dict[tuple[str, str, str], tuple[str, Seen]]
) -> None:
    accounts, known = grouped.accounts, grouped.names
    names = [consumer.name for consumer in seen.consumers if not accounts.user(consumer, known)]
    names += [seen.provider or (getattr(seen.key, "provider", None) or "")]
    for name in filter(None, names):
        shown = "" if is_pseudonym(name) else name
        needed.setdefault((source, "systems", grouped.system(name, seen.ref)), (shown, seen))


def _named(
    made: BySource,
    needed: Mapping[tuple[str, str, str], tuple[str, Seen]],
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
        entry["provider"] = group.provider or grouped.system(told["provider"], seen.ref)
    for name, value in told.items():
        if value is None or name == "provider":
            continue
        entry[name] = grouped.system(value, seen.ref) if name == "cluster" else value
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
