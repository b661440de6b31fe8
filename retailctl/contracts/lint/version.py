"""Which specification a document follows, read by us: a number, a missing or an unknown version is a located fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from retailctl.contracts.lint.facts import LintFact, fact

Family = Literal["swagger", "openapi", "asyncapi", "schema"]

SUPPORTED: Final = "Swagger 2.0, OpenAPI 3.0, 3.1 and 3.2"
_OPENAPI: Final = re.compile(r"3\.([012])\.(0|[1-9][0-9]*)(-[0-9A-Za-z.\-]+)?")


@dataclass(frozen=True, slots=True)
class Version:
    """The specification a document follows; ``minor`` is 0, 1 or 2 for OpenAPI 3.

    For AsyncAPI ``text`` is the whole version, for a JSON Schema ("schema") it is the draft, such as "2020-12".
    """

    family: Family
    minor: int
    text: str

    @property
    def uses_json_schema(self) -> bool:
        """True when schemas are JSON Schema 2019-09 or later and the keywords beside ``$ref`` count."""
        return (self.family == "openapi" and self.minor >= 1) or self.text in ("2019-09", "2020-12")


def is_event_document(root: object, path: str) -> bool:
    """Whether a document says that it is AsyncAPI, or is a JSON Schema that stands alone."""
    if not isinstance(root, Mapping) or "openapi" in root or "swagger" in root:
        return False
    if "asyncapi" in root:
        return True
    from retailctl.contracts.events.reading import event_family

    return event_family(root, path) == "json-schema"


def detect_version(root: object, path: str) -> Version | LintFact:
    """The version of a document, or the fact that says what was seen instead and what is supported."""
    if not isinstance(root, Mapping):
        return fact("version-missing", (path, ""), supported=SUPPORTED)
    keys = [key for key in ("openapi", "swagger") if key in root]
    if len(keys) == 2:
        return fact("version-both", (path, "/swagger"), openapi=seen(root["openapi"]), swagger=seen(root["swagger"]))
    if not keys:
        return fact("version-missing", (path, ""), supported=SUPPORTED)
    key, value = keys[0], root[keys[0]]
    if not isinstance(value, str):
        return fact("version-not-text", (path, f"/{key}"), key=key, seen=seen(value), supported=SUPPORTED)
    if key == "swagger" and value == "2.0":
        return Version("swagger", 0, value)
    known = _OPENAPI.fullmatch(value) if key == "openapi" else None
    if known is not None:
        return Version("openapi", int(known[1]), value)
    return fact("version-unknown", (path, f"/{key}"), key=key, seen=seen(value), supported=SUPPORTED)


def seen(value: object) -> str:
    """What stands where a version should, in words."""
    if isinstance(value, str):
        return f"{value[:40]!r}"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return f"the number {value}"
    return {type(None): "nothing", list: "a list", dict: "a mapping"}.get(type(value), "another value")
