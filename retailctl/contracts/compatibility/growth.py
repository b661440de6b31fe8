"""Whether a later version of a schema only adds what may be missing: then nothing needs to be proven.

What an addition is told as is a remark in our table, so the verdict is known too, unless somebody made more of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.compatibility.languages import CODE, read_avro_schema, read_proto_text
from retailctl.contracts.compatibility.modes import READINGS, Reading
from retailctl.contracts.compatibility.outline import (
    Growth,
    NoOutlineError,
    Outline,
    grown_types,
    growth,
)
from retailctl.contracts.events.model import EventDocument, Message, Payload
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.schemas.store import ContentModel
from retailctl.model.compatibility import Category

_REMARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "json-schema": ("new-optional-request-property", "response-optional-property-added"),
    "avro": ("avro-field-added", "avro-doc-changed"),
    "protobuf": ("proto-field-added", "proto-message-added", "proto-enum-added", "proto-service-added"),
}
"""What an addition is told as, by family of the document."""
# What versions of one schema have in common, by language: one such for the versions of each contract.
Shared = dict[str, Any]
_IDENTITY: Final = ("$id", "id", "$schema", "title", "version", "name", "namespace")
_BOTH: Final[frozenset[Reading]] = frozenset(READINGS)


def document_growth(
    old: ApiDocument, new: ApiDocument, readings: frozenset[Reading], *, content: ContentModel = "declared",
    shared: Shared | None = None,
) -> Growth | None:  # fmt: skip
    """How one schema that stands alone goes beyond another, for data; None where they have to be compared."""
    if not isinstance(old, EventDocument) or not isinstance(new, EventDocument) or old.family not in _REMARKS:
        return None
    if (old.family, old.version) != (new.family, new.version):
        return None
    before, after = schema_message(old), schema_message(new)
    if before is None or after is None or before.payload is None or after.payload is None:
        return None
    found = payload_growth(before.payload, after.payload, readings, shared)
    if found == "larger" and content != "declared" and old.family == "json-schema":
        return None  # an undeclared property of that name may be anything
    return found


def is_remark(document: ApiDocument, levels: Levels, category: Category | None) -> bool:
    """True where every addition is a remark to whoever judges, and generated code does not count."""
    return category not in CODE and all(levels.of(id) == "INFO" for id in _REMARKS.get(document.family, ()))


def payload_growth(
    old: Payload, new: Payload, readings: frozenset[Reading], shared: Shared | None = None
) -> Growth | None:
    """How a schema goes beyond another one in the same language; JSON Schema has to stand alone."""
    before, after = old.derived(_outline, shared), new.derived(_outline, shared)
    return growth(before, after, readings) if before is not None and after is not None else None


def says_the_same(one: ApiDocument, other: ApiDocument) -> bool:
    """Whether two versions of a schema differ in nothing but what people read, so that what breaks between one of them
    and a third version breaks between the other one and that, at the same places and with the same cases."""
    if not isinstance(one, EventDocument) or not isinstance(other, EventDocument) or one.version != other.version:
        return False
    if any(one.raw.get(name) != other.raw.get(name) for name in _IDENTITY):
        return False
    messages = schema_message(one), schema_message(other)
    payloads = [message.payload for message in messages if message is not None and message.payload is not None]
    outlines = [outline for payload in payloads if (outline := payload.derived(_outline)) is not None]
    if len(outlines) < 2 or messages[0].name != messages[1].name:  # type: ignore[union-attr]
        return False
    before, after = outlines
    if not (before.is_tree and after.is_tree and before.parts == after.parts and before.holders == after.holders):
        return False
    return list(before.parts) == list(after.parts)  # the order of members is the order in a case


def payload_growth_at(old: Payload, new: Payload) -> frozenset[str] | None:
    """The named types in which a schema of types goes beyond another one, whoever reads; None where they have to be
    compared."""
    before, after = old.derived(_outline), new.derived(_outline)
    if before is None or after is None or growth(before, after, _BOTH) is None:
        return None
    return grown_types(before, after)


def payload_additions(old: Payload, new: Payload) -> dict[str, frozenset[str]] | None:
    """The properties by which a JSON Schema goes beyond another one that it is known to go beyond, by the pointer of
    the object that holds them; None where a part is reached by several ways, so that its changes have other names."""
    before, after = old.derived(_outline), new.derived(_outline)
    if before is None or after is None or not (before.is_tree and after.is_tree):
        return None
    found: dict[str, set[str]] = {}
    for key in after.parts:
        holder, _, name = str(key).rpartition("/properties/")
        if key not in before.parts and holder in before.parts and "/" not in name:
            found.setdefault(holder, set()).add(name.replace("~1", "/").replace("~0", "~"))
    return {holder: frozenset(names) for holder, names in found.items()}


def _outline(payload: Payload, shared: Shared | None = None) -> Outline | None:
    """The engines are loaded where something is written in their language."""
    shared = {} if shared is None else shared
    try:
        if payload.is_json_schema:
            from retailctl.contracts.schemas.outline import schema_outline

            known = shared.setdefault("json-schema", {})
            return schema_outline(payload.raw, known) if isinstance(payload.raw, dict) else None
        if "avro" in payload.format:
            from retailctl.contracts.avro.outline import avro_outline
            from retailctl.contracts.avro.sharing import SharedFields

            known = shared.get("avro") or shared.setdefault("avro", SharedFields())
            return avro_outline(payload.form(read_avro_schema, known), known.parts)
        from retailctl.contracts.protobuf.outline import proto_outline

        text = payload.form(read_proto_text)
        plain = text.plain(shared.setdefault("protobuf", {}))
        return plain.outline if plain is not None else proto_outline(text.tree)
    except NoOutlineError:
        return None


def schema_message(document: EventDocument) -> Message | None:
    """The message that a document stands for which is one schema."""
    channel = document.channels.get("")
    messages = list(channel.exchanges["send"].messages.values()) if channel is not None else []
    return messages[0] if len(messages) == 1 else None
