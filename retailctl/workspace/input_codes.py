"""The INP codes: what can be wrong with the content of one file, as one table."""

from __future__ import annotations

from typing import Final, NamedTuple

from retailctl.workspace.formats import TOLD


class InputCode(NamedTuple):
    """One row: the id that findings carry, its short name, a title, why it matters and what to do."""

    id: str
    name: str
    title: str
    why: str
    fix: str


SYNTAX: Final = "INP001"
SIZE: Final = "INP002"
DEPTH: Final = "INP003"
NODES: Final = "INP004"
ALIASES: Final = "INP005"
CYCLE: Final = "INP006"
DUPLICATE_KEY: Final = "INP007"
TAG: Final = "INP008"
SEVERAL_DOCUMENTS: Final = "INP009"
EMPTY: Final = "INP010"
NOT_A_MAPPING: Final = "INP011"
ENCODING: Final = "INP012"
OUTSIDE_ROOT: Final = "INP013"
NOT_A_FILE: Final = "INP014"
NUMBER: Final = "INP015"
COMPLEX_KEY: Final = "INP016"
FORMAT: Final = "INP017"
SCHEMA: Final = "INP020"
UNKNOWN_KEY: Final = "INP021"
DUPLICATE_ID: Final = "INP022"
DANGLING_REFERENCE: Final = "INP023"
MERGE_CONFLICT: Final = "INP024"
EVIDENCE_CHANGED: Final = "INP025"
CONTRACT_VERSION: Final = "INP041"
REFERENCE_DENIED: Final = "INP042"
REFERENCE_UNUSABLE: Final = "INP043"
REFERENCE_CYCLE: Final = "INP044"
CONTRACT_KINDS: Final = "INP045"

INPUT_CODES: Final[tuple[InputCode, ...]] = (
    InputCode(
        SYNTAX,
        "unreadable-syntax",
        "the file is not valid YAML, JSON, Avro or Protobuf",
        "Nothing in the file can be checked.",
        "Correct the text at the place shown.",
    ),
    InputCode(
        SIZE,
        "file-too-large",
        "the file is larger than the limit",
        "An input must not be able to exhaust the memory of a CI job.",
        "Split the file, or raise limits.file-mib.",
    ),
    InputCode(
        DEPTH,
        "too-deep",
        "mappings and sequences are nested deeper than the limit",
        "Very deep nesting crashes parsers and is never an estate.",
        "Flatten the structure, or raise limits.depth.",
    ),
    InputCode(
        NODES,
        "too-many-values",
        "the file holds more values than the limit",
        "An input must not be able to exhaust the memory of a CI job.",
        "Split the file, or raise limits.nodes.",
    ),
    InputCode(
        ALIASES,
        "alias-limit",
        "aliases expand to more than the limit",
        "A few lines of aliases can stand for billions of values.",
        "Write the values out, or raise limits.aliases or limits.nodes.",
    ),
    InputCode(
        CYCLE,
        "alias-cycle",
        "an alias refers to the value that contains it",
        "The document has no end.",
        "Remove the alias, or point it at a finished value.",
    ),
    InputCode(
        DUPLICATE_KEY,
        "duplicate-key",
        "a key occurs twice in one mapping",
        "Readers keep one of the two silently, and not always the same one.",
        "Remove or rename one of the keys.",
    ),
    InputCode(
        TAG,
        "tag-not-allowed",
        "a tag asks for more than plain data",
        "Files are data: no tag may construct an object.",
        "Remove the tag, or quote the value.",
    ),
    InputCode(
        SEVERAL_DOCUMENTS,
        "several-documents",
        "the file holds more than one document",
        "Tools that read only the first one would ignore the rest.",
        "Put each document in its own file.",
    ),
    InputCode(
        EMPTY,
        "empty-file",
        "the file holds no data",
        "An empty inventory is not a clean inventory.",
        "Fill the file, or delete it.",
    ),
    InputCode(
        NOT_A_MAPPING,
        "not-a-mapping",
        "the top of the file is not a mapping",
        "The fields of the file cannot be found.",
        "Start the file with key: value lines.",
    ),
    InputCode(
        ENCODING,
        "bad-encoding",
        "the file is not clean UTF-8 text",
        "Guessing an encoding changes names silently.",
        "Save the file as UTF-8 without control characters.",
    ),
    InputCode(
        OUTSIDE_ROOT,
        "outside-root",
        "the path leaves the workspace",
        "A link could bring any file of the machine into a report.",
        "Copy the file into the workspace, or remove the link.",
    ),
    InputCode(
        NOT_A_FILE,
        "not-a-regular-file",
        "the path is not a regular file",
        "Reading a pipe or a device may never end.",
        "Replace it with a regular file.",
    ),
    InputCode(
        NUMBER,
        "bad-number",
        "a number cannot be represented",
        "It would become infinite, or different, when it is read.",
        "Quote it if it is text, or correct it.",
    ),
    InputCode(
        COMPLEX_KEY,
        "complex-key",
        "a key is not plain text",
        "A mapping, a sequence or an alias as a key has no name to report.",
        "Use a text key.",
    ),
    InputCode(
        FORMAT,
        "unknown-format",
        "the file name does not say the format of the file",
        "The reader is chosen by the file name, never by guessing.",
        f"Name the file {TOLD}, by what is in it.",
    ),
    InputCode(
        SCHEMA,
        "wrong-field",
        "a field has the wrong shape",
        "The value cannot be used as what it declares.",
        "Correct the field as the message says.",
    ),
    InputCode(
        UNKNOWN_KEY,
        "unknown-key",
        "a key is not part of this kind of file",
        "A misspelt key is a setting that silently does nothing.",
        "Correct the spelling, or remove the key.",
    ),
    InputCode(
        DUPLICATE_ID,
        "duplicate-id",
        "two entries carry the same id",
        "References to the id are ambiguous.",
        "Rename one of the entries.",
    ),
    InputCode(
        DANGLING_REFERENCE,
        "dangling-reference",
        "a reference names nothing",
        "The entry it needs does not exist in the workspace.",
        "Correct the reference, or add the entry.",
    ),
    InputCode(
        MERGE_CONFLICT,
        "merge-conflict",
        "the file holds an unresolved merge conflict",
        "Both sides of the conflict are in the file.",
        "Resolve the conflict and remove the marker lines.",
    ),
    InputCode(
        EVIDENCE_CHANGED,
        "evidence-changed",
        "a file of evidence is not as it was sealed",
        "Evidence that can be edited proves nothing; it counts as missing.",
        "Restore the file from git, or run again: each run writes a file of its own.",
    ),
    InputCode(
        CONTRACT_VERSION,
        "contract-version",
        "a contract document does not say which supported specification it follows",
        "Tools read a document by its version; guessing it would hide errors.",
        "Write the version as text: swagger '2.0', openapi '3.0.x', '3.1.x' or '3.2.x', asyncapi '2.6.0' or '3.1.0'.",
    ),
    InputCode(
        REFERENCE_DENIED,
        "reference-denied",
        "a reference leaves the workspace and was not followed",
        "A document must not be able to read other files or to make requests from this machine.",
        "Copy the document into the workspace and refer to it by a relative path, or allow its host by name.",
    ),
    InputCode(
        REFERENCE_UNUSABLE,
        "reference-unusable",
        "a reference cannot be read, or leads to something that is not an object",
        "What the reference stands for is unknown, so nothing about it can be checked.",
        "Correct the path, the pointer or the file it names.",
    ),
    InputCode(
        REFERENCE_CYCLE,
        "reference-cycle",
        "references lead only to each other",
        "A reference that only leads to references describes nothing.",
        "Let one of them hold the object itself.",
    ),
    InputCode(
        CONTRACT_KINDS,
        "contract-kinds",
        "two documents of different kinds cannot be compared",
        "An API, an event contract and a single schema have no operations or messages in common.",
        "Name two of one kind: two APIs, two AsyncAPI documents, or two schemas (JSON Schema, Avro, Protobuf).",
    ),
)

FIX: Final[dict[str, str]] = {row.id: row.fix for row in INPUT_CODES}
"""INP id -> the next step, the usual hint of an error."""
