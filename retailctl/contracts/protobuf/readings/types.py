"""Whether a reader makes of the bytes of a writer the value that was written."""

from __future__ import annotations

from typing import Final

from retailctl.contracts.protobuf.features import is_closed
from retailctl.contracts.protobuf.model import Enum, Field
from retailctl.contracts.protobuf.readings.views import View
from retailctl.contracts.protobuf.wire import Named, kinds_fit

# Written kind -> kinds that hold every value of it and read it from the same bytes. What is not here is cut off, turns
# its sign, or is not found: protobuf.dev/programming-guides/proto3/#updating calls more of it compatible, because it
# can be parsed.
HOLDS: Final[dict[str, frozenset[str]]] = {
    "int32": frozenset({"int64"}),
    "uint32": frozenset({"uint64", "int64"}),
    "sint32": frozenset({"sint64"}),
    "bool": frozenset({"int32", "int64", "uint32", "uint64"}),
    "string": frozenset({"bytes"}),
}


def type_breaks(
    written: Field, read: Field, view: View, *, same: bool, named: tuple[Named | None, Named | None]
) -> bool:
    """Whether data of one field cannot be read with the other, or reads as something else.

    ``same``: the named types have the same name. ``named`` are the types of both.
    """
    if view.json and not kinds_fit(written.kind, read.kind, "json"):
        return True
    if written.kind != read.kind:
        return read.kind not in HOLDS.get(written.kind, ())
    return not (same or (written.kind == "enum" and enum_fits(*named)))


def enum_fits(written: Named | None, read: Named | None) -> bool:
    """Whether an enum under another full name has every value of the old one, by short name, number and name."""
    if not isinstance(written, Enum) or not isinstance(read, Enum) or written.name != read.name:
        return False
    known = {(one.name, one.number) for one in read.values}
    named = all((one.name, one.number) in known for one in written.values)
    return named and (is_closed(written) or not is_closed(read))
