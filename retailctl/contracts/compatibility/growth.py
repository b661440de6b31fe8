"""Whether a later version of a schema only adds what may be missing, for documents that are one schema each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.compatibility.languages import read_avro_schema, read_proto_text
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.compatibility.outline import Growth, NoOutlineError, Outline, growth
from retailctl.contracts.events.model import EventDocument, Payload
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.schemas.store import ContentModel
from retailctl.model.compatibility import Category

_REMARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "json-schema": ("new-optional-request-property", "response-optional-property-added"),
    "avro": ("avro-field-added", "avro-doc-changed"),
    "protobuf": ("proto-field-added", "proto-message-added", "proto-enum-added", "proto-service-added"),
}
"""What an addition is told as, by family: a remark, unless somebody made more of it."""
_CODE: Final = frozenset({"FILE", "PACKAGE"})


class Outlines:
    """The outlines of documents, each made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[EventDocument, Outline | None]] = {}

    def grown(
        self,
        old: ApiDocument,
        new: ApiDocument,
        readings: frozenset[Reading],
        levels: Levels,
        *,
        content: ContentModel = "declared",
        category: Category | None = None,
    ) -> Growth | None:
        """How one document goes beyond another, where it does nothing but add what may be missing and whoever judges
        takes that for a remark; None where they have to be compared."""
        if not isinstance(old, EventDocument) or not isinstance(new, EventDocument) or old.family not in _REMARKS:
            return None
        if (old.family, old.version) != (new.family, new.version) or category in _CODE:
            return None
        if any(levels.of(id) != "INFO" for id in _REMARKS[old.family]):
            return None
        before, after = self._of(old), self._of(new)
        found = growth(before, after, readings) if before is not None and after is not None else None
        if found == "larger" and content != "declared" and old.family == "json-schema":
            return None  # an undeclared property of that name may be anything
        return found

    def _of(self, document: EventDocument) -> Outline | None:
        known = self._known.get(id(document))
        if known is None:  # the document is kept, or its id could be another's
            known = self._known[id(document)] = (document, _outline(document))
        return known[1]


def _outline(document: EventDocument) -> Outline | None:
    payload = _payload(document)
    try:
        return None if payload is None else _of_language(document.family, payload)
    except NoOutlineError:
        return None


def _of_language(family: str, payload: Payload) -> Outline | None:
    """The engines are loaded where something is written in their language."""
    if family == "avro":
        from retailctl.contracts.avro.outline import avro_outline

        return avro_outline(payload.form(read_avro_schema))
    if family == "protobuf":
        from retailctl.contracts.protobuf.outline import proto_outline

        return proto_outline(payload.form(read_proto_text).tree)
    from retailctl.contracts.schemas.outline import schema_outline

    return schema_outline(payload.raw) if isinstance(payload.raw, dict) else None


def _payload(document: EventDocument) -> Payload | None:
    """The schema of a document that is one."""
    channel = document.channels.get("")
    messages = list(channel.exchanges["send"].messages.values()) if channel is not None else []
    return messages[0].payload if len(messages) == 1 else None
