"""Which version of AsyncAPI, or which draft of JSON Schema, a document follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.version import Version, seen

ASYNCAPI: Final = "AsyncAPI 2.0 to 2.6, 3.0 and 3.1"
DRAFTS: Final = ("draft-04", "draft-06", "draft-07", "2019-09", "2020-12")
_VERSION: Final = re.compile(r"(2\.[0-6]|3\.[01])\.(0|[1-9][0-9]*)(-[0-9A-Za-z.\-]+)?")
_DRAFT: Final = re.compile(r"https?://json-schema\.org/(?:draft/)?(draft-0[467]|2019-09|2020-12)/schema#?")
_CURRENT: Final = "2020-12"


def detect_event_version(root: Mapping[str, object], path: str) -> Version | LintFact:
    """The version of a document, or the fact that says what was seen instead and what is supported."""
    if "asyncapi" not in root:
        return _draft(root, path)
    value = root["asyncapi"]
    if not isinstance(value, str):
        return fact("version-not-text", (path, "/asyncapi"), key="asyncapi", seen=seen(value), supported=ASYNCAPI)
    found = _VERSION.fullmatch(value)
    if found is None:
        return fact("version-unknown", (path, "/asyncapi"), key="asyncapi", seen=seen(value), supported=ASYNCAPI)
    return Version("asyncapi", int(found[1][2:]), value)


def _draft(root: Mapping[str, object], path: str) -> Version | LintFact:
    """A schema that names no draft is a current one."""
    value, supported = root.get("$schema", ""), "JSON Schema " + ", ".join(DRAFTS)
    if not isinstance(value, str):
        return fact("version-not-text", (path, "/$schema"), key="$schema", seen=seen(value), supported=supported)
    if not value:
        return Version("schema", 0, _CURRENT)
    found = _DRAFT.fullmatch(value)
    if found is None:
        return fact("version-unknown", (path, "/$schema"), key="$schema", seen=seen(value), supported=supported)
    return Version("schema", 0, found[1])
