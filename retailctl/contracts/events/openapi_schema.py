"""Schemas in the language of OpenAPI 3.0 inside an AsyncAPI document, in the words of JSON Schema draft-07.

Source: OpenAPI 3.0.3, Schema Object (``nullable``, and boolean ``exclusiveMinimum`` and ``exclusiveMaximum`` as in
draft-04). OpenAPI 3.1 schemas are JSON Schema already.
"""

from __future__ import annotations

from typing import Any, Final

FORMAT: Final = "application/vnd.oai.openapi"
_SCHEMAS: Final = frozenset({"properties", "patternProperties", "definitions"})
_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf"})
_SINGLE: Final = frozenset({"items", "not", "additionalProperties"})
_EXCLUSIVE: Final = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def as_json_schema(schema: Any) -> Any:
    """The same schema, with everything at the place where it stood. Recursive: the reader bounds the depth."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return schema
    result = {key: _converted(key, value) for key, value in schema.items()}
    for exclusive, bound in _EXCLUSIVE.items():
        if isinstance(result.get(exclusive), bool) and result.pop(exclusive) and bound in result:
            result[exclusive] = result.pop(bound)
    if result.pop("nullable", False) is True and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
        if isinstance(result.get("enum"), list) and None not in result["enum"]:
            # An enumeration without null forbids it whatever nullable says (OpenAPI 3.0.3, clarification of nullable).
            result["type"] = result["type"][0]
    return result


def _converted(key: str, value: Any) -> Any:
    if key in _SCHEMAS and isinstance(value, dict):
        return {name: as_json_schema(one) for name, one in value.items()}
    if key in _LISTS and isinstance(value, list):
        return [as_json_schema(one) for one in value]
    return as_json_schema(value) if key in _SINGLE else value
