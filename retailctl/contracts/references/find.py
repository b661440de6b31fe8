"""The references of a document, wherever the specifications let one stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from retailctl.contracts.references.pointers import escape
from retailctl.contracts.references.walk import Family, family_of, walk_objects

_NAME = re.compile(r"[A-Za-z0-9._\-]+")
_FILE = re.compile(r"\.(json|ya?ml)$", re.IGNORECASE)


def find_references(value: object, *, family: Family | None = None, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every reference below ``value``: the pointer of the key that holds it, and its text, in document order.

    Found are ``$ref`` and ``$dynamicRef`` of Reference Objects, Path Items and schemas, and the values of
    ``discriminator.mapping`` (a bare schema name is returned as the reference it stands for). ``family`` and
    ``pointer`` are needed when ``value`` is not the root of its document.
    """
    family = family or family_of(value)
    schemas = "#/definitions/" if family == "swagger" else "#/components/schemas/"
    for where, current in walk_objects(value, family, pointer):
        for keyword in ("$ref", "$dynamicRef"):
            text = current.get(keyword)
            if isinstance(text, str):
                yield f"{where}/{keyword}", text
        discriminator = current.get("discriminator")
        mapping = discriminator.get("mapping") if isinstance(discriminator, Mapping) else None
        if isinstance(mapping, Mapping):
            for name, text in mapping.items():
                if isinstance(text, str):
                    yield f"{where}/discriminator/mapping/{escape(str(name))}", mapping_reference(text, schemas)


def mapping_reference(text: str, schemas: str = "#/components/schemas/") -> str:
    """The reference that a value of ``discriminator.mapping`` stands for: a bare name names a schema of the document.

    Source: OpenAPI 3.1, Discriminator Object ("the name or URI reference").
    """
    return schemas + text if _NAME.fullmatch(text) and not _FILE.search(text) else text


def find_lookalikes(value: object) -> Iterator[tuple[str, str]]:
    """Everything below a root that looks like a ``$ref`` and is data or the name of a property: pointer and text.

    We never follow these, but tools that replace every ``$ref`` blindly do. In document order.
    """
    known = {pointer for pointer, _ in find_references(value)}
    stack: list[tuple[str, object]] = [("", value)]
    while stack:
        where, current = stack.pop()
        if not isinstance(current, dict | list):
            continue
        items = current.items() if isinstance(current, dict) else enumerate(current)
        stack.extend(reversed([(f"{where}/{escape(str(key))}", child) for key, child in items]))
        text = current.get("$ref") if isinstance(current, dict) else None
        if isinstance(text, str) and f"{where}/$ref" not in known:
            yield f"{where}/$ref", text
