"""What only people read, and orders that mean nothing."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.support.variants.base import Variant, some
from tests.support.walk import Document, Node, fresh, places, version, walk

_TEXTS = ("title", "summary", "description")
_EXAMPLES = ("example", "examples", "externalDocs", "$comment")


def keys_reordered(document: Document, random: Random) -> Document:
    """Every mapping in another order."""

    def shuffle(node: Node) -> Node:
        if isinstance(node, dict):
            keys = list(node)
            random.shuffle(keys)
            return {key: shuffle(node[key]) for key in keys}
        return [shuffle(one) for one in node] if isinstance(node, list) else node

    result: Document = shuffle(document)
    return result


def lists_reordered(document: Document, random: Random) -> Document:
    """``enum``, ``required``, lists of types, parameters and alternatives of security in another order."""
    document = fresh(document)
    for place in walk(document):
        keys = {"schema": ("enum", "required", "type"), "path item": ("parameters",), "parameter": ("enum",),
                "operation": ("parameters", "security", "tags", "consumes", "produces")}.get(place.kind, ())  # fmt: skip
        for key in keys:
            if isinstance(place.node.get(key), list):
                random.shuffle(place.node[key])
    return document


def branches_reordered(document: Document, random: Random) -> Document:
    """The branches of ``allOf``, ``anyOf`` and ``oneOf`` in another order."""
    document = fresh(document)
    for place in places(document, "schema"):
        for key in ("allOf", "anyOf", "oneOf"):
            if isinstance(place.node.get(key), list):
                random.shuffle(place.node[key])
    return document


def words_changed(document: Document, random: Random) -> Document:
    """Titles, summaries and descriptions rewritten."""
    document = fresh(document)
    for place in some([one for one in walk(document) if one.kind != "components"], random):
        for key in _TEXTS:
            if isinstance(place.node.get(key), str):
                place.node[key] = f"In other words ({random.randrange(1000)})."
    document["info"]["title"] = "Another title"
    return document


def words_dropped(document: Document, random: Random) -> Document:
    """Texts and examples left out where the specification lets them."""
    document = fresh(document)
    for place in some([one for one in walk(document) if one.kind in _MAY_DROP], random):
        for key in (*_MAY_DROP[place.kind], *_EXAMPLES):
            place.node.pop(key, None)
    return document


_MAY_DROP = {
    "schema": _TEXTS,
    "operation": ("summary", "description"),
    "path item": ("summary", "description"),
    "parameter": ("description",),
    "header": ("description",),
    "request body": ("description",),
    "media type": (),
}


def words_added(document: Document, random: Random) -> Document:
    """Descriptions and comments where there were none."""
    document = fresh(document)
    places_ = [one for one in walk(document) if one.kind in _MAY_DROP and "$ref" not in one.node]
    for place in some(places_, random):
        if place.kind != "media type":
            place.node.setdefault("description", "Now with a description.")
        if place.kind == "schema" and version(document) in {"3.1", "3.2"}:
            place.node.setdefault("$comment", "for the authors")
    return document


def tags_changed(document: Document, random: Random) -> Document:
    """Operations sorted under other headings."""
    document = fresh(document)
    names = ["alpha", "beta", "gamma"]
    if "tags" in document:
        document["tags"] = [{"name": name, "description": f"All of {name}."} for name in names]
    for place in places(document, "operation"):
        place.node["tags"] = [random.choice(names)]
    return document


def about_changed(document: Document, random: Random) -> Document:
    """Another contact, another licence, a link to documentation."""
    document = fresh(document)
    info: dict[str, Any] = document["info"]
    info["contact"] = {"name": f"team-{random.randrange(10)}", "email": "team@fernhill.example"}
    info["description"] = "Rewritten."
    document["externalDocs"] = {"url": "https://docs.fernhill.example"}
    return document


WORDING: dict[str, Variant] = {
    "keys reordered": keys_reordered,
    "lists reordered": lists_reordered,
    "branches reordered": branches_reordered,
    "words changed": words_changed,
    "words dropped": words_dropped,
    "words added": words_added,
    "tags changed": tags_changed,
    "about changed": about_changed,
}
