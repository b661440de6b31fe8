"""Schemas of Avro and Protobuf in files of their own, as facts; the engine of a language is loaded where it is met."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.unit.contracts.facts.documents import facts

FOLDER = "contracts/order/order-events/v1"
HEAD = 'syntax = "proto3";\n'
AVRO = {"type": "record", "name": "Order", "version": "1.2.0", "x-owner": "team-erp", "fields": [{"name": "id", "type": "int"}]}  # fmt: skip


@pytest.mark.parametrize("name", ["order.avsc", "order.json"])
def test_a_record_is_a_message_with_what_the_schema_says_of_it(name: str) -> None:
    found = facts(AVRO, path=f"{FOLDER}/{name}")
    assert (found.format, found.problem, found.declared_version) == ("avro", "", "1.2.0")
    (message,) = found.messages
    assert (message.name, message.language, message.typed) == ("Order", "avro", True)
    assert (message.fields, message.required) == (("id",), ("id",))
    assert [(one.attribute, one.value) for one in message.statements] == [("owner", "team-erp")]


@pytest.mark.parametrize(("schema", "typed"), [({}, False), ([], False), ("string", True), (["null", AVRO], True)])
def test_an_avro_schema_that_is_no_record_names_no_fields(schema: object, typed: bool) -> None:
    found = facts(schema, path=f"{FOLDER}/order.avsc")
    assert [(one.fields, one.required, one.typed) for one in found.messages] == [(None, None, typed)]


def test_a_message_of_protobuf_knows_the_types_that_its_file_imports() -> None:
    text = HEAD + 'import "money.proto";\nmessage Order { string id = 1; Total total = 2; Kind kind = 3; }'
    money = HEAD + "message Total { int64 cents = 1; }\nenum Kind { NONE = 0; }"
    found = facts(text, {f"{FOLDER}/money.proto": money}, f"{FOLDER}/order.proto")
    assert (found.format, found.problem) == ("protobuf", "")
    (message,) = found.messages
    assert (message.language, message.typed) == ("protobuf", True)
    assert (message.fields, message.required) == (("id", "kind", "total"), ("id", "kind"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD + "message Order { string id = 1; }\nmessage", "line 3: "),
        (HEAD + "message Order {" * 200, "line 2: "),
        (HEAD + "enum Kind { NONE = 0; }", "no message of Protobuf in it"),
    ],
)
def test_a_file_whose_message_is_not_known_has_a_problem(text: str, problem: str) -> None:
    found = facts(text, path=f"{FOLDER}/order.proto")
    assert (found.format, found.messages) == ("protobuf", ())
    assert found.problem.startswith(problem)


ASYNCAPI = {
    "asyncapi": "2.6.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "channels": {"orders": {"subscribe": {"message": {"name": "Order", "payload": {"type": "object"}}}}},
}
MET = """
import json, sys
from retailctl.contracts.facts import contract_document
from retailctl.contracts.references import Library
from retailctl.model.contract_facts import ContractDocument
from retailctl.workspace.document import Document
name, data = json.load(sys.stdin)
library = Library(lambda path: Document(path, [data], None, "", format="json"), name)
assert contract_document(library, ContractDocument(path=name, contract="c")).messages
print(*(engine for engine in ("avro", "protobuf", "events") if f"retailctl.contracts.{engine}" in sys.modules))
"""


@pytest.mark.parametrize(
    ("name", "data", "engines"),
    [
        ("orders.yaml", ASYNCAPI, "events"),
        ("order.avsc", AVRO, "avro events"),
        ("order.proto", HEAD + "message Order {}", "protobuf events"),
    ],
)
def test_an_engine_is_loaded_where_its_language_is_met(name: str, data: object, engines: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", MET], input=json.dumps([name, data]), capture_output=True, text=True, check=False
    )
    assert (told.stdout.strip(), told.stderr) == (engines, "")
