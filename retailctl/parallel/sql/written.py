"""A time as it is written somewhere, brought into ISO 8601 by a pattern: for engines whose own parsers differ."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from retailctl.errors import UsageError

_PARTS: Final = {
    "Y": "[0-9]{4}", "m": "[0-9]{1,2}", "d": "[0-9]{1,2}", "H": "[0-9]{1,2}", "M": "[0-9]{1,2}", "S": "[0-9]{1,2}",
    "f": "[0-9]{1,9}",
}  # fmt: skip
_DIRECTIVE: Final = re.compile("%(.?)")


class Written(NamedTuple):
    """A pattern for the whole text, and the ISO form with ``{1}``, ``{2}`` where its groups go."""

    pattern: str
    iso: str


def written(form: str) -> Written:
    """How ``form`` (as of ``strftime``: %Y %m %d %H %M %S %f) is read. Raises UsageError for another directive."""
    pattern, groups, end = "", {}, 0
    for directive in _DIRECTIVE.finditer(form):
        name = directive[1]
        if name not in _PARTS or name in groups:
            raise UsageError(
                f"the form {form!r} of a time cannot be read: {directive[0]!r}",
                hint="it may have %Y %m %d %H %M %S %f, each once",
            )
        pattern += re.escape(form[end : directive.start()]) + f"({_PARTS[name]})"
        groups[name] = len(groups) + 1
        end = directive.end()
    pattern += re.escape(form[end:])
    if not {"Y", "m", "d"} <= groups.keys():
        raise UsageError(f"the form {form!r} of a time has no whole date", hint="it needs %Y, %m and %d")

    def part(name: str) -> str:
        return f"{{{groups[name]}}}" if name in groups else "00"

    day = f"{part('Y')}-{part('m')}-{part('d')}"
    if not groups.keys() & {"H", "M", "S", "f"}:
        return Written(pattern, day)
    fraction = f".{part('f')}" if "f" in groups else ""
    return Written(pattern, f"{day} {part('H')}:{part('M')}:{part('S')}{fraction}")
