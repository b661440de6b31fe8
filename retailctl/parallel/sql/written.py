"""A time as it is written somewhere, brought into ISO 8601 by a pattern: for engines whose own parsers differ."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from retailctl.errors import UsageError

_PARTS: Final = {
    "Y": "[0-9]{4}", "y": "[0-9]{2}", "m": "[0-9]{1,2}", "d": "[0-9]{1,2}", "H": "[0-9]{1,2}", "M": "[0-9]{1,2}",
    "S": "[0-9]{1,2}",    "f": "[0-9]{1,9}",
}  # fmt: skip
_DIRECTIVE: Final = re.compile("%(.?)")


class Written(NamedTuple):
    """A pattern for the whole text, and the ISO form with ``\\1``, ``\\2`` where its groups go: the year with its
    century, or without."""

    pattern: str
    iso: str
    century: bool


def written(form: str) -> Written:
    """How ``form`` (as of ``strftime``: %Y %y %m %d %H %M %S %f) is read. Raises UsageError for another directive."""
    pattern, end = "", 0
    groups: dict[str, int] = {}
    for directive in _DIRECTIVE.finditer(form):
        name = directive[1]
        if name not in _PARTS or name in groups:
            raise UsageError(
                f"the form {form!r} of a time cannot be read: {directive[0]!r}",
                hint="it may have %Y or %y, %m %d %H %M %S %f, each once",
            )
        pattern += re.escape(form[end : directive.start()]) + f"({_PARTS[name]})"
        groups[name] = len(groups) + 1
        end = directive.end()
    pattern += re.escape(form[end:])
    if not {"m", "d"} <= groups.keys() or len(groups.keys() & {"Y", "y"}) != 1:
        raise UsageError(f"the form {form!r} of a time has no whole date", hint="it needs %Y, %m and %d")

    def part(name: str) -> str:
        return f"\\{groups[name]}" if name in groups else "00"

    century = "Y" in groups
    day = f"{part('Y' if century else 'y')}-{part('m')}-{part('d')}"
    if not groups.keys() & {"H", "M", "S", "f"}:
        return Written(pattern, day, century)
    fraction = f".{part('f')}" if "f" in groups else ""
    return Written(pattern, f"{day} {part('H')}:{part('M')}:{part('S')}{fraction}", century)
