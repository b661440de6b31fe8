"""Valid AsyncAPI documents that use every object of the specification, version by version."""

from __future__ import annotations

import copy
from typing import Any

import yaml

from tests.needs import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "asyncapi"
VERSIONS = ("2.0.0", "2.1.0", "2.2.0", "2.3.0", "2.4.0", "2.5.0", "2.6.0", "3.0.0", "3.1.0")
# What came with a version of 2, by pointer.
_SINCE: dict[str, tuple[str, ...]] = {
    "2.1.0": (
        *(f"components/securitySchemes/{name}" for name in ("plain", "scram", "scram2", "kerberos")),
        "channels/orders~1other/publish/message/examples/0/name",
        "channels/orders~1other/publish/message/examples/0/summary",
    ),
    "2.2.0": ("channels/orders~1{orderId}~1paid/servers",),
    "2.3.0": ("components/servers", "components/channels"),
    "2.4.0": (
        *("components/serverVariables", "servers/test", "channels/orders~1{orderId}~1paid/subscribe/security"),
        "channels/orders~1other/publish/message/messageId",
    ),
    "2.5.0": ("servers/production/tags",),
}


def full(version: str) -> dict[str, Any]:
    """The document of a version: of the last one of its line, without what came later."""
    text = (FIXTURES / f"full-{version[0]}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    made = copy.deepcopy(document)
    made["asyncapi"] = version
    for since, pointers in _SINCE.items() if version.startswith("2") else ():
        for pointer in pointers if version < since else ():
            *steps, last = (step.replace("~1", "/") for step in pointer.split("/"))
            holder: Any = made
            for step in steps:
                holder = holder[int(step)] if isinstance(holder, list) else holder.get(step, {})
            holder.pop(last, None)
    return made
