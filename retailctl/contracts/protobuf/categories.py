"""The categories of buf: which rules hold for generated code, for JSON, for the wire, and for a schema registry.

A rule of a stricter category includes what the laxer ones ask: FILE keeps each file as it is, PACKAGE lets declarations
move between the files of a package, WIRE_JSON keeps binary and JSON data readable, WIRE only binary data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_FILE: Final = frozenset(
    {"ENUM_NO_DELETE", "EXTENSION_NO_DELETE", "FILE_NO_DELETE", "MESSAGE_NO_DELETE", "SERVICE_NO_DELETE"}
)
_PACKAGE: Final = frozenset(
    {
        *("PACKAGE_ENUM_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE", "PACKAGE_NO_DELETE"),
        "PACKAGE_SERVICE_NO_DELETE",
    }
)
_CODE: Final = frozenset(
    {
        *("ENUM_SAME_TYPE", "ENUM_VALUE_NO_DELETE", "EXTENSION_MESSAGE_NO_DELETE", "FIELD_NO_DELETE"),
        *("FIELD_SAME_CARDINALITY", "FIELD_SAME_CPP_STRING_TYPE", "FIELD_SAME_JAVA_UTF8_VALIDATION"),
        *("FIELD_SAME_JSTYPE", "FIELD_SAME_TYPE", "FIELD_SAME_UTF8_VALIDATION", "FILE_SAME_CC_ENABLE_ARENAS"),
        *("FILE_SAME_CC_GENERIC_SERVICES", "FILE_SAME_CSHARP_NAMESPACE", "FILE_SAME_GO_PACKAGE"),
        *("FILE_SAME_JAVA_GENERIC_SERVICES", "FILE_SAME_JAVA_MULTIPLE_FILES", "FILE_SAME_JAVA_OUTER_CLASSNAME"),
        *("FILE_SAME_JAVA_PACKAGE", "FILE_SAME_OBJC_CLASS_PREFIX", "FILE_SAME_OPTIMIZE_FOR"),
        *("FILE_SAME_PHP_CLASS_PREFIX", "FILE_SAME_PHP_METADATA_NAMESPACE", "FILE_SAME_PHP_NAMESPACE"),
        *("FILE_SAME_PY_GENERIC_SERVICES", "FILE_SAME_RUBY_PACKAGE", "FILE_SAME_SWIFT_PREFIX", "FILE_SAME_SYNTAX"),
        *("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", "ONEOF_NO_DELETE", "RPC_NO_DELETE"),
    }
)
_NAMES: Final = frozenset(
    {
        *("ENUM_SAME_JSON_FORMAT", "ENUM_VALUE_SAME_NAME", "FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"),
        "MESSAGE_SAME_JSON_FORMAT",
    }
)
_JSON: Final = frozenset(
    {
        *("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "FIELD_NO_DELETE_UNLESS_NAME_RESERVED"),
        *("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"),
    }
)
_NUMBERS: Final = frozenset({"ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"})
_ALL: Final = frozenset(
    {
        *("FIELD_SAME_DEFAULT", "FIELD_SAME_ONEOF", "FILE_SAME_PACKAGE", "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT"),
        *("MESSAGE_SAME_REQUIRED_FIELDS", "RESERVED_ENUM_NO_DELETE", "RESERVED_MESSAGE_NO_DELETE"),
        *("RPC_SAME_CLIENT_STREAMING", "RPC_SAME_IDEMPOTENCY_LEVEL", "RPC_SAME_REQUEST_TYPE"),
        *("RPC_SAME_RESPONSE_TYPE", "RPC_SAME_SERVER_STREAMING"),
    }
)
_WIRE: Final = frozenset({"FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_COMPATIBLE_TYPE"})
# What a schema registry refuses: contracts.md section 5.4, after Confluent's documented rules.
_CSR: Final = frozenset(
    {"FIELD_SAME_ONEOF", "FILE_SAME_PACKAGE", "MESSAGE_NO_DELETE", "MESSAGE_SAME_REQUIRED_FIELDS", *_WIRE}
)

CATEGORIES: Final[Mapping[str, frozenset[str]]] = {
    "FILE": _FILE | _CODE | _NAMES | _ALL,
    "PACKAGE": _PACKAGE | _CODE | _NAMES | _ALL,
    "WIRE_JSON": _NAMES | _JSON | _NUMBERS | _ALL,
    "WIRE": _NUMBERS | _WIRE | _ALL,
    "CSR": _CSR,
}
"""Category -> the ids of its rules, in the newest form of the configuration."""

# Rules that only the newest form of the configuration (v2) has in its categories.
V2_ONLY: Final = frozenset({"EXTENSION_NO_DELETE", "FIELD_SAME_DEFAULT", "PACKAGE_EXTENSION_NO_DELETE"})

REPLACED: Final[Mapping[str, tuple[str, ...]]] = {
    "FIELD_SAME_CTYPE": ("FIELD_SAME_CPP_STRING_TYPE",),
    "FIELD_SAME_LABEL": (
        "FIELD_SAME_CARDINALITY",
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
    ),
    "FILE_SAME_JAVA_STRING_CHECK_UTF8": ("FIELD_SAME_JAVA_UTF8_VALIDATION",),
    "FILE_SAME_PHP_GENERIC_SERVICES": (),
}
"""Ids that buf gave up -> what is asked instead."""
