"""One located fact for each version we cannot read."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.lint import message, rows


@pytest.mark.parametrize(
    ("document", "id", "pointer", "says"),
    [
        ({"openapi": 3.1}, "version-not-text", "/openapi", "the number 3.1"),
        ({"openapi": None}, "version-not-text", "/openapi", "nothing"),
        ({"openapi": True}, "version-not-text", "/openapi", "a boolean"),
        ({"swagger": 2.0}, "version-not-text", "/swagger", "the number 2.0"),
        ({"openapi": "9.9.9"}, "version-unknown", "/openapi", "'9.9.9'"),
        ({"openapi": "3.1"}, "version-unknown", "/openapi", "'3.1'"),
        ({"openapi": "3.3.0"}, "version-unknown", "/openapi", "3.2"),
        ({"openapi": "2.0"}, "version-unknown", "/openapi", "Swagger 2.0"),
        ({"swagger": "3.0.0"}, "version-unknown", "/swagger", "'3.0.0'"),
        ({"swagger": "1.2"}, "version-unknown", "/swagger", "'1.2'"),
        ({"swagger": "2.0", "openapi": "3.0.0"}, "version-both", "/swagger", "'3.0.0'"),
        ({"info": {}}, "version-missing", "", "OpenAPI 3.0, 3.1 and 3.2"),
        ([], "version-missing", "", "Swagger 2.0"),
        ("text", "version-missing", "", "Swagger 2.0"),
    ],
)
def test_version(lint_document: Any, document: Any, id: str, pointer: str, says: str) -> None:
    [found] = lint_document(document)
    assert (found.id, found.pointer) == (id, pointer)
    assert says in message(found)
    assert rows()[id].input == "INP041"
