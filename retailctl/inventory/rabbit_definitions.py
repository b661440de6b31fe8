"""The definitions of a RabbitMQ server as one picture: what is bound to what, what policies add, who may do what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.inventory.loose import Steps, entries, mapping, number, text
from retailctl.inventory.name_patterns import found_in, takes_all

_BUDGET: Final = 100_000  # names tried against patterns, for the whole file


@dataclass(frozen=True, slots=True)
class Named:
    """A queue or an exchange of a virtual host; ``arguments`` are its own over those of the policy that holds."""

    vhost: str
    name: str
    entry: Mapping[Any, Any]
    where: Steps
    arguments: Mapping[str, Any]
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """``source`` is an exchange; ``destination`` a queue, or another exchange where ``to_exchange`` is set."""

    vhost: str
    source: str
    destination: str
    routing_key: str
    to_exchange: bool
    where: Steps


@dataclass(slots=True)
class Definitions:
    """The whole file; ``limited`` is set when permissions were too many to try them all."""

    queues: list[Named] = field(default_factory=list)
    exchanges: list[Named] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    permissions: list[tuple[Steps, Mapping[Any, Any]]] = field(default_factory=list)
    topics: list[Mapping[Any, Any]] = field(default_factory=list)
    limited: bool = False
    _spent: int = 0
    _from: dict[tuple[str, str], list[Binding]] = field(default_factory=lambda: defaultdict(list))
    _to: dict[tuple[str, str], list[Binding]] = field(default_factory=lambda: defaultdict(list))

    def bound(self, vhost: str, exchange: str) -> list[Binding]:
        """Bindings from an exchange."""
        return self._from.get((vhost, exchange), [])

    def into(self, vhost: str, queue: str) -> list[str]:
        """``exchange/routing key`` of the bindings to a queue."""
        return sorted({f"{one.source}/{one.routing_key}" for one in self._to.get((vhost, queue), ())})

    def add(self, binding: Binding) -> None:
        """Take one more binding."""
        self.bindings.append(binding)
        self._from[binding.vhost, binding.source].append(binding)
        if not binding.to_exchange:
            self._to[binding.vhost, binding.destination].append(binding)

    def may(self, verb: str, vhost: str, name: str) -> list[str]:
        """Users whose permission to write or read names this queue or exchange, and not just everything."""
        found = []
        for _, permission in self.permissions:
            pattern = text(permission.get(verb))
            if text(permission.get("vhost")) != vhost or not pattern or takes_all(pattern):
                continue
            if self._spent >= _BUDGET:
                self.limited = True
                break
            self._spent += 1 + len(pattern) // 200
            if found_in(pattern, name):
                found.append(text(permission.get("user")))
        return sorted({one for one in found if one})

    def may_publish(self, vhost: str, exchange: str, routing_key: str) -> tuple[list[str], bool]:
        """Users who may write to an exchange, without those whose topic permission leaves the routing key out; and
        whether that shows who publishes: by the key, or since there is one user only."""
        users = self.may("write", vhost, exchange)
        by_key = set()
        for one in self.topics:
            same = text(one.get("vhost")) == vhost and text(one.get("exchange")) == exchange
            pattern = text(one.get("write"))
            if same and routing_key and found_in(pattern or r"a\Z.", routing_key) is False:
                users = [user for user in users if user != text(one.get("user"))]
            elif same and routing_key and not takes_all(pattern):
                by_key.add(text(one.get("user")))
        return users, len(users) == 1 or (bool(users) and set(users) <= by_key)


def definitions_of(root: Mapping[Any, Any], steps: Steps, vhost: str = "/") -> Definitions:
    """The picture of one export; ``vhost`` is of entries that do not say it (an export of one virtual host)."""
    found = Definitions()
    policies = sorted(
        (one for _, one in entries(root.get("policies"), ())), key=lambda one: -(number(one.get("priority")) or 0)
    )
    for part, target in (("queues", found.queues), ("exchanges", found.exchanges)):
        for where, entry in entries(root.get(part), (*steps, part)):
            name, host = text(entry.get("name")), text(entry.get("vhost")) or vhost
            if name:
                policy = _policy(policies, part, host, name, vhost)
                arguments = {**_policy_arguments(policy), **_arguments(entry)}
                target.append(Named(host, name, entry, where, arguments, text(policy.get("name"))))
    for where, entry in entries(root.get("bindings"), (*steps, "bindings")):
        source, destination = text(entry.get("source")), text(entry.get("destination"))
        if source and destination:
            kind = text(entry.get("destination_type")) == "exchange"
            host = text(entry.get("vhost")) or vhost
            found.add(Binding(host, source, destination, text(entry.get("routing_key")), kind, where))
    found.permissions = [
        (where, {"vhost": vhost, **entry}) for where, entry in entries(root.get("permissions"), (*steps, "permissions"))
    ]
    found.topics = [{"vhost": vhost, **entry} for _, entry in entries(root.get("topic_permissions"), ())]
    return found


def _arguments(entry: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in mapping(entry.get("arguments")).items()}


def _policy(policies: list[dict[Any, Any]], part: str, host: str, name: str, vhost: str) -> Mapping[Any, Any]:
    """The policy in force: of the matching ones, the one of the highest priority. One at most holds."""
    for one in policies:
        applies = text(one.get("apply-to")) or "all"
        fits = (
            applies == "all"
            or part.startswith(applies.rstrip("s"))
            or (part == "queues" and applies.endswith("queues"))
        )
        if not fits or (text(one.get("vhost")) or vhost) != host:
            continue
        pattern = text(one.get("pattern"))
        if takes_all(pattern) or found_in(pattern, name):
            return one
    return {}


def _policy_arguments(policy: Mapping[Any, Any]) -> dict[str, Any]:
    """What a policy sets, under the names that queues use for it (``message-ttl`` is ``x-message-ttl``)."""
    return {f"x-{str(name).removeprefix('x-')}": value for name, value in mapping(policy.get("definition")).items()}


def delivered(definitions: Definitions, vhost: str, exchange: str, routing_key: str) -> list[str]:
    """Queues that a message with this routing key reaches, through bindings between exchanges too."""
    queues: set[str] = set()
    seen, todo = {exchange}, [exchange]
    kinds = {(one.vhost, one.name): text(one.entry.get("type")) for one in definitions.exchanges}
    while todo:
        current = todo.pop()
        kind = kinds.get((vhost, current), "topic")
        for one in definitions.bound(vhost, current):
            if (
                kind in ("fanout", "headers")
                or one.routing_key == routing_key
                or topic_fits(one.routing_key, routing_key)
            ):
                if not one.to_exchange:
                    queues.add(one.destination)
                elif one.destination not in seen:
                    seen.add(one.destination)
                    todo.append(one.destination)
    return sorted(queues)


def topic_fits(pattern: str, key: str) -> bool:
    """The rule of topic exchanges: ``*`` is one word, ``#`` any number of words."""
    if "*" not in pattern and "#" not in pattern:
        return pattern == key
    reached = {0}
    words = key.split(".")
    for part in pattern.split("."):
        if part == "#":
            reached = set(range(min(reached, default=0), len(words) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(words) and part in ("*", words[at])}
    return len(words) in reached


def routing_keys(definitions: Definitions, vhost: str, exchange: str) -> Iterator[str]:
    """Routing keys that bindings name without wildcards, sorted."""
    keys = {one.routing_key for one in definitions.bound(vhost, exchange)}
    yield from sorted(key for key in keys if key and "*" not in key and "#" not in key)
