"""The files that come with Protobuf itself and need not be in the workspace: their types, by name.

https://protobuf.dev/reference/protobuf/google.protobuf/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MESSAGES: Final[Mapping[str, str]] = {
    "any": "Any",
    "api": "Api Method Mixin",
    "duration": "Duration",
    "empty": "Empty",
    "field_mask": "FieldMask",
    "source_context": "SourceContext",
    "struct": "Struct Value ListValue",
    "timestamp": "Timestamp",
    "type": "Type Field Enum EnumValue Option",
    "wrappers": (
        "DoubleValue FloatValue Int64Value UInt64Value Int32Value UInt32Value BoolValue StringValue BytesValue"
    ),
    "descriptor": (
        "FileDescriptorSet FileDescriptorProto DescriptorProto DescriptorProto.ExtensionRange "
        "DescriptorProto.ReservedRange ExtensionRangeOptions ExtensionRangeOptions.Declaration FieldDescriptorProto "
        "OneofDescriptorProto EnumDescriptorProto EnumDescriptorProto.EnumReservedRange EnumValueDescriptorProto "
        "ServiceDescriptorProto MethodDescriptorProto FileOptions MessageOptions FieldOptions "
        "FieldOptions.EditionDefault FieldOptions.FeatureSupport OneofOptions EnumOptions EnumValueOptions "
        "ServiceOptions MethodOptions UninterpretedOption UninterpretedOption.NamePart FeatureSet FeatureSetDefaults "
        "FeatureSetDefaults.FeatureSetEditionDefault SourceCodeInfo SourceCodeInfo.Location GeneratedCodeInfo "
        "GeneratedCodeInfo.Annotation"
    ),
    "compiler/plugin": "",
    "cpp_features": "",
    "java_features": "",
    "go_features": "",
}
_ENUMS: Final[Mapping[str, str]] = {
    "struct": "NullValue",
    "type": "Syntax Field.Kind Field.Cardinality",
    "descriptor": (
        "Edition FieldDescriptorProto.Type FieldDescriptorProto.Label FileOptions.OptimizeMode FieldOptions.CType "
        "FieldOptions.JSType FieldOptions.OptionRetention FieldOptions.OptionTargetType MethodOptions.IdempotencyLevel "
        "FeatureSet.FieldPresence FeatureSet.EnumType FeatureSet.RepeatedFieldEncoding FeatureSet.Utf8Validation "
        "FeatureSet.MessageEncoding FeatureSet.JsonFormat ExtensionRangeOptions.VerificationState SymbolVisibility "
        "GeneratedCodeInfo.Annotation.Semantic"
    ),
}
_PACKAGE: Final = "google.protobuf"

FILES: Final[Mapping[str, Mapping[str, str]]] = {
    f"google/protobuf/{name}.proto": {
        **{f"{_PACKAGE}.{one}": "message" for one in messages.split()},
        **{f"{_PACKAGE}.{one}": "enum" for one in _ENUMS.get(name, "").split()},
    }
    for name, messages in _MESSAGES.items()
}
"""Path of a file -> full name of each of its types -> "message" or "enum"."""

TYPES: Final[Mapping[str, str]] = {name: kind for types in FILES.values() for name, kind in types.items()}
"""Full name -> "message" or "enum"."""

# Where a Python module of the library holds the descriptors of a file.
MODULES: Final[Mapping[str, str]] = {
    path: path.removesuffix(".proto").replace("/", ".") + "_pb2"
    for path in FILES
    if not path.endswith(("cpp_features.proto", "java_features.proto", "go_features.proto"))
}
"""Path of a file -> the module of the protobuf library that holds its descriptors."""
