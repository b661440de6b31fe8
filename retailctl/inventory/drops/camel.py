"""File endpoints of Camel routes, in XML and YAML: ``ftp:``, ``ftps:``, ``sftp:`` and ``file:`` addresses.

``from`` reads, ``to`` and its kin write. Parameters of an address may be secret: only the names that matter are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from retailctl.inventory.drops.drop import Drop, drop_of
from retailctl.inventory.loose import Steps, mapping, text
from retailctl.inventory.urls import url_of
from retailctl.inventory.xml_tree import Node

_ADDRESS: Final = re.compile(r"^\s*(?:ftp|ftps|sftp|file):", re.IGNORECASE)
_READS: Final = frozenset({"from", "pollEnrich", "poll-enrich", "poll"})
_WRITES: Final = frozenset({"to", "toD", "to-d", "wireTap", "wire-tap", "recipientList", "enrich"})
_PATTERN: Final = ("fileName", "include", "antInclude", "fileExist")
NAMES: Final = _READS | _WRITES
_ENDPOINTS: Final = NAMES | {"endpoint"}


def from_xml(root: Node) -> Iterator[Drop]:
    """Endpoints of routes in XML, with the name of their route."""
    route = ""
    for node in root.walk():
        if node.name == "route":
            route = node.get("id") or node.get("routeId")
        elif node.name in _ENDPOINTS and _ADDRESS.match(node.get("uri")):
            found = drop(node.get("uri"), node.line, node.name, route or node.get("id"), {})
            if found is not None:
                yield found


def from_data(root: Any, steps: Steps) -> Iterator[tuple[Steps, str, str, str, dict[Any, Any]]]:
    """(steps, address, word, route, parameters) of the endpoints of routes in YAML."""
    stack: list[tuple[Steps, Any, str]] = [(steps, root, "")]
    while stack:
        where, value, route = stack.pop()
        if isinstance(value, list):
            stack.extend(((*where, index), one, route) for index, one in reversed(list(enumerate(value))))
        elif isinstance(value, dict):
            route = text(value.get("id")) if {"from", "steps"} & value.keys() and "id" in value else route
            for key, one in reversed(list(value.items())):
                at = (*where, key)
                address = one if isinstance(one, str) else mapping(one).get("uri")
                if key in NAMES and isinstance(address, str) and _ADDRESS.match(address):
                    yield at, address, str(key), route, mapping(mapping(one).get("parameters"))
                stack.append((at, one, route))


def drop(address: str, line: int, word: str, route: str, parameters: dict[Any, Any]) -> Drop | None:
    """The drop of one endpoint."""
    place, _, query = address.strip().partition("?")
    scheme, _, rest = place.partition(":")
    if scheme.lower() == "file":
        place = "file://localhost/"
    elif not rest.startswith("//"):
        place = f"{scheme}://{rest}"
    url = url_of(place)
    if url is None:
        return None
    pairs = (one.partition("=") for one in re.split(r"&amp;|&", query))
    asked: dict[str, Any] = {name: value for name, _, value in pairs} | {
        str(key): one for key, one in parameters.items()
    }
    pattern = next((found for name in _PATTERN[:3] if (found := text(asked.get(name)))), "")
    if "RAW(" in text(asked.get("password")):
        asked["password"] = re.sub(r"^RAW\((.*)\)$", r"\1", text(asked["password"]))
    elif isinstance(asked.get("password"), str):
        asked["password"] = unquote(asked["password"])
    more: dict[str, Any] = {
        "pattern": pattern,
        "name": route,
        "way": "read" if word in _READS else "write" if word in _WRITES else "",
        "schedule": text(asked.get("scheduler.cron")),
        "figures": {name: value for name in ("delay", "idempotent", "move", "moveFailed", "passiveMode", "binary")
                    if (value := text(asked.get(name)))},
    }  # fmt: skip
    if asked.get("username"):
        more["user"] = text(asked["username"])
    if asked.get("password"):
        more |= {"secret": asked["password"], "setting": "password"}
    if scheme.lower() == "file":
        more |= {"host": "", "directory": rest.removeprefix("//")}
    return drop_of(url, line, **more)
