"""From what readers saw to entries of the estate: every Seen gets the id of exactly one entry per consumer.

The result is a function of the set of Seens: their order, and seeing one twice, change nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from retailctl.inventory.identity.accounts import Accounts
from retailctl.inventory.identity.credentials import Credentials
from retailctl.inventory.identity.declared import Declared, Match
from retailctl.inventory.identity.ids import allot
from retailctl.inventory.identity.keys import Canonical, canonical_key, template
from retailctl.inventory.identity.names import UNKNOWN_CLIENTS, Names, is_pseudonym, local_name, names_of, slug
from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface_key import EventKey
from retailctl.model.seen import Seen, SeenConsumer

_NO_KEY: Final = "name"
_ONE_OF_SEVERAL: Final = 0.5
# What a source counts over all consumers together: it is not true of some of them.
_COUNTED: Final = frozenset({"count", "errors", "client_errors", "per_day", "peak_per_minute", "clients", "agents"})
_KINDS_BY_NAME: Final = frozenset({"team", "domain", "partner", "process", "capability"})


class Known(NamedTuple):
    """One Seen in its entry: ``sure`` is how well it fits, ``environment`` where the deployment is."""

    seen: Seen
    sure: float
    environment: str


@dataclass(slots=True)
class Group:
    """One entry: what was seen of it. ``declared`` entries stand in the hand-kept inventory."""

    kind: str
    id: str
    declared: bool
    provider: str = ""
    key: Canonical | None = None
    known: list[Known] = field(default_factory=list)


@dataclass(slots=True)
class Grouped:
    """All entries, by kind and id, with what later steps need to write them down.

    ``systems`` are names as written -> id of systems that nobody declared; ``keys`` the text of every key that got an
    id here, for the lock file.
    """

    groups: dict[tuple[str, str], Group]
    names: Names
    credentials: Credentials
    systems: dict[str, str]
    keys: dict[str, str]
    accounts: Accounts

    def system(self, name: str, seen: Seen) -> str:
        """The id of the system that a name means."""
        return system_id(name, seen, self.names, self.systems)

    def consumer(self, consumer: SeenConsumer, seen: Seen) -> str:
        """The system that consumes: by its name, else as the only one that is declared to use the account."""
        return self.accounts.user(consumer, self.names) or self.system(consumer.name, seen)


def group(seen: Iterable[Seen], estate: Estate, *, lock: Mapping[str, str], merged: Mapping[str, str]) -> Grouped:
    """``lock`` are ids by text of key, ``merged`` the id that a person decided an observed one is the same as."""
    unique = sorted(set(map(_Same, seen)), key=lambda same: same.order)
    everything = [same.seen for same in unique]
    names = names_of(estate)
    for one in everything:
        if one.kind == "system":
            _learn(one, names)
    accounts = Accounts(estate)
    systems = _systems(everything, names, accounts, lock, estate)
    credentials = Credentials(estate, everything, lambda name, seen: system_id(name, seen, names, systems), lock)
    declared = Declared(estate, names)
    keys = {f"system {name}": id_ for name, id_ in systems.items()} | credentials.keys
    result = Grouped({}, names, credentials, systems, keys, accounts)
    pending: dict[Canonical, list[Known]] = defaultdict(list)
    for one in everything:
        if one.kind == "interface":
            _interface(one, result, declared, estate, pending)
        elif one.kind == "event":
            _event(one, result, estate)
        elif one.kind == "system":
            _put(result, "system", result.system(one.name, one), one, estate)
        elif one.kind == "credential":
            _put(result, "credential", credentials.of(one.name, one.secret, one.provider, one), one, estate)
        elif one.kind in _KINDS_BY_NAME:
            _put(result, one.kind, one.name, one, estate)
    _new(pending, result, estate, lock, merged)
    return result


class _Same:
    """A Seen by what it says: equal ones are one, and the order is that of place and content."""

    __slots__ = ("order", "seen")

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        path, _, line = seen.ref.rpartition("#L")
        place = (path, int(line)) if path and line.isdigit() else (seen.ref, 0)
        self.order = (seen.source, *place, seen.kind, seen.name, repr(seen))

    def __hash__(self) -> int:
        return hash(self.order)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.order == other.order


def system_id(name: str, seen: Seen, names: Names, systems: Mapping[str, str]) -> str:
    """The declared system that a name means, else the observed one; all clients without a name are one."""
    if is_pseudonym(name):
        return UNKNOWN_CLIENTS
    found = names.resolve(name)
    return found if found is not None else systems[local_name(name, seen)]


def _learn(one: Seen, names: Names) -> None:
    """A source may say that two names are one system (a service and its host): an alias of a declared one holds."""
    known = names.resolve(one.name)
    for alias in one.values.get("aliases") or ():
        if known is not None and names.resolve(str(alias)) is None:
            names.add(str(alias), known)
        elif known is None and (other := names.resolve(str(alias))) is not None:
            names.add(one.name, other)
            known = other


def _systems(
    everything: list[Seen], names: Names, accounts: Accounts, lock: Mapping[str, str], estate: Estate
) -> dict[str, str]:
    strangers: set[str] = set()
    for one in everything:
        written = [consumer.name for consumer in one.consumers if not accounts.user(consumer, names)]
        written += [one.provider, one.name if one.kind == "system" else "", _key_provider(one), _publisher(one)]
        if isinstance(one.key, EventKey):
            written.append(one.key.cluster or "")
        for name in written:
            if name and not is_pseudonym(name) and names.resolve(name) is None:
                strangers.add(local_name(name, one))
        for attribute in ("host", "database"):
            name = (getattr(one.key, attribute, None) or "").partition("/")[0]
            if name and names.resolve(name) is None:
                strangers.add(local_name(name, one))
    taken = {id_ for kind in ("system", "partner") for id_ in estate.of(kind)} | {UNKNOWN_CLIENTS}
    wanted = {f"system {name}": slug(name) for name in strangers}
    return {key.removeprefix("system "): id_ for key, id_ in allot(wanted, lock, taken).items()}


def _publisher(one: Seen) -> str:
    told = one.values.get("publisher") if one.kind == "event" else None
    return told if isinstance(told, str) else ""


def _key_provider(one: Seen) -> str:
    return (getattr(one.key, "provider", None) or "") if one.key is not None else ""


def _interface(
    one: Seen, result: Grouped, declared: Declared, estate: Estate, pending: dict[Canonical, list[Known]]
) -> None:
    provider = result.system(name, one) if (name := one.provider or _key_provider(one)) else ""
    if one.key is None:
        _nameless(one, provider, result, estate, pending)
        return
    key = canonical_key(one.key, provider, lambda name: result.system(name, one))
    if key is None:
        _nameless(one, provider, result, estate, pending)
        return
    matches = _matches(key, name, one, declared)
    if len(matches) == 1:
        match = matches[0]
        _put(result, "interface", match.id, one, estate, sure=match.confidence, environment=match.environment)
    elif matches and one.figures.get("prefix"):  # a route is about everything below its path
        for match in matches:
            _put(result, "interface", match.id, one, estate, sure=match.confidence)
    elif matches:
        for match, part in _shared_out(matches, one, result, estate):
            _put(result, "interface", match.id, part, estate, sure=match.confidence, environment=match.environment)
    else:
        pending[key].append(Known(one, 1.0, one.environment))


def _matches(key: Canonical, name: str, one: Seen, declared: Declared) -> list[Match]:
    found: list[Match] = []
    if key.family == "http":
        host = name.lower().rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name.lower()
        prefix = one.figures.get("prefix")  # True, or the path at the provider where the route strips its own
        if prefix:
            start = prefix if isinstance(prefix, str) else key.columns[2]
            below = declared.below(key.columns[0], start, key.columns[1])
            if below:
                return [Match(id_) for id_ in below]
        found = declared.at_endpoint(host, key.columns[1], key.columns[2], key.version)
    return found or declared.find(key)


def _shared_out(matches: list[Match], one: Seen, result: Grouped, estate: Estate) -> list[tuple[Match, Seen]]:
    """Several interfaces fit: each gets the consumers that are declared for it.

    Configuration, and consumers that nobody declared, are about all of them, and less sure.
    """
    parts: list[tuple[Match, Seen]] = []
    rest = set(one.consumers)
    for match in matches:
        noun = estate.of("interface")[match.id].noun
        declared = {consumption.system for consumption in noun.consumers or ()}
        mine = tuple(c for c in one.consumers if result.consumer(c, one) in declared)
        if mine:
            parts.append((match, _part(one, mine)))
            rest -= set(mine)
    if rest or not one.consumers:
        left = tuple(consumer for consumer in one.consumers if consumer in rest)
        parts.extend((match._replace(confidence=_ONE_OF_SEVERAL), _part(one, left)) for match in matches)
    return parts


def _part(one: Seen, consumers: tuple[SeenConsumer, ...]) -> Seen:
    """The sighting for some of its consumers; it counts their calls where the source tells them apart."""
    if consumers == one.consumers:
        return one
    counts = [consumer.count for consumer in consumers]
    figures = {name: value for name, value in one.figures.items() if name not in _COUNTED}
    if all(count is not None for count in counts) and "count" in one.figures:
        figures["count"] = sum(count or 0 for count in counts)
    # The line is that of the last call, whoever made it: of some of them only the file is true.
    return replace(one, consumers=consumers, figures=figures, ref=one.ref.partition("#L")[0])


def _nameless(one: Seen, provider: str, result: Grouped, estate: Estate, pending: dict[Canonical, list[Known]]) -> None:
    """No key: an id of the inventory is an identity, a name is not; it stays an entry of its own (step d)."""
    if one.name in estate.of("interface"):
        _put(result, "interface", one.name, one, estate)
        return
    consumers = sorted({result.consumer(consumer, one) for consumer in one.consumers})
    columns = (provider, *consumers, " ".join(one.name.split()).casefold())
    pending[Canonical(_NO_KEY, columns)].append(Known(one, 1.0, one.environment))


def _event(one: Seen, result: Grouped, estate: Estate) -> None:
    wanted = canonical_key(one.key, "", lambda name: result.system(name, one)) if one.key is not None else None
    declared = _channels(estate, result)
    id_ = declared.get(wanted) if wanted is not None else None
    if id_ is None:
        id_ = one.name or (wanted.columns[-1] or wanted.columns[1] if wanted is not None else "")
    if id_:
        if publisher := _publisher(one):
            one = replace(one, values={**one.values, "publisher": result.system(publisher, one)})
        _put(result, "event", id_, one, estate)


def _channels(estate: Estate, result: Grouped) -> dict[Canonical, str]:
    """Events of the hand-kept inventory by what their channel says; worked out once per scan."""
    known = result.credentials.channels
    if known is None:
        known = result.credentials.channels = {}
        for entry in estate.of("event").values():
            url = url_of(entry.noun.channel or "")
            if url is not None:
                cluster = result.names.resolve(url.name) or url.name
                exchange, _, routing = url.path.strip("/").partition("/")
                protocol = "kafka" if url.scheme == "kafka" else "mqtt" if url.scheme.startswith("mqtt") else "amqp"
                known[Canonical(protocol, (cluster, exchange, routing, ""))] = entry.id
    return known


def _put(
    result: Grouped, kind: str, id_: str, one: Seen, estate: Estate, *, sure: float = 1.0, environment: str = ""
) -> None:
    one_group = result.groups.get((kind, id_))
    if one_group is None:
        one_group = result.groups[kind, id_] = Group(kind, id_, id_ in estate.of(kind))
    one_group.known.append(Known(one, sure, environment or one.environment))


def _new(
    pending: dict[Canonical, list[Known]],
    result: Grouped,
    estate: Estate,
    lock: Mapping[str, str],
    merged: Mapping[str, str],
) -> None:
    """Interfaces that nobody declared: one per key. A source that tells no version joins the only one there is."""
    versions: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    bases = {key.text: (key.family, key.columns) for key in pending if not key.version}
    for key in pending:
        if key.version:
            versions[key.family, key.columns].add(key.version)
    for text in lock:  # what an earlier scan knew: the contract of then may not be in this one
        base, _, version = text.rpartition(" ")
        if base in bases and text not in bases:
            versions[bases[base]].add(version)
    whole: dict[Canonical, list[Known]] = defaultdict(list)
    for key, known in pending.items():
        only = versions[key.family, key.columns]
        full = key._replace(version=next(iter(only))) if not key.version and len(only) == 1 else key
        whole[full].extend(known)
    wanted = {key.text: f"if-{_slug_of(key)}" for key in whole}
    ids = allot(wanted, lock, estate.of("interface"))
    result.keys.update(ids)
    for key, known in whole.items():
        id_ = ids[key.text]
        target = merged.get(id_, id_)
        declared = target in estate.of("interface")
        made = result.groups.setdefault(("interface", target), Group("interface", target, declared))
        if not declared:
            made.key, made.provider = key, key.columns[0] if key.family != "edi" else ""
        made.known.extend(known)


def _slug_of(key: Canonical) -> str:
    if key.family == _NO_KEY:
        return slug(key.columns[-1])
    columns = [template(column) if column.startswith("/") else column for column in key.columns if column]
    if key.family == "http" and len(columns) > 1:
        columns = [columns[0], *columns[2:], columns[1].lower()] if key.columns[1] else columns
    return slug(
        "-".join(columns) + (f"-{key.version}" if key.version and f"/{key.version}/" not in "".join(columns) else "")
    )
