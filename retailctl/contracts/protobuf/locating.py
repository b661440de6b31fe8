"""From a pointer such as ``/messages/Order/fields/total/type`` to an offset in the file."""

from __future__ import annotations

from collections.abc import Iterable

from retailctl.contracts.protobuf.model import Element, Enum, Field, Message, Option, ProtoFile, Rpc, Service

_Parts = ProtoFile | Element


def mark_of(file: ProtoFile, pointer: str) -> int:
    """The offset of what a pointer names; of the nearest thing around it where it names nothing."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    here: _Parts = file
    mark = 0
    while steps:
        kind = steps.pop(0)
        if not steps:
            return _own(here, kind, mark)
        name = steps.pop(0)
        if kind == "options":
            option = here.option(name)
            return option.mark if option else mark
        if kind == "imports":
            return next((one.mark for one in file.imports if one.path == name), mark)
        found = next((one for one in _children(here, kind) if one.name == name), None)
        if found is None:
            return mark
        here, mark = found, found.mark
    return mark


def _children(here: _Parts, kind: str) -> Iterable[Element]:
    match kind, here:
        case "messages", ProtoFile() | Message():
            return here.messages
        case "enums", ProtoFile() | Message():
            return here.enums
        case "extensions", ProtoFile() | Message():
            return here.extends
        case "services", ProtoFile():
            return here.services
        case "fields", Message():
            return here.fields
        case "oneofs", Message():
            return here.oneofs
        case "values", Enum():
            return here.values
        case "rpcs", Service():
            return here.rpcs
    return ()


def _own(here: _Parts, kind: str, mark: int) -> int:
    """The mark of a part without a name of its own."""
    match kind, here:
        case "package", ProtoFile():
            return here.package_mark or 0
        case "syntax", ProtoFile():
            return here.syntax_mark
        case "name", Element():
            return here.name_mark
        case "type", Field():
            return here.type_mark
        case "number", Field():
            return here.number_mark
        case "request", Rpc():
            return here.request_mark
        case "response", Rpc():
            return here.response_mark
    return mark


def option_mark(element: Element | ProtoFile, name: str) -> int | None:
    """Where an option is said, or None."""
    option: Option | None = element.option(name)
    return option.mark if option else None
