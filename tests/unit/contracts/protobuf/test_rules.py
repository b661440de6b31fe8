"""buf's rules: each finds what it is about, at the line where buf reports it, and nothing else."""

from __future__ import annotations

import pytest

from retailctl.contracts.protobuf.breaking import BreakingConfig, ProtoFinding, breaking
from retailctl.contracts.protobuf.categories import CATEGORIES, REPLACED
from retailctl.contracts.protobuf.reading import read_set
from retailctl.contracts.protobuf.rules.index import RULES, buf_id, our_id
from retailctl.contracts.rules.rules import is_rule, rule
from tests.unit.contracts.protobuf.rule_cases import CASES, OF_SEVERAL_FILES

HEAD = 'edition = "2023";\n'


def found(old: dict[str, str], new: dict[str, str], *use: str, **more: object) -> list[ProtoFinding]:
    said: dict[str, object] = {"version": "v2", "breaking": {"use": list(use), **more}}
    return breaking(read_set(old), read_set(new), BreakingConfig.of(said))


def places(findings: list[ProtoFinding]) -> list[tuple[str, str, int]]:
    return [(buf_id(one.rule), one.file, one.line or 0) for one in findings]


@pytest.mark.parametrize("id_", CASES)
def test_a_rule_finds_its_break_and_lets_the_rest_pass(id_: str) -> None:
    case = CASES[id_]
    old, bad, good = ({"shop.proto": case.frame.replace("%", part)} for part in (case.old, case.breaks, case.passes))
    assert [read_set(one).problems for one in (old, bad, good)] == [[], [], []]
    assert places(found(old, bad, id_)) == [(id_, "shop.proto", case.line)]
    assert found(old, good, id_) == []


def test_every_rule_has_a_case_a_row_and_a_category() -> None:
    assert CASES.keys() | OF_SEVERAL_FILES == RULES.keys()
    assert [id_ for id_ in RULES if not is_rule(our_id(id_)) or rule(our_id(id_)).level != "ERR"] == []
    assert frozenset().union(*CATEGORIES.values()) == RULES.keys()
    assert {id_ for ids in REPLACED.values() for id_ in ids} <= RULES.keys()


def test_a_deleted_file_has_no_place_on_the_new_side() -> None:
    gone = found({"a.proto": HEAD, "b.proto": HEAD}, {"a.proto": HEAD}, "FILE_NO_DELETE")
    assert places(gone) == [("FILE_NO_DELETE", "", 0)]
    assert (gone[0].old.path, gone[0].message) == ("b.proto", "file b.proto was deleted")


@pytest.mark.parametrize(
    ("kind", "inside"),
    [
        ("ENUM", "enum Gone { ZERO = 0; }"),
        ("MESSAGE", "message Gone {}"),
        ("SERVICE", "service Gone {}"),
        ("EXTENSION", "extend Base { int32 gone = 9; }"),
    ],
)
def test_a_declaration_may_move_between_the_files_of_its_package(kind: str, inside: str) -> None:
    base = f"{HEAD}package shop;\nmessage Base {{ extensions 9; }}\n"
    second = f'{HEAD}package shop;\nimport "a.proto";\n'
    old = {"a.proto": base + inside, "b.proto": second}
    assert found(old, {"a.proto": base, "b.proto": second + inside}, f"PACKAGE_{kind}_NO_DELETE") == []
    assert places(found(old, {"a.proto": base, "b.proto": second}, f"PACKAGE_{kind}_NO_DELETE")) == [
        (f"PACKAGE_{kind}_NO_DELETE", "a.proto", 0)
    ]


def test_a_package_that_is_gone_is_told_once() -> None:
    old = {"a.proto": f"{HEAD}package a;", "b.proto": f"{HEAD}package b;", "c.proto": f"{HEAD}package b;"}
    new = {"a.proto": f"{HEAD}package a;"}
    assert [one.message for one in found(old, new, "PACKAGE_NO_DELETE")] == ["package b was deleted"]


def test_what_is_gone_is_told_at_the_nearest_message_that_is_left() -> None:
    frame = HEAD + "package shop;\nmessage Order {\n  message Line {\n    %\n  }\n}\n"
    old, new = ({"a.proto": frame.replace("%", one)} for one in ("message Price {}", ""))
    assert places(found(old, new, "MESSAGE_NO_DELETE")) == [("MESSAGE_NO_DELETE", "a.proto", 4)]


TWO = {"a.proto": f"{HEAD}package shop.v1;\nmessage A {{ int32 x = 1; }}", "b/b.proto": f"{HEAD}package b.v1beta1;\n"}
LESS = {"a.proto": f"{HEAD}package shop.v1;\nmessage A {{}}", "b/b.proto": f"{HEAD}package b.v1beta1;\n"}
BETA = {**TWO, "b/b.proto": f"{HEAD}package b.v1beta1;\nmessage B {{}}"}


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ({}, {"FIELD_NO_DELETE", "MESSAGE_NO_DELETE"}),
        ({"except": ["FIELD_NO_DELETE"]}, {"MESSAGE_NO_DELETE"}),
        ({"ignore": ["b"]}, {"FIELD_NO_DELETE"}),
        ({"ignore": ["a.proto"]}, {"MESSAGE_NO_DELETE"}),
        ({"ignore": ["a"]}, {"FIELD_NO_DELETE", "MESSAGE_NO_DELETE"}),
        ({"ignore_only": {"FIELD_NO_DELETE": ["b"]}}, {"FIELD_NO_DELETE", "MESSAGE_NO_DELETE"}),
        ({"ignore_only": {"FILE": ["b/b.proto"]}}, {"FIELD_NO_DELETE"}),
        ({"ignore_unstable_packages": True}, {"FIELD_NO_DELETE"}),
    ],
)
def test_a_configuration_chooses_findings(more: dict[str, object], left: set[str]) -> None:
    assert {buf_id(one.rule) for one in found(BETA, LESS, "FILE", **more)} == left


def test_old_ids_ask_what_took_their_place() -> None:
    config = BreakingConfig.of({"version": "v1", "breaking": {"use": ["FIELD_SAME_LABEL", "FIELD_SAME_CTYPE"]}})
    assert config.rules() == tuple(sorted({*REPLACED["FIELD_SAME_LABEL"], *REPLACED["FIELD_SAME_CTYPE"]}))
    assert BreakingConfig(use=("proto-field-no-delete",)).rules() == ("FIELD_NO_DELETE",)


@pytest.mark.parametrize("said", [None, [], "breaking", {"breaking": 3}, {"breaking": {"use": None}}])
def test_what_a_configuration_does_not_say_has_its_default(said: object) -> None:
    config = BreakingConfig.of(said)
    assert set(config.rules()) == CATEGORIES["FILE"] - {"EXTENSION_NO_DELETE", "FIELD_SAME_DEFAULT"}


def test_a_folder_around_everything_is_no_deletion() -> None:
    old = {f"root/{path}": text for path, text in BETA.items()}
    assert found(old, BETA, "FILE") == []


def test_the_entry_of_a_map_is_told_at_its_field() -> None:
    old, new = ({"a.proto": f"{HEAD}message A {{\n  map<string, {one}> m = 1;\n}}"} for one in ("int32", "string"))
    assert places(found(old, new, "FILE")) == [("FIELD_SAME_TYPE", "a.proto", 3)]
