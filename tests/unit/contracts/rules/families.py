"""The changes that a schema can undergo, wherever it stands: the second half of their ids."""

from __future__ import annotations

from retailctl.contracts.rules.rules import POSITIONS

REQUEST = tuple(name for name, direction in POSITIONS.items() if direction == "request")
RESPONSE = tuple(name for name, direction in POSITIONS.items() if direction == "response")

LARGEST = ("max", "exclusive-max", "max-length", "max-items", "max-properties", "max-contains")
SMALLEST = ("min", "exclusive-min", "min-length", "min-items", "min-properties", "min-contains")
BOUNDS = LARGEST + SMALLEST
RULED = (
    *("pattern-property", "property-names", "unevaluated-properties", "unevaluated-items", "contains"),
    *("dependent-schema", "then", "else"),
)

# What a change does to the values that a schema accepts.
NARROWER = (
    *("type-specialized", "list-of-types-narrowed", "became-not-nullable", "schema-became-false"),
    *("content-schema-added", "became-enum", "enum-value-removed", "const-added", "x-extensible-enum-value-removed"),
    *(f"{bound}-increased" for bound in SMALLEST),
    *(f"{bound}-decreased" for bound in LARGEST),
    *("multiple-of-set", "multiple-of-specialized", "unique-items-set", "pattern-added", "pattern-specialized"),
    *("additional-properties-closed", "additional-properties-schema-narrowed", "dependent-required-added"),
    *("items-added", "items-false", "prefix-items-added", "if-added", "not-added", "not-excludes-more"),
    *("one-of-removed", "any-of-removed", "all-of-added"),
    *(f"{ruled}-added" for ruled in RULED),
)
WIDER = (
    *("type-generalized", "list-of-types-widened", "became-nullable", "schema-became-not-false"),
    *("content-schema-removed", "became-not-enum", "const-removed"),
    *(f"{bound}-unset" for bound in BOUNDS),
    *(f"{bound}-increased" for bound in LARGEST),
    *(f"{bound}-decreased" for bound in SMALLEST),
    *("multiple-of-unset", "multiple-of-generalized", "unique-items-unset"),
    *("additional-properties-opened", "additional-properties-schema-widened", "dependent-required-removed"),
    *("items-removed", "items-not-false", "prefix-items-removed", "if-removed", "not-removed", "not-excludes-less"),
    *("one-of-added", "any-of-added"),
    *(f"{ruled}-removed" for ruled in RULED),
)
DIFFERENT = (
    *("type-changed", "content-media-type-changed", "content-encoding-changed", "const-changed"),
    *("multiple-of-changed", "additional-properties-schema-changed", "dependent-required-changed", "not-changed"),
    *("wrapped-in-one-of", "discriminator-property-name-changed"),
)
UNDECIDED = ("constraint-changed", "format-changed", "if-changed", "wrapped-in-one-of-original-preserved")
# Judgement calls: the level on requests, and on responses.
JUDGED = {
    **{f"{bound}-set": ("WARN", "INFO") for bound in BOUNDS},
    "all-of-removed": ("WARN", "ERR"),
    "discriminator-mapping-added": ("INFO", "WARN"),
    "discriminator-mapping-deleted": ("ERR", "INFO"),
    "enum-value-added": ("INFO", "WARN"),
    "format-added": ("WARN", "INFO"),
    "format-removed": ("INFO", "WARN"),
    "pattern-changed": ("WARN", "INFO"),
}
HARMLESS = (
    *("type-compatible", "x-extensible-enum-value-added", "pattern-removed", "pattern-generalized"),
    *("discriminator-added", "discriminator-removed", "discriminator-mapping-changed"),
    *("all-of-added-annotation-only", "all-of-removed-annotation-only"),
    *("default-value-added", "default-value-changed", "default-value-removed"),
)
FAMILIES = {
    **dict.fromkeys(NARROWER, ("ERR", "INFO")),
    **dict.fromkeys(WIDER, ("INFO", "ERR")),
    **dict.fromkeys(DIFFERENT, ("ERR", "ERR")),
    **dict.fromkeys(UNDECIDED, ("WARN", "WARN")),
    **dict.fromkeys(HARMLESS, ("INFO", "INFO")),
    **JUDGED,
}
# The position makes a difference to these.
EXCEPTIONS = {
    "request-parameter-default-value-added": "ERR",
    "request-parameter-default-value-changed": "ERR",
    "request-parameter-default-value-removed": "ERR",
    "request-parameter-property-type-changed": "WARN",
    "response-body-schema-became-false": "ERR",
    "response-body-schema-became-not-false": "INFO",
}
