"""The same URLs, cut elsewhere between the server and the path."""

from __future__ import annotations

from random import Random
from urllib.parse import urlsplit

from tests.support.variants.base import Variant
from tests.support.walk import Document, fresh, is_ref, version, walk


def _plain_servers(document: Document) -> bool:
    """No path or operation has servers of its own, no path is a reference out of the document."""
    holders = [place for place in walk(document) if place.kind in {"path item", "operation"}]
    own = any("servers" in place.node or "schemes" in place.node for place in holders)
    paths = document.get("paths") or {}
    return not own and bool(paths) and all(path.startswith(("/", "x-")) for path in paths)


def base_to_paths(document: Document, random: Random) -> Document:
    """The last steps of the server's base path written in front of every path."""
    if not _plain_servers(document):
        return document
    steps = _common_steps(document)
    if not steps:
        return document
    document = fresh(document)
    count = random.randint(1, len(steps))
    moved = "/" + "/".join(steps[-count:])
    if version(document) == "2.0":
        document["basePath"] = document["basePath"].rstrip("/").removesuffix(moved) or "/"
    else:
        for server in document["servers"]:
            server["url"] = server["url"].rstrip("/").removesuffix(moved) or "/"
    document["paths"] = {path if path.startswith("x-") else moved + path: item
                         for path, item in document["paths"].items()}  # fmt: skip
    return document


def _common_steps(document: Document) -> list[str]:
    """The steps that end the base path of every server, without templates."""
    if version(document) == "2.0":
        bases = [str(document.get("basePath", ""))]
    else:
        bases = [urlsplit(server["url"]).path for server in document.get("servers") or ()]
    common: list[str] = []
    for column in zip(*(reversed(base.strip("/").split("/")) for base in bases), strict=False):
        if len(set(column)) > 1 or not column[0] or "{" in column[0]:
            break
        common.insert(0, column[0])
    return common


def base_to_server(document: Document, random: Random) -> Document:
    """What all paths begin with, moved into the servers."""
    paths = [path for path in document.get("paths") or () if not path.startswith("x-")]
    if not _plain_servers(document) or not paths:
        return document
    first = {path.split("/")[1] for path in paths}
    if len(first) > 1 or "{" in (step := first.pop()) or any(path.count("/") < 2 for path in paths):
        return document
    document = fresh(document)
    if version(document) == "2.0":
        document["basePath"] = document.get("basePath", "").rstrip("/") + "/" + step
    else:
        for server in document.setdefault("servers", [{"url": "/"}]):
            server["url"] = server["url"].rstrip("/") + "/" + step
    document["paths"] = {path.removeprefix("/" + step): item for path, item in document["paths"].items()}
    return document


def servers_to_operations(document: Document, random: Random) -> Document:
    """The servers of the document repeated on its paths, which then no longer inherit them."""
    if version(document) == "2.0" or not _plain_servers(document) or not document.get("servers"):
        return document
    document = fresh(document)
    for item in document["paths"].values():
        if isinstance(item, dict) and not is_ref(item) and random.random() < 0.5:
            item["servers"] = [dict(server) for server in document["servers"]]
    return document


def trailing_slash(document: Document, random: Random) -> Document:
    """The base path of a server with a slash at its end; paths begin with one anyway."""
    if version(document) == "2.0" or not document.get("servers"):
        return document
    document = fresh(document)
    for server in document["servers"]:
        if not server["url"].endswith("/") and urlsplit(server["url"]).path and random.random() < 0.7:
            server["url"] += "/"
    return document


SERVERS: dict[str, Variant] = {
    "base to paths": base_to_paths,
    "base to server": base_to_server,
    "servers to operations": servers_to_operations,
    "trailing slash": trailing_slash,
}
