"""Names and namespaces (Avro specification, "Names")."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def is_name(text: str) -> bool:
    """Whether a field, a symbol or an unqualified name may be called so."""
    return _PART.match(text) is not None


def is_full_name(text: str) -> bool:
    """Whether a type may be called so: names joined by dots."""
    return all(map(is_name, text.split(".")))


def qualified(name: str, namespace: str) -> str:
    """The full name of what is called ``name`` inside ``namespace``; a name with dots is full already."""
    return name if "." in name or not namespace else f"{namespace}.{name}"


def namespace_of(full_name: str) -> str:
    """What the names inside a type are relative to."""
    return full_name.rpartition(".")[0]
