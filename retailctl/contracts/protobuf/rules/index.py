"""Every rule by the id that buf gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retailctl.contracts.protobuf.rules import declarations, existence, fields, files
from retailctl.contracts.protobuf.rules.hits import Rule

RULES: Final[Mapping[str, Rule]] = {
    "ENUM_NO_DELETE": existence.gone_from_file("enum"),
    "ENUM_SAME_JSON_FORMAT": declarations.feature("enum", "json_format", only_from="ALLOW"),
    "ENUM_SAME_TYPE": declarations.feature("enum", "enum_type"),
    "ENUM_VALUE_NO_DELETE": existence.enum_value_no_delete(""),
    "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED": existence.enum_value_no_delete("name"),
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED": existence.enum_value_no_delete("number"),
    "ENUM_VALUE_SAME_NAME": declarations.enum_value_same_name,
    "EXTENSION_MESSAGE_NO_DELETE": declarations.extensions_no_delete,
    "EXTENSION_NO_DELETE": existence.gone_from_file("extension"),
    "FIELD_NO_DELETE": existence.field_no_delete(""),
    "FIELD_NO_DELETE_UNLESS_NAME_RESERVED": existence.field_no_delete("name"),
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED": existence.field_no_delete("number"),
    "FIELD_SAME_CARDINALITY": fields.cardinalities("same"),
    "FIELD_SAME_CPP_STRING_TYPE": fields.same_cpp_string,
    "FIELD_SAME_DEFAULT": fields.same_default,
    "FIELD_SAME_JAVA_UTF8_VALIDATION": fields.same_java_utf8,
    "FIELD_SAME_JSON_NAME": fields.same_json_name,
    "FIELD_SAME_JSTYPE": fields.same_jstype,
    "FIELD_SAME_NAME": fields.same_name,
    "FIELD_SAME_ONEOF": fields.same_oneof,
    "FIELD_SAME_TYPE": fields.types("same"),
    "FIELD_SAME_UTF8_VALIDATION": fields.same_utf8,
    "FIELD_WIRE_COMPATIBLE_CARDINALITY": fields.cardinalities("wire"),
    "FIELD_WIRE_COMPATIBLE_TYPE": fields.types("wire"),
    "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY": fields.cardinalities("json"),
    "FIELD_WIRE_JSON_COMPATIBLE_TYPE": fields.types("json"),
    "FILE_NO_DELETE": existence.file_no_delete,
    "FILE_SAME_PACKAGE": files.same_package,
    "FILE_SAME_SYNTAX": files.same_syntax,
    **{f"FILE_SAME_{name.upper()}": files.file_option(name) for name in files.OPTIONS},
    "MESSAGE_NO_DELETE": existence.gone_from_file("message"),
    "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR": declarations.message_option(
        "no_standard_descriptor_accessor", only_to="true"
    ),
    "MESSAGE_SAME_JSON_FORMAT": declarations.feature("message", "json_format", only_from="ALLOW"),
    "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT": declarations.message_option("message_set_wire_format"),
    "MESSAGE_SAME_REQUIRED_FIELDS": existence.required_fields,
    "ONEOF_NO_DELETE": existence.oneof_no_delete,
    "PACKAGE_ENUM_NO_DELETE": existence.gone_from_package("enum"),
    "PACKAGE_EXTENSION_NO_DELETE": existence.gone_from_package("extension"),
    "PACKAGE_MESSAGE_NO_DELETE": existence.gone_from_package("message"),
    "PACKAGE_NO_DELETE": existence.package_no_delete,
    "PACKAGE_SERVICE_NO_DELETE": existence.gone_from_package("service"),
    "RESERVED_ENUM_NO_DELETE": declarations.reserved_no_delete("enum"),
    "RESERVED_MESSAGE_NO_DELETE": declarations.reserved_no_delete("message"),
    "RPC_NO_DELETE": existence.rpc_no_delete,
    "RPC_SAME_CLIENT_STREAMING": declarations.rpc_same("client_streaming"),
    "RPC_SAME_IDEMPOTENCY_LEVEL": declarations.rpc_same("idempotency_level"),
    "RPC_SAME_REQUEST_TYPE": declarations.rpc_same("request"),
    "RPC_SAME_RESPONSE_TYPE": declarations.rpc_same("response"),
    "RPC_SAME_SERVER_STREAMING": declarations.rpc_same("server_streaming"),
    "SERVICE_NO_DELETE": existence.gone_from_file("service"),
}
"""The id of buf -> what finds it."""


def our_id(buf: str) -> str:
    """``proto-field-no-delete`` for ``FIELD_NO_DELETE``."""
    return "proto-" + buf.lower().replace("_", "-")


def buf_id(ours: str) -> str:
    """``FIELD_NO_DELETE`` for ``proto-field-no-delete``; an id of buf stays as it is."""
    return ours.removeprefix("proto-").upper().replace("-", "_")
