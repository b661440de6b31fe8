"""Servers of AsyncAPI 2 (``url``) and 3 (``host`` and ``pathname``)."""

from __future__ import annotations

from typing import Any

from retailctl.contracts.api.model import Place
from retailctl.contracts.events.bindings import bindings_of
from retailctl.contracts.events.layers import Follow, Part, followed
from retailctl.contracts.events.model import EventServer, mapping, text


def read_servers(raw: Any, place: Place, follow: Follow) -> tuple[EventServer, ...]:
    """The servers of a document in the order of their names."""
    found = []
    for name, value in sorted(mapping(raw).items()):
        part = followed(Part(value, place.at(name)), follow)
        if part is not None and isinstance(part.value, dict) and not name.startswith("x-"):
            found.append(_server(name, part, follow))
    return tuple(found)


def _server(name: str, part: Part, follow: Follow) -> EventServer:
    raw = part.value
    host, pathname = text(raw.get("host")), text(raw.get("pathname"))
    if "url" in raw:
        _, separator, rest = text(raw["url"]).partition("://")
        host, _, pathname = (rest if separator else text(raw["url"])).partition("/")
    return EventServer(
        name=name,
        host=host.lower(),
        pathname="/" + pathname.strip("/") if pathname.strip("/") else "",
        protocol=text(raw.get("protocol")).lower(),
        place=part.place,
        bindings=bindings_of(part, follow),
    )
