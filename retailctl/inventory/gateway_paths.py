"""Paths of gateways: what of a route a provider sees behind it, patterns as templates, and the major version in a path.

The key of an interface behind a gateway is what the provider offers. A route that hands its path on keeps it; one
that replaces its prefix by a path of the upstream has that path. A route that strips its prefix and adds nothing
leaves "/", which would make one interface of all of them: there the path at the gateway stands for it.
"""

from __future__ import annotations

import re
from typing import Final

_GROUP: Final = re.compile(r"\(\?P?<(\w{1,60})>[^()]{0,200}\)")
_UNNAMED: Final = re.compile(r"\((?:\?:)?[^()|]{0,200}\)|\[[^\]]{1,100}\][+*]?|\\[dwS][+*]?")
_ALTERNATIVES: Final = re.compile(r"(?<=/)\((?:\?:)?([\w.-]{1,60}(?:\|[\w.-]{1,60}){1,15})\)")
_WILD: Final = re.compile(r"\.[*+]\??")
_END: Final = re.compile(r"(?:/?\$|/\?\$?|\(/\|\$\)|\(\?:/\|\$\))$")
_VERSION: Final = re.compile(r"(?:^|[/._-])v(\d{1,4})(?=$|[/._-])", re.IGNORECASE)
_MAJOR: Final = re.compile(r"^v?(\d{1,3})(?:\.\d+)*(?:[-+].*)?$", re.IGNORECASE)


def at_provider(public: str, upstream: str, *, strips: bool) -> str:
    """The address of a route at its provider.

    ``public`` is the path at the gateway, ``upstream`` the path that the gateway puts in front (or in its place).
    """
    upstream = _path(upstream)
    public = "/" + public.lstrip("/")
    if strips:
        return upstream or public
    return (upstream + public) if upstream and not public.startswith(f"{upstream}/") else public


def reached(public: str, upstream: str, *, strips: bool) -> str:
    """The path at the provider below which a route with a prefix reaches everything: "/" where it strips its own."""
    return (_path(upstream) or "/") if strips else at_provider(public, upstream, strips=False)


def _path(text: str) -> str:
    return "/" + text.strip("/") if text.strip("/") else ""


def template_of(pattern: str) -> tuple[str, bool]:
    """A regular expression over paths as a template, and whether it is one for certain.

    ``^/orders/(?<id>\\d+)$`` becomes ``/orders/{id}``; what is left of alternatives and wildcards stays as written.
    """
    path = _END.sub("", pattern.removeprefix("~").removeprefix("*").strip().removeprefix("^"))[:500]
    path = _WILD.sub("*", _GROUP.sub(r"{\1}", path))
    path = path.removesuffix("(*)").removesuffix("*")
    path = _UNNAMED.sub("{}", path).replace(r"\.", ".").replace(r"\/", "/").replace(r"\-", "-")
    if not path.startswith("/"):
        path = f"/{path}"
    return path, not re.search(r"[()\[\]\\|^$*+?]", path)


def templates_of(pattern: str) -> list[tuple[str, bool]]:
    """As :func:`template_of`, and one for each name where a segment is one of several: ``^/(web|longpolling)/``."""
    found = _ALTERNATIVES.search(pattern)
    if found is None or not re.match(r"[~*\s]{0,9}\^?/", pattern):
        return [template_of(pattern)]
    before, behind = pattern[: found.start()], pattern[found.end() :]
    return [template_of(f"{before}{name}{behind}") for name in dict.fromkeys(found[1].split("|"))]


def version_in(address: str) -> str | None:
    """The major version that an address names: ``/v2/consents``, ``order.confirmed.v1``."""
    found = _VERSION.search(address)
    return f"v{int(found[1])}" if found else None


def major_of(version: str) -> str | None:
    """``v1`` of 1.4.2; None for dates and words."""
    found = _MAJOR.match(version.strip())
    return f"v{int(found[1])}" if found else None
