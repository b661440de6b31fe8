"""Avro and Protobuf schemas in files of their own, as contract documents with one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from retailctl.contracts.governance.extensions import statements_of
from retailctl.contracts.governance.plain_schemas import avro_fields, proto_message
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.event_facts import MessageFact
from retailctl.model.places import Place


def avro_document(schema: object, known: ContractDocument) -> ContractDocument:
    """``known`` completed by what an Avro schema says; a schema that is no record has a message without fields."""
    place = Place(path=known.path, pointer="")
    root = schema if isinstance(schema, Mapping) else {}
    names = avro_fields(schema)
    message = MessageFact(
        name=str(root.get("name", "")) or known.contract,
        place=place,
        language="avro",
        typed=schema not in (None, "", {}, []),
        fields=names.all if names else None,
        required=names.required if names else None,
        statements=tuple(statements_of(root, place)),
    )
    version = root.get("version")
    declared = str(version) if isinstance(version, str) else None
    return replace(known, format="avro", declared_version=declared, messages=(message,))


def proto_document(text: str, known: ContractDocument) -> ContractDocument:
    """``known`` completed by the first message of a ``.proto`` file; without one it has a ``problem``."""
    found = proto_message(text)
    if found is None:
        return replace(known, format="protobuf", problem="no message of Protobuf in it")
    name, names = found
    message = MessageFact(
        name=name,
        place=Place(path=known.path, pointer=""),
        language="protobuf",
        typed=True,
        fields=names.all,
        required=names.required,
    )
    return replace(known, format="protobuf", messages=(message,))
