"""openapi-spec-validator, made safe: no socket, no file, no environment, no document in a message."""

from __future__ import annotations

import builtins
import os
import socket
import subprocess
import sys
import urllib.request
from typing import Any

import pytest

from retailctl.contracts.lint import message
from retailctl.contracts.lint import strict as module
from retailctl.contracts.lint.context import Context
from tests.unit.contracts.lint.documents import OK, change, openapi, swagger, with_schema


def refuse(*args: object, **options: object) -> None:
    raise AssertionError("something was opened")


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch, lint_document: Any) -> None:
    lint_document(openapi(1), strict=True)  # modules and metaschemas are loaded before the doors close
    lint_document(swagger(), strict=True)
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(os, "open", refuse)


REFS = ["http://127.0.0.1:9/x", "https://h/x", "file:///etc/passwd", "../../etc/passwd", "ftp://h/x", "data:,x", "urn:x",
        "other.json", "//h/x", "x:y", ""]  # fmt: skip


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("ref", REFS)
@pytest.mark.parametrize("minor", [0, 1])
def test_nothing_is_opened_even_without_our_own_pass(
    lint_document: Any, monkeypatch: pytest.MonkeyPatch, ref: str, minor: int
) -> None:
    monkeypatch.setattr(module, "_reason_to_skip", lambda *args: "")
    found = lint_document(with_schema({"allOf": [{"$ref": ref}]}, minor), strict=True)
    skipped = [one for one in found if one.id == "strict-skipped"]
    assert len(skipped) == (1 if ref else len(skipped))
    assert all("AssertionError" not in message(one) for one in skipped)


@pytest.mark.parametrize("ref", [ref for ref in REFS if ref])
def test_our_own_pass_keeps_such_documents_from_it(
    lint_document: Any, monkeypatch: pytest.MonkeyPatch, ref: str
) -> None:
    monkeypatch.setattr(module, "_errors", refuse)
    found = lint_document(with_schema({"allOf": [{"$ref": ref}]}), strict=True)
    assert [message(one) for one in found if one.id == "strict-skipped"] == [
        "openapi-spec-validator was not run: references of the document have problems"
    ]


def test_what_it_adds(lint_document: Any) -> None:
    document = with_schema({"allOf": [{"required": ["gone"]}], "properties": {"a": {}}, "required": ["gone"]})
    assert lint_document(document) == ()
    [found] = lint_document(document, strict=True)
    assert found.id == "strict-deviation"
    assert found.pointer == "/components/schemas/Order"
    assert "required names are declared" in message(found)


def test_an_error_in_a_schema_is_told_with_the_place_of_the_schema(lint_document: Any) -> None:
    document = with_schema({"type": "object", "properties": {"a": {"type": "string", "pattern": r"^[\w-./:]+$"}}})
    [found] = [one for one in lint_document(document, strict=True) if one.id == "strict-deviation"]
    assert found.pointer == "/components/schemas/Order/properties/a/pattern"


def test_the_environment_has_no_effect(lint_document: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND", "nonsense")
    monkeypatch.setenv("OPENAPI_SPEC_VALIDATOR_RESOLVED_CACHE_MAXSIZE", "-5")
    assert lint_document(openapi(), strict=True) == ()


def test_patterns_are_not_run(lint_document: Any) -> None:
    document = with_schema({"type": "string", "pattern": "(a+)+$", "default": "a" * 60 + "!"})
    assert [one.id for one in lint_document(document, strict=True)] == ["default-invalid"]


def test_recursion_ends_it_and_not_us(lint_document: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(context: Context) -> Any:
        raise RecursionError

    monkeypatch.setattr(module, "_errors", deep)
    [found] = lint_document(openapi(), strict=True)
    assert found.id == "strict-skipped"


def test_a_failure_shows_its_type_only(lint_document: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(context: Context) -> Any:
        raise KeyError("hunter2")

    monkeypatch.setattr(module, "_errors", fails)
    [found] = lint_document(openapi(), strict=True)
    assert "KeyError" in message(found)
    assert "hunter2" not in message(found)


def test_schemas_that_double_are_left_out(lint_document: Any) -> None:
    names = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}] * 2} for n in range(40)}
    document = openapi(components={"schemas": {**names, "S40": {}, "Order": {"$ref": "#/components/schemas/S0"}}})
    assert [one.id for one in lint_document(document, strict=True)] == ["strict-skipped"]


def test_what_our_own_passes_say_is_not_repeated(lint_document: Any) -> None:
    document = change(openapi(), "/paths/~1orders~1{id}/put", {"operationId": "order", "responses": OK})
    ids = {one.id for one in lint_document(document, strict=True)}
    assert {"operation-id-duplicate", "path-parameter-undefined"} == ids


def test_the_package_is_not_imported_without_strict() -> None:
    code = (
        "import sys\n"
        "from retailctl.contracts.lint import lint\n"
        "from retailctl.contracts.references import Library\n"
        "from retailctl.workspace.reader import parse_bytes\n"
        'text = b\'{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}\'\n'
        "lint(Library(lambda path: parse_bytes(path, text), 'a.json'))\n"
        "print([name for name in sys.modules if name.startswith(('openapi', 'pydantic', 'jsonschema_path'))])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
