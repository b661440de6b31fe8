"""Servers: variables used and not declared, or declared and not used; defaults that are none of the values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping, text

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Server Object (url; host, pathname), Server Variable Object, Parameter Object."""
    for server in context.things("server"):
        declared = mapping(server.value.get("variables"))
        used: dict[str, None] = {}
        for field in ("url", "host", "pathname"):
            for name in _VARIABLE.findall(text(server.value.get(field))):
                used[name] = None
                if name not in declared:
                    yield fact("server-variable-undeclared", server.below(field), name=name)
        for name in declared:
            if name not in used:
                yield fact("server-variable-unused", server.below("variables", name), name=name)
    for thing in context.things("serverVariable", "parameter"):
        allowed, default = thing.value.get("enum"), thing.value.get("default")
        if isinstance(allowed, list) and isinstance(default, str) and default not in allowed:
            yield fact("variable-default", thing.below("default"))
