"""Every breaking rule with a change that it finds and one that it lets pass.

``%`` stands for what changes: the old text, the new one that breaks (with the line of the finding, 0 for none), and a
new one that does not. The frames are files of one message, enum or service.
"""

from __future__ import annotations

from typing import Final, NamedTuple

MESSAGE2: Final = 'syntax = "proto2";\npackage shop;\nmessage Order {\n  %\n}\n'
MESSAGE3: Final = 'syntax = "proto3";\npackage shop;\nmessage Order {\n  %\n}\n'
MESSAGE: Final = 'edition = "2023";\npackage shop;\nmessage Order {\n  %\n}\n'
ENUM: Final = 'edition = "2023";\npackage shop;\nenum Status {\n  NONE = 0;\n  %\n}\n'
SERVICE: Final = 'syntax = "proto3";\npackage shop;\nmessage A {}\nmessage B {}\nservice Orders {\n  rpc Get(A) returns (A);\n  %\n}\n'
FILE: Final = 'syntax = "proto3";\npackage shop;\n%\nmessage Order {}\n'


class RuleCase(NamedTuple):
    frame: str
    old: str
    breaks: str
    line: int
    passes: str


def option(name: str, old: str, new: str) -> RuleCase:
    """An option of the file."""
    return RuleCase(
        FILE, f"option {name} = {old};", f"option {name} = {new};", 3, f"// the same\noption {name} = {old};"
    )


def quoted(name: str) -> RuleCase:
    return option(name, '"a"', '"b"')


def flag(name: str) -> RuleCase:
    return option(name, "true", "false")


CASES: Final[dict[str, RuleCase]] = {
    "ENUM_NO_DELETE": RuleCase(FILE, "enum Gone { ZERO = 0; }", "", 0, "enum Gone { ZERO = 0; ONE = 1; }"),
    "ENUM_SAME_JSON_FORMAT": RuleCase(
        ENUM, "", "option features.json_format = LEGACY_BEST_EFFORT;", 5, "option features.json_format = ALLOW;"
    ),
    "ENUM_SAME_TYPE": RuleCase(ENUM, "", "option features.enum_type = CLOSED;", 5, "option features.enum_type = OPEN;"),
    "ENUM_VALUE_NO_DELETE": RuleCase(ENUM, "PAID = 1;", "reserved 1;", 3, "SETTLED = 1;"),
    "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED": RuleCase(ENUM, "PAID = 1;", "reserved 1;", 3, "reserved PAID;"),
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED": RuleCase(ENUM, "PAID = 1;", "reserved PAID;", 3, "reserved 1 to 3;"),
    "ENUM_VALUE_SAME_NAME": RuleCase(
        ENUM, "PAID = 1;", "SETTLED = 1;", 5, "option allow_alias = true; PAID = 1; SETTLED = 1;"
    ),
    "EXTENSION_MESSAGE_NO_DELETE": RuleCase(
        MESSAGE, "extensions 100 to 200;", "extensions 100 to 150, 160 to 200;", 3, "extensions 90 to 150, 151 to 300;"
    ),
    "EXTENSION_NO_DELETE": RuleCase(
        'edition = "2023";\npackage shop;\nmessage Order { extensions 9; }\n%\n',
        "extend Order { string note = 9; }",
        "",
        0,
        "extend Order { string note = 9; string more = 10; }",
    ),
    "FIELD_NO_DELETE": RuleCase(MESSAGE, "int32 id = 1;", "reserved 1;", 3, "int32 number = 1;"),
    "FIELD_NO_DELETE_UNLESS_NAME_RESERVED": RuleCase(MESSAGE, "int32 id = 1;", "reserved 1;", 3, 'reserved "id";'),
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED": RuleCase(MESSAGE, "int32 id = 1;", "reserved id;", 3, "reserved 1;"),
    "FIELD_SAME_CARDINALITY": RuleCase(MESSAGE3, "int32 id = 1;", "optional int32 id = 1;", 4, "int64 id = 1;"),
    "FIELD_SAME_CPP_STRING_TYPE": RuleCase(
        MESSAGE3, "string id = 1;", "string id = 1 [ctype = CORD];", 4, "string id = 1 [ctype = STRING];"
    ),
    "FIELD_SAME_DEFAULT": RuleCase(
        MESSAGE, "int32 id = 1;", "int32 id = 1 [default = 7];", 4, "int32 id = 1 [default = 0x0];"
    ),
    "FIELD_SAME_JAVA_UTF8_VALIDATION": RuleCase(
        MESSAGE,
        "string id = 1 [features.utf8_validation = NONE];",
        "string id = 1 [features.utf8_validation = NONE, features.(pb.java).utf8_validation = VERIFY];",
        4,
        "string id = 1 [features.utf8_validation = NONE, features.(pb.java).utf8_validation = DEFAULT];",
    ),
    "FIELD_SAME_JSON_NAME": RuleCase(
        MESSAGE, "int32 order_id = 1;", 'int32 order_id = 1 [json_name = "no"];', 4, "int32 orderId = 1;"
    ),
    "FIELD_SAME_JSTYPE": RuleCase(
        MESSAGE, "int64 id = 1;", "int64 id = 1 [jstype = JS_STRING];", 4, "int64 id = 1 [jstype = JS_NORMAL];"
    ),
    "FIELD_SAME_NAME": RuleCase(MESSAGE, "int32 id = 1;", "int32 number = 1;", 4, "int64 id = 1;"),
    "FIELD_SAME_ONEOF": RuleCase(
        MESSAGE, "int32 id = 1;", "oneof key { int32 id = 1; }", 4, "int32 id = 1; oneof key { int32 other = 2; }"
    ),
    "FIELD_SAME_TYPE": RuleCase(MESSAGE, "int32 id = 1;", "int64 id = 1;", 4, "int32 number = 1;"),
    "FIELD_SAME_UTF8_VALIDATION": RuleCase(
        MESSAGE, "string id = 1;", "string id = 1 [features.utf8_validation = NONE];", 4, "bytes id = 1;"
    ),
    "FIELD_WIRE_COMPATIBLE_CARDINALITY": RuleCase(
        MESSAGE3, "int32 id = 1;", "repeated int32 id = 1;", 4, "optional int32 id = 1;"
    ),
    "FIELD_WIRE_COMPATIBLE_TYPE": RuleCase(MESSAGE, "string id = 1;", "int32 id = 1;", 4, "bytes id = 1;"),
    "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY": RuleCase(
        MESSAGE3, "int32 id = 1;", "repeated int32 id = 1;", 4, "optional int32 id = 1;"
    ),
    "FIELD_WIRE_JSON_COMPATIBLE_TYPE": RuleCase(MESSAGE, "int32 id = 1;", "int64 id = 1;", 4, "uint32 id = 1;"),
    "FILE_SAME_PACKAGE": RuleCase('syntax = "proto3";\n%\n', "package a;", "package b;", 2, "// here\npackage a;"),
    "FILE_SAME_SYNTAX": RuleCase("%\npackage a;\n", 'syntax = "proto2";', 'syntax = "proto3";', 1, "// proto2\n"),
    "MESSAGE_NO_DELETE": RuleCase(MESSAGE, "message Line {}", "", 3, "message Line { int32 id = 1; }"),
    "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR": RuleCase(
        MESSAGE2,
        "",
        "option no_standard_descriptor_accessor = true;",
        4,
        "option no_standard_descriptor_accessor = false;",
    ),
    "MESSAGE_SAME_JSON_FORMAT": RuleCase(
        MESSAGE, "", "option features.json_format = LEGACY_BEST_EFFORT;", 4, "option features.json_format = ALLOW;"
    ),
    "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT": RuleCase(
        MESSAGE2,
        "extensions 4 to max;",
        "option message_set_wire_format = true; extensions 4 to max;",
        4,
        "option message_set_wire_format = false; extensions 4 to max;",
    ),
    "MESSAGE_SAME_REQUIRED_FIELDS": RuleCase(
        MESSAGE2, "optional int32 id = 1;", "required int32 id = 1;", 4, "repeated int32 id = 1;"
    ),
    "ONEOF_NO_DELETE": RuleCase(
        MESSAGE, "oneof key { int32 id = 1; }", "int32 id = 1;", 3, "oneof key { int32 other = 1; }"
    ),
    "RESERVED_ENUM_NO_DELETE": RuleCase(ENUM, "reserved 4 to 8;", "reserved 4 to 6, 8;", 3, "reserved 6 to 9, 4, 5;"),
    "RESERVED_MESSAGE_NO_DELETE": RuleCase(
        MESSAGE, 'reserved "a"; reserved 4;', "reserved 4;", 3, 'reserved 3 to 5; reserved "b", "a";'
    ),
    "RPC_NO_DELETE": RuleCase(SERVICE, "rpc Put(A) returns (B);", "", 5, "rpc Put(A) returns (A);"),
    "RPC_SAME_CLIENT_STREAMING": RuleCase(
        SERVICE, "rpc Put(A) returns (B);", "rpc Put(stream A) returns (B);", 7, "rpc Put(A) returns (stream B);"
    ),
    "RPC_SAME_IDEMPOTENCY_LEVEL": RuleCase(
        SERVICE,
        "rpc Put(A) returns (B);",
        "rpc Put(A) returns (B) {\n    option idempotency_level = IDEMPOTENT;\n  }",
        8,
        "rpc Put(A) returns (B) { option idempotency_level = IDEMPOTENCY_UNKNOWN; }",
    ),
    "RPC_SAME_REQUEST_TYPE": RuleCase(
        SERVICE, "rpc Put(A) returns (B);", "rpc Put(B) returns (B);", 7, "rpc Put(.shop.A) returns (A);"
    ),
    "RPC_SAME_RESPONSE_TYPE": RuleCase(
        SERVICE, "rpc Put(A) returns (B);", "rpc Put(A) returns (A);", 7, "rpc Put(B) returns (shop.B);"
    ),
    "RPC_SAME_SERVER_STREAMING": RuleCase(
        SERVICE, "rpc Put(A) returns (B);", "rpc Put(A) returns (stream B);", 7, "rpc Put(stream A) returns (B);"
    ),
    "SERVICE_NO_DELETE": RuleCase(FILE, "service Gone {}", "", 0, "service Gone { rpc A(Order) returns (Order); }"),
    "FILE_SAME_CC_ENABLE_ARENAS": flag("cc_enable_arenas"),
    "FILE_SAME_CC_GENERIC_SERVICES": flag("cc_generic_services"),
    "FILE_SAME_CSHARP_NAMESPACE": quoted("csharp_namespace"),
    "FILE_SAME_GO_PACKAGE": quoted("go_package"),
    "FILE_SAME_JAVA_GENERIC_SERVICES": flag("java_generic_services"),
    "FILE_SAME_JAVA_MULTIPLE_FILES": flag("java_multiple_files"),
    "FILE_SAME_JAVA_OUTER_CLASSNAME": quoted("java_outer_classname"),
    "FILE_SAME_JAVA_PACKAGE": quoted("java_package"),
    "FILE_SAME_OBJC_CLASS_PREFIX": quoted("objc_class_prefix"),
    "FILE_SAME_OPTIMIZE_FOR": option("optimize_for", "SPEED", "CODE_SIZE"),
    "FILE_SAME_PHP_CLASS_PREFIX": quoted("php_class_prefix"),
    "FILE_SAME_PHP_METADATA_NAMESPACE": quoted("php_metadata_namespace"),
    "FILE_SAME_PHP_NAMESPACE": quoted("php_namespace"),
    "FILE_SAME_PY_GENERIC_SERVICES": flag("py_generic_services"),
    "FILE_SAME_RUBY_PACKAGE": quoted("ruby_package"),
    "FILE_SAME_SWIFT_PREFIX": quoted("swift_prefix"),
}
"""By the id of buf; the rules about several files have tests of their own."""
OF_SEVERAL_FILES: Final = frozenset(
    {
        *("FILE_NO_DELETE", "PACKAGE_ENUM_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"),
        *("PACKAGE_NO_DELETE", "PACKAGE_SERVICE_NO_DELETE"),
    }
)
