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
_PATHS: Final = frozenset({"http", "soap", "ws"})


class Match(NamedTuple):
    """The id that something seen belongs to, and how sure that is (1 = equal key)."""

    id: str
    confidence: float = 1.0
    environment: str = ""


class Declared:
    """An index over one estate. Read only; every answer is independent of the order of entries.

    An answer is a list: empty for a stranger, one match, or several where the source does not tell enough (two major
    versions under one path); who calls may then decide.
    """

    def __init__(self, estate: Estate, names: Names) -> None:
        self._by_key: dict[tuple[str, tuple[str, ...]], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._version: dict[str, str] = {}
        self._patterns: dict[str, list[tuple[Canonical, tuple[re.Pattern[str] | None, ...], str]]] = defaultdict(list)
        self._paths: dict[tuple[str, str], PathTemplates] = {}
        self._of_path: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._endpoints: dict[str, PathTemplates] = {}
        self._of_endpoint: dict[tuple[str, str], dict[str, set[tuple[str, str]]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._near: dict[tuple[str, str], dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))

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
        self._by_key[key.family, key.columns][key.version].add(id_)
        self._version[id_] = key.version
        self._near[key.family, key.columns[0]][key.columns].add(id_)
        if key.family in _PATHS:
            provider, method, path = key.columns
            self._paths.setdefault((key.family, provider), PathTemplates()).add("*", path)
            self._of_path[key.family, provider, path][method].add(id_)
            if key.family == "soap":  # what a log shows of a SOAP call
                self._paths.setdefault(("http", provider), PathTemplates()).add("*", path)
                self._of_path["http", provider, path]["POST"].add(id_)
        elif any("*" in column for column in key.columns):
            compiled = tuple(re.compile(translate(c)) if "*" in c else None for c in key.columns)
            self._patterns[key.family].append((key, compiled, id_))

    def _add_endpoints(self, id_: str, noun: Interface) -> None:
        http = noun.key is not None and noun.key.protocol == "http"
        method = (getattr(noun.key, "method", None) or "").upper() if http else "POST"
        for endpoint in noun.endpoints or ():
            url = url_of(endpoint.url)
            if url is not None and url.scheme in ("http", "https"):
                path = template(url.path)
                self._endpoints.setdefault(url.host, PathTemplates()).add("*", path)
                self._of_endpoint[url.host, path][method].add((id_, endpoint.environment or ""))

    def find(self, key: Canonical) -> list[Match]:
        """By canonical key: equal columns, then path templates, patterns, and columns that the source leaves out."""
        exact = self._by_key.get((key.family, key.columns))
        if exact is not None:
            return _sorted({id_ for ids in exact.values() for id_ in ids if self._fits(id_, key.version)}, 1.0)
        if key.family in _PATHS:
            return self._by_path(key)
        found = set()
        for pattern, compiled, id_ in self._patterns.get(key.family, ()):
            pairs = zip(pattern.columns, compiled, key.columns, strict=True)
            if all((rule.match(seen) is not None) if rule else mine == seen for mine, rule, seen in pairs):
                found.add(id_)
        return _sorted(found, _BY_TEMPLATE) or self._less_specific(key)

    def at_endpoint(self, host: str, method: str, path: str, version: str = "") -> list[Match]:
        """By the address of a deployment, which tells the environment too."""
        templates = self._endpoints.get(host)
        found = templates.of("*", path) if templates is not None else None
        if found is None:
            return []
        places = self._of_endpoint[host, found]
        if method:
            meant = places.get(method.upper()) or places.get("") or set()
        else:
            meant = {one for ones in places.values() for one in ones}
        sure = 1.0 if template(path) == found else _BY_TEMPLATE
        where: dict[str, set[str]] = defaultdict(set)
        for id_, environment in meant:
            if self._fits(id_, version):
                where[id_].add(environment)
        return [Match(id_, sure, min(at) if len(at) == 1 else "") for id_, at in sorted(where.items())]

    def below(self, provider: str, prefix: str, method: str = "") -> list[str]:
        """Ids of the provider's http interfaces at or below a path: what a gateway route with a prefix is about."""
        start = template(prefix).rstrip("/")
        return sorted(
            {
                id_
                for (family, system, path), methods in self._of_path.items()
                if family == "http" and system == provider and (path == start or path.startswith(f"{start}/"))
                for of, ids in methods.items()
                if not method or not of or of == method
                for id_ in ids
            }
        )

    def _by_path(self, key: Canonical) -> list[Match]:
        provider, method, path = key.columns
        templates = self._paths.get((key.family, provider))
        found = templates.of("*", path) if templates is not None and path else None
        if found is None:
            return []
        methods = self._of_path[key.family, provider, found]
        if method:
            ids = methods.get(method) or methods.get("") or set()  # declared without a method: any
        else:
            ids = {id_ for ones in methods.values() for id_ in ones}
        return _sorted({id_ for id_ in ids if self._fits(id_, key.version)}, 1.0 if path == found else _BY_TEMPLATE)

    def _fits(self, id_: str, version: str) -> bool:
        """Another major is another interface; a version that one side does not tell keeps nobody out."""
        declared = self._version.get(id_, "")
        return not version or not declared or declared == version

    def _less_specific(self, key: Canonical) -> list[Match]:
        """A source that tells fewer columns, such as an address without a table: only where one interface fits."""
        if not key.columns[0] or not any(key.columns[1:]) or key.family in ("job", "edi", "queue"):
            return []
        near = self._near.get((key.family, key.columns[0]), {}).items()
        fit = (ids for mine, ids in near if all(not a or a == b for a, b in zip(key.columns, mine, strict=True)))
        ids = {id_ for ones in fit for id_ in ones}
        return _sorted(ids, _LESS_SPECIFIC) if len(ids) == 1 else []


def _sorted(ids: set[str], sure: float) -> list[Match]:
    return [Match(id_, sure) for id_ in sorted(ids)]
