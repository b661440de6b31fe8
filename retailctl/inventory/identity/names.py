"""Names: which system a host, a service name or "SHOPIFY (EU)" means.

Step b of the merge order: ids and aliases of systems and partners, and hosts of declared endpoints that belong to one
provider only. A name that two systems claim means neither: it is reported, never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import translate
from typing import Final

from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.seen import Seen

UNKNOWN_CLIENTS: Final = "unknown-clients"
_LOOPBACK: Final = re.compile(r"^(?:localhost|127(?:\.\d+){3}|::1|\[::1\]|0\.0\.0\.0|host\.docker\.internal)(?::\d+)?$")
_PORT: Final = re.compile(r":\d+$")
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_SLUG: Final = 80


class Names:
    """Resolves names as written to ids of systems; the answer never depends on the order of what was added."""

    def __init__(self) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._globs: list[tuple[re.Pattern[str], str]] = []
        self._known: dict[str, str | None] = {}

    def add(self, name: str, system: str) -> None:
        """Make a name or a pattern (``pos-*.store.example``) mean a system."""
        plain = _plain(name)
        if not plain:
            return
        self._known.clear()
        if any(sign in plain for sign in "*?["):
            self._globs.append((re.compile(translate(plain)), system))
        else:
            self._exact[plain].add(system)

    def resolve(self, name: str) -> str | None:
        """The system that a name means; None when nobody or more than one claims it."""
        if name in self._known:
            return self._known[name]
        found = self._known[name] = self._resolve(_plain(name))
        return found

    def claimed_twice(self) -> list[tuple[str, tuple[str, ...]]]:
        """(name, systems) of every name that means more than one system, sorted."""
        return sorted((name, tuple(sorted(systems))) for name, systems in self._exact.items() if len(systems) > 1)

    def _resolve(self, plain: str) -> str | None:
        for form in (plain, _PORT.sub("", plain)):
            systems = self._exact.get(form)
            if systems is not None:
                return next(iter(systems)) if len(systems) == 1 else None
            matched = {system for pattern, system in self._globs if pattern.match(form)}
            if matched:
                return next(iter(matched)) if len(matched) == 1 else None
        return None


def names_of(estate: Estate) -> Names:
    """The names that the hand-kept inventory knows."""
    names = Names()
    taken: set[str] = set()
    for kind in ("system", "partner"):
        for entry in estate.of(kind).values():
            # An id is an identity, and no alias of another system takes it away.
            known = (entry.id, entry.noun.name or "", *(getattr(entry.noun, "aliases", None) or ()))
            for name in known:
                names.add(name, entry.id)
                taken.add(_plain(name))
    by_host: dict[str, set[str]] = defaultdict(set)
    for entry in estate.of("interface").values():
        provider = entry.noun.provider or getattr(entry.noun.key, "provider", None)
        for endpoint in entry.noun.endpoints or ():
            url = url_of(endpoint.url)
            if url is not None and provider:
                by_host[url.host].add(provider)
    for host, providers in by_host.items():
        if len(providers) == 1 and _plain(host) not in taken:
            names.add(host, next(iter(providers)))
    return names


def local_name(name: str, seen: Seen) -> str:
    """A name that means something in one file only (``localhost``, ``${DB_HOST}``) or one project only (``db``), made
    unlike that of any other."""
    if _LOOPBACK.match(name.lower()) or "$" in name or "{{" in name:
        return f"{name} in {seen.ref.partition('#')[0]}"
    if seen.scope and "." not in name:
        return f"{name} in {seen.scope}"
    return name


def slug(text: str) -> str:
    """Letters, digits and single hyphens, at most 80 of them."""
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:_SLUG].strip("-") or "unnamed"


def is_pseudonym(name: str) -> bool:
    """Is it what ``Reading.pseudonym`` gives?"""
    return name.startswith("anon-")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold().rstrip(".")


def known_hosts(systems: Iterable[str], names: Names) -> set[str]:
    """Those of the names that resolve: for readers that must tell a known client from an unknown address."""
    return {name for name in systems if names.resolve(name) is not None}
