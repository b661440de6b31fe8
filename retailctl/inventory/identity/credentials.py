"""Which credential is this? Told by its declared id or name, else by the fingerprint of its secret, else by its name at
the system that knows it: "Postgres account" of two servers are two credentials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from retailctl.inventory.identity.ids import allot
from retailctl.inventory.identity.keys import Canonical
from retailctl.inventory.identity.names import slug
from retailctl.model.estate import Estate
from retailctl.model.seen import Seen

SystemOf = Callable[[str, Seen], str]


class Credentials:
    """Ids of credentials. ``keys`` are those that got an id here; ``channels`` is a place for the caller's index."""

    def __init__(self, estate: Estate, seen: Iterable[Seen], system: SystemOf, lock: Mapping[str, str]) -> None:
        self._declared = {entry.id: entry.id for entry in estate.of("credential").values()}
        for entry in estate.of("credential").values():
            if entry.noun.name:
                self._declared.setdefault(entry.noun.name, entry.id)
        self._system = system
        self.channels: dict[Canonical, str] | None = None
        names: dict[str, set[str]] = defaultdict(set)  # fingerprint -> names under which it was seen
        plain: dict[str, str] = {}
        for name, secret, provider, one in _mentioned(seen):
            if name in self._declared:
                continue
            if secret:
                names[secret].add(name)
            elif name:
                plain[self._text(name, provider, one)] = slug(f"cred-{self._at(provider, one)}-{name}")
        wanted = {
            f"secret {secret}": slug(f"cred-{min(filter(None, known), default=secret[-8:])}")
            for secret, known in names.items()
        }
        self.keys = allot({**wanted, **plain}, lock, self._declared.values())

    def of(self, name: str, secret: str, provider: str, seen: Seen) -> str:
        """The id of a credential as it was mentioned."""
        known = self._declared.get(name)
        if known is not None:
            return known
        return self.keys[f"secret {secret}" if secret else self._text(name, provider, seen)]

    def _text(self, name: str, provider: str, seen: Seen) -> str:
        return f"credential {self._at(provider, seen)} {name}"

    def _at(self, provider: str, seen: Seen) -> str:
        return self._system(provider, seen) if provider else seen.ref.partition("#")[0]


def _mentioned(seen: Iterable[Seen]) -> Iterable[tuple[str, str, str, Seen]]:
    for one in seen:
        if one.kind == "credential":
            yield one.name, one.secret, one.provider, one
        provider = one.provider or (getattr(one.key, "provider", None) or "")
        for consumer in one.consumers:
            if consumer.identity or consumer.secret:
                yield consumer.identity or "", consumer.secret or "", provider, one
