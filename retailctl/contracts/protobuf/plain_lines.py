"""One line of a ``.proto`` file that is a whole declaration, told by its text alone.

Source: protobuf.dev/reference/protobuf/proto3-spec.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from retailctl.contracts.protobuf.features import SCALARS, camel
from retailctl.contracts.protobuf.model import MAX_NUMBER

_LINE: Final = re.compile(
    r"""[ \t\r]*+(?:
      (?P<field>(?:(?P<label>optional|repeated)[ \t]++)?
        (?P<type>[A-Za-z_][A-Za-z0-9_]{0,99}(?:\.[A-Za-z_]\w{0,99}){0,9})[ \t]++
        (?P<called>[A-Za-z_][A-Za-z0-9_]{0,99})[ \t]*+=[ \t]*+(?P<number>[1-9][0-9]{0,8})[ \t]*+;)
    | (?P<message>message[ \t]++(?P<inner>[A-Za-z_][A-Za-z0-9_]{0,99})[ \t]*+\{)
    | (?P<end>\})
    | (?P<value>(?P<constant>[A-Za-z_][A-Za-z0-9_]{0,99})[ \t]*+=[ \t]*+(?P<stands>0|-?[1-9][0-9]{0,8})[ \t]*+;)
    | (?P<enum>enum[ \t]++(?P<kind>[A-Za-z_][A-Za-z0-9_]{0,99})[ \t]*+\{)
    | (?P<syntax>syntax[ \t]*+=[ \t]*+(?:"proto3"|'proto3')[ \t]*+;)
    | (?P<package>package[ \t]++(?P<space>[A-Za-z_][A-Za-z0-9_]{0,99}(?:\.[A-Za-z_]\w{0,99}){0,9})[ \t]*+;)
    | (?P<import>import[ \t]*+"(?P<path>[A-Za-z0-9_/.]{1,99})"[ \t]*+;)
    | (?P<option>option[ \t]++[A-Za-z_][A-Za-z0-9_]{0,99}[ \t]*+=[ \t]*+(?:"[^"\\]*+"|[A-Za-z_]\w{0,99})[ \t]*+;)
    )?+[ \t\r]*+(?://.*+)?""",
    re.VERBOSE | re.ASCII,
)
_SPECIAL: Final = frozenset(
    {
        *("message", "enum", "extend", "extensions", "reserved", "option", "oneof", "group", "map", "stream", "rpc"),
        *("returns", "service", "import", "package", "syntax", "edition", "export", "local", "optional", "required"),
        *("repeated", "weak", "public"),
    }
)
"""Words that may begin something else than a field; a type of that name is for the parser."""
_IMPLEMENTATION: Final = range(19_000, 20_000)
_NAMED: Final[Mapping[str, str]] = {
    "field": "called", "message": "inner", "end": "end", "value": "constant", "enum": "kind", "syntax": "syntax",
    "package": "space", "import": "path", "option": "option",
}  # fmt: skip
"""Group of a declaration -> group of its name."""


class Line(NamedTuple):
    """What a line declares: ``kind`` is a group of the expression, "" for nothing. ``part`` is of a field of a scalar
    type; ``column`` is where the declaration begins, from 1."""

    kind: str
    name: str = ""
    label: str = ""
    type: str = ""
    number: int = 0
    json: str = ""
    part: tuple[object, ...] | None = None
    column: int = 1


_NOTHING: Final = Line("")
Lines = dict[str, Line | None]
"""What the lines of other files were found to declare; None for a line that is not plain."""


def read_line(written: str) -> Line | None:
    """What a line declares; None for one that is not plain."""
    found = _LINE.fullmatch(written)
    if found is None:
        return None
    kind = next((name for name in _NAMED if found[name] is not None), "")
    if not kind:
        return _NOTHING
    column = found.start(kind) + 1
    if kind == "field":
        type_, name, number = found["type"], found["called"], int(found["number"])
        if type_.partition(".")[0] in _SPECIAL or number > MAX_NUMBER or number in _IMPLEMENTATION:
            return None
        label = found["label"] or ""
        part = (name, presence_of(label, type_), type_, "", "", ()) if type_ in SCALARS else None
        return Line(kind, name, label, type_, number, camel(name), part, column)
    number = int(found["stands"]) if kind == "value" else 0
    return Line(kind, found[_NAMED[kind]], number=number, column=column)


def presence_of(label: str, kind: str) -> str:
    """The presence of a field of proto3 with this label, of a type of this kind."""
    if label == "repeated":
        return "repeated"
    return "explicit" if label or kind == "message" else "implicit"
