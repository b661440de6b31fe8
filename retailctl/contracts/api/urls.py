"""Servers and effective URLs: what a client calls is server base plus path (contracts.md section 4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice, product
from typing import Any, Final

from retailctl.contracts.api.model import Place, Server

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_MOST: Final = 32  # combinations of server variables; more say nothing about identity


def servers_of(raw: Any, place: Place) -> tuple[Server, ...]:
    """The servers of a list as it stands in OpenAPI 3; a variable counts with its default and its enum."""
    found: dict[str, Server] = {}
    for index, entry in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("url"), str):
            for url in _filled(entry["url"], entry.get("variables")):
                found.setdefault(url, server_of(url, place.at(index)))
    return tuple(found.values())


def server_of(url: str, place: Place) -> Server:
    """Split a server URL; of a relative one only the path counts."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
        if url.startswith("//"):
            rest = url[2:]
        else:
            return Server(url, "", "", base_path(url), place)
    host, _, path = rest.partition("/")
    return Server(url, scheme.lower(), host.lower(), base_path(path), place)


def base_path(path: str) -> str:
    """The path part of a server URL without query, with one slash in front and none at the end."""
    bare = path.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].strip("/")
    return f"/{bare}" if bare else ""


def erased(path: str) -> str:
    """The path with its template parameters made nameless: ``/orders/{}/lines``."""
    return _VARIABLE.sub("{}", path)


def names_in(path: str) -> tuple[str, ...]:
    """The template parameters of a path in order."""
    return tuple(_VARIABLE.findall(path))


def effective(bases: Sequence[str], path: str) -> tuple[str, ...]:
    """The erased URLs of a path below every base."""
    clean = path if path.startswith("/") else f"/{path}"
    return tuple(dict.fromkeys(erased(base + clean) for base in bases or ("",)))


def _filled(url: str, variables: Any) -> list[str]:
    known: Mapping[str, Any] = variables if isinstance(variables, dict) else {}
    names = [name for name in dict.fromkeys(_VARIABLE.findall(url)) if isinstance(known.get(name), dict)]
    choices = [_choices(known[name]) or ["{" + name + "}"] for name in names]
    urls = []
    for values in islice(product(*choices), _MOST):
        filled = url
        for name, value in zip(names, values, strict=True):
            filled = filled.replace("{" + name + "}", value)
        urls.append(filled)
    return urls or [url]


def _choices(variable: Mapping[str, Any]) -> list[str]:
    listed = variable.get("enum")
    values = [variable.get("default"), *(listed if isinstance(listed, list) else ())]
    return list(dict.fromkeys(str(value) for value in values if isinstance(value, str | int)))
