"""Whatever stands in the place of anything, an event contract has facts or a problem, never a traceback."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.contracts.facts import contract_document
from retailctl.contracts.references import Library
from retailctl.model.contract_facts import ContractDocument
from retailctl.workspace.document import Document
from tests.unit.contracts.facts.test_junk import JUNK, places

ASYNCAPI = {
    "asyncapi": "3.0.0",
    "info": {"title": "Orders", "version": "1.0.0", "x-owner": "team-erp", "tags": [{"name": "fact"}]},
    "servers": {"s": {"host": "h", "protocol": "kafka"}},
    "channels": {"c": {"address": "o", "messages": {"M": {"$ref": "#/components/messages/M"}}, "bindings": {"kafka": {"partitions": 3}}}},
    "operations": {"o": {"action": "send", "channel": {"$ref": "#/channels/c"}, "traits": [{"x-replay": "7d"}]}},
    "components": {
        "messages": {
            "M": {
                "traits": [{"$ref": "#/components/messageTraits/T"}],
                "bindings": {"kafka": {"key": {"$ref": "#/components/schemas/S/properties/id"}}, "amqp": {"queue": {"x-message-ttl": 1}}},
                "headers": {"type": "object", "required": ["h"]},
                "payload": {"schemaFormat": "application/vnd.apache.avro", "schema": {"type": "record", "name": "M", "fields": [{"name": "a", "type": ["null", "int"]}]}},
            }
        },
        "messageTraits": {"T": {"x-consumers": ["wms"], "bindings": {"sqs": {"queue": {"messageRetentionPeriod": 60}}}}},
        "schemas": {"S": {"type": "object", "properties": {"id": {"type": "string"}}}},
    },
}  # fmt: skip
OLDER = {
    "asyncapi": "2.6.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "channels": {"o": {"subscribe": {"message": {"oneOf": [{"name": "M", "payload": {"type": "object"}}]}, "bindings": {"amqp": {"expiration": 5}}}}},
}  # fmt: skip
AVRO = {
    "type": "record",
    "name": "M",
    "x-owner": "t",
    "fields": [{"name": "a", "type": {"type": "record", "name": "I", "fields": []}}],
}
ORIGINALS: dict[str, Any] = {"asyncapi.yaml": ASYNCAPI, "older.yaml": OLDER, "m.avsc": AVRO}


def facts(name: str, data: Any) -> ContractDocument:
    path = f"contracts/order/order-events/v1/{name}"
    library = Library(lambda path: Document(path, [data], None, "", format="json"), path)
    return contract_document(library, ContractDocument(path=path, contract="order-events"))


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_originals_have_a_message(name: str) -> None:
    assert len(facts(name, ORIGINALS[name]).messages) == 1


PLACES = [(name, path) for name, data in ORIGINALS.items() for path in places(data)]


# The reader makes every key a text.
TEXT_KEYS = JUNK.filter(lambda value: not (isinstance(value, dict) and 1 in value))


@given(st.sampled_from(PLACES), st.sampled_from(PLACES), TEXT_KEYS, TEXT_KEYS)
def test_junk_in_any_place(first: Any, second: Any, junk: Any, more: Any) -> None:
    name, data = first[0], copy.deepcopy(ORIGINALS[first[0]])
    for path, value in ((first[1], junk), (second[1], more)):
        holder = data
        for step in path[:-1]:
            inside = isinstance(holder, dict) and step in holder
            inside = inside or (isinstance(holder, list) and isinstance(step, int) and step < len(holder))
            holder = holder[step] if inside else None
        if isinstance(holder, dict) or (isinstance(holder, list) and path[-1] in range(len(holder))):
            holder[path[-1]] = copy.deepcopy(value)
    found = facts(name, data)
    assert found.format in ("asyncapi", "avro")
    assert all(message.name for message in found.messages)
