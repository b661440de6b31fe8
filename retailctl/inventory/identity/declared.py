"""Declared: the interfaces and events of the hand-kept inventory, found by what a source shows of them.

Steps a to c of the merge order: equal key, endpoint under an alias, concrete path under a template, and patterns that
a person wrote (``STOCK_*.csv``, ``14:*``). Nothing here looks at names: similar names are suggestions (``suggest``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from fnmatch import translate
from typing import Final, NamedTuple

from retailctl.inventory.identity.keys import Canonical, canonical_key, template
from retailctl.inventory.identity.names import Names
from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface

_BY_TEMPLATE: Final = 0.9
_LESS_SPECIFIC: Final = 0.8


class Match(NamedTuple):
    """The id that something seen belongs to, and how sure that is (1 = equal key)."""

    id: str
    confidence: float = 1.0
    environment: str = ""


class Declared:
    """An index over one estate. Read only; every answer is independent of the order of entries."""

    def __init__(self, estate: Estate, names: Names) -> None:
        self._by_key: dict[tuple[str, tuple[str, ...]], dict[str, str]] = defaultdict(dict)
        self._patterns: dict[str, list[tuple[Canonical, tuple[re.Pattern[str] | None, ...], str]]] = defaultdict(list)
        self._paths: dict[str, PathTemplates] = {}
        self._of_path: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._endpoints: dict[str, PathTemplates] = {}
        self._of_endpoint: dict[tuple[str, str], dict[str, set[tuple[str, str]]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._loose: dict[tuple[str, str], dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))

        def known(name: str) -> str:
            return names.resolve(name) or name

        for entry in estate.of("interface").values():
            noun: Interface = entry.noun
            if noun.key is not None:
                key = canonical_key(noun.key, noun.provider or "", known)
                if key is not None:
                    self._add(entry.id, key)
            self._add_endpoints(entry.id, noun)

    def _add(self, id_: str, key: Canonical) -> None:
        self._by_key[key.family, key.columns][key.version] = id_
        self._loose[key.family, key.columns[0]][key.columns].add(id_)
        if key.family in ("http", "soap", "ws"):
            provider, method, path = key.columns
            self._paths.setdefault(provider, PathTemplates()).add("*", path)
            self._of_path[provider, path][method if key.family == "http" else "POST"].add(id_)
        elif any("*" in column for column in key.columns):
            compiled = tuple(re.compile(translate(c)) if "*" in c else None for c in key.columns)
            self._patterns[key.family].append((key, compiled, id_))

    def _add_endpoints(self, id_: str, noun: Interface) -> None:
        method = (
            (getattr(noun.key, "method", None) or "").upper() if noun.key and noun.key.protocol == "http" else "POST"
        )
        for endpoint in noun.endpoints or ():
            url = url_of(endpoint.url)
            if url is not None and url.scheme in ("http", "https"):
                path = template(url.path)
                self._endpoints.setdefault(url.host, PathTemplates()).add("*", path)
                self._of_endpoint[url.host, path][method].add((id_, endpoint.environment or ""))

    def find(self, key: Canonical) -> Match | None:
        """By canonical key, exact first; of a version nobody states only when there is one to choose."""
        exact = self._by_key.get((key.family, key.columns))
        if exact is not None:
            return _version(exact, key.version)
        if key.family in ("http", "soap", "ws"):
            return self._by_path(key)
        for pattern, compiled, id_ in self._patterns.get(key.family, ()):
            pairs = zip(pattern.columns, compiled, key.columns, strict=True)
            if all((rule.match(seen) is not None) if rule else mine == seen for mine, rule, seen in pairs):
                return Match(id_, _BY_TEMPLATE)
        return self._less_specific(key)

    def at_endpoint(self, host: str, method: str, path: str, version: str = "") -> Match | None:
        """By the address of a deployment, which tells the environment too; None when several could be meant."""
        templates = self._endpoints.get(host)
        found = templates.of("*", path) if templates is not None else None
        if found is None:
            return None
        places = self._of_endpoint[host, found]
        meant = places.get(method.upper()) if method else None
        if meant is None and (not method or "" in places):
            meant = {one for ones in places.values() for one in ones} if not method else places.get("")
        ids = {id_ for id_, _ in meant or ()}
        if len(ids) != 1:
            return None
        environments = {environment for _, environment in meant or ()}
        sure = 1.0 if template(path) == found else _BY_TEMPLATE
        return Match(ids.pop(), sure, environments.pop() if len(environments) == 1 else "")

    def below(self, provider: str, prefix: str) -> list[str]:
        """Ids of the provider's http interfaces at or below a path: what a gateway route with a prefix is about."""
        start = template(prefix).rstrip("/")
        return sorted(
            id_
            for (system, path), methods in self._of_path.items()
            if system == provider and (path == start or path.startswith(f"{start}/"))
            for ids in methods.values()
            for id_ in ids
        )

    def _by_path(self, key: Canonical) -> Match | None:
        provider, method, path = key.columns
        templates = self._paths.get(provider)
        found = templates.of("*", path) if templates is not None and path else None
        if found is None:
            return None
        methods = self._of_path[provider, found]
        ids = methods.get(method) if method else {id_ for ones in methods.values() for id_ in ones}
        if ids is None:
            ids = methods.get("")  # declared without a method: any
        if ids and len(ids) > 1 and key.version:
            ids = {id_ for id_ in ids if self._by_key[key.family, (provider, method, found)].get(key.version) == id_}
        if ids is None or len(ids) != 1:
            return None
        declared = self._by_key.get(("http", (provider, method, found)), {})
        if key.version and declared and key.version not in declared and "" not in declared:
            return None  # another major is another interface
        return Match(next(iter(ids)), _BY_TEMPLATE if path != found else 1.0)

    def _less_specific(self, key: Canonical) -> Match | None:
        """A source that tells fewer columns, such as an address without a table: only where one interface fits."""
        if not key.columns[0] or key.family in ("job", "edi", "queue"):
            return None
        near = self._loose.get((key.family, key.columns[0]), {}).items()
        fit = (ids for mine, ids in near if all(not a or a == b for a, b in zip(key.columns, mine, strict=True)))
        ids = {id_ for ones in fit for id_ in ones}
        return Match(ids.pop(), _LESS_SPECIFIC) if len(ids) == 1 and any(key.columns[1:]) else None


def _version(known: dict[str, str], version: str) -> Match | None:
    if version in known:
        return Match(known[version])
    if version and "" in known:
        return Match(known[""])
    ids = set(known.values())
    return Match(ids.pop()) if not version and len(ids) == 1 else None
