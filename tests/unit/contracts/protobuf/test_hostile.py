"""Schemas that nobody would write: each is read or refused with a place, in time that grows with its size."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from retailctl.contracts.protobuf.breaking import BreakingConfig, breaking
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.reading import ProtoTree, read_proto

HEAD = 'syntax = "proto3";\npackage shop;\n'
MANY = 1_000


def read(text: str) -> ProtoTree:
    return read_proto({"a.proto": text}.__getitem__, "a.proto")


def fields(many: int, form: str = "int32 f{0} = {1};") -> str:
    return "\n".join(form.format(number, number + 1) for number in range(many))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("message A {" * 100_000, "proto-depth"),
        ("message A { oneof a {" * 50_000, "proto-syntax"),
        ("option a = " + "{a:" * 100_000, "proto-depth"),
        ("option a = {a:" + "[" * 100_000, "proto-depth"),
        ("option a = " + "<" * 10_000, "proto-syntax"),
        ("message A { " + "a." * 300_000 + "b c = 1; }", "proto-syntax"),
        ("message " + "A" * 500_000 + " {}", "proto-syntax"),
        ("/* *" * 200_000, "proto-syntax"),
        ("/" * 3 + "*" * 500_000 + "\n\\", "proto-syntax"),
        ('option a = "' + "\\" * 999_999, "proto-syntax"),
        ("message A { int32 x = " + "9" * 100_000 + "; }", "proto-syntax"),
        ("\0\1\2", "proto-syntax"),
        ("x" * 5_000_000, "proto-size"),
        ("{" * 1_000_000, "proto-syntax"),
        ("message A { reserved " + "1," * 30_000, "proto-syntax"),
    ],
)
def test_a_refusal_has_a_place_and_comes_soon(text: str, code: str) -> None:
    start = time.process_time()
    tree = read(text)
    assert [(one.code, one.line >= 1) for one in tree.problems if one.unreadable] == [(code, True)]
    assert len(tree.problems[0].message) < 300
    assert time.process_time() - start < 5


GROWN = {
    "an enum of many values": ("enum E {\n%\n}", fields(MANY, "V{0} = {0};"), fields(MANY // 2, "V{0} = {0};")),
    "many reserved numbers": (
        "message A {\n%\n}",
        "".join(f"reserved {2 * number + 1};\n" for number in range(MANY)),
        "".join(f"reserved {2 * number + 1};\n" for number in range(MANY // 2)),
    ),
    "many fields into a oneof": ("message A {\n%\n}", fields(MANY), f"oneof o {{\n{fields(MANY)}\n}}"),
    "many fields that lost their numbers": ("message A {\n%\n}", fields(MANY), fields(MANY, "int32 g{0} = {1};")),
    "many messages": ("%", fields(MANY, "message M{0} {{}}"), fields(MANY // 2, "message M{0} {{}}")),
    "many nested messages": ("message A {\n%\n}", fields(MANY, "message M{0} {{}}"), ""),
    "many types that nobody declares": ("message A {\n%\n}", fields(MANY, "U{0} f{0} = {1};"), ""),
}


@pytest.mark.parametrize("name", GROWN)
def test_large_schemas_are_compared_in_linear_time(name: str) -> None:
    frame, old, new = GROWN[name]
    start = time.process_time()
    before, after = (read(HEAD + frame.replace("%", part)) for part in (old, new))
    found = compare_proto(before, after)
    told = breaking(before, after, BreakingConfig(use=("FILE", "WIRE", "WIRE_JSON", "PACKAGE")))
    assert found or told
    assert time.process_time() - start < 5


def test_a_model_needs_little_memory() -> None:
    text = HEAD + "".join(f"message M{number} {{\n{fields(40)}\n}}\n" for number in range(60))
    tracemalloc.start()
    tree = read(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tree.problems == []
    # A file at the limit of 2,000,000 characters stays below 120 MB.
    assert peak < 60 * len(text)


def test_a_long_chain_of_imports_needs_no_recursion() -> None:
    def of(path: str) -> str:
        number = int(path)
        return f'import "{number + 1}";\nmessage M{number} {{}}' if number < 3_000 else 'import "0";'

    tree = read_proto(of, "0")
    assert [(one.code, one.file) for one in tree.problems] == [("proto-import-cycle", "3000")]
    assert len(tree.problems[0].message) < 500
    assert compare_proto(tree, tree) == []


def test_a_circle_of_imports_has_a_verdict_and_a_witness_or_a_reason() -> None:
    sides = []
    for kind in ("int32", "string"):
        files = {
            "a": f'import "b"; message A {{ optional {kind} x = 1; optional B b = 2; }}',
            "b": 'import "a"; message B { optional A a = 1; }',
        }
        sides.append(read_proto(files.__getitem__, "a"))
    [change] = compare_proto(*sides)
    assert change.broken == {"backward", "forward"}
    assert change.witness is not None
    assert change.witness("backward")


def test_a_missing_root_is_the_callers_and_a_missing_import_is_a_problem() -> None:
    with pytest.raises(KeyError):
        read_proto(dict[str, str]().__getitem__, "a.proto")

    def of(path: str) -> str:
        if path != "a.proto":
            raise ValueError(path)
        return 'import "../../etc/passwd";'

    assert [one.code for one in read_proto(of, "a.proto").problems] == ["proto-import-missing"]


def test_text_that_is_no_unicode_can_be_written_down() -> None:
    frame = 'syntax = "proto2";\noption java_package = "%";\nmessage A { optional string x = 1 [default = "%"]; }'
    old, new = (read(frame.replace("%", part)) for part in ("a", "\\xff\\ud800\\033[2J"))
    told = [one.message for one in breaking(old, new)]
    told += [str((one.old, one.new)) for one in compare_proto(old, new, category="FILE")]
    assert len(told) == 4
    assert "".join(told).encode().isascii()


def test_control_characters_in_names_of_files_stay_out_of_messages() -> None:
    [problem] = read('import "\\033[2J\\n";').problems
    assert problem.message.isprintable()
