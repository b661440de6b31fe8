"""Analysis files: every kind of line, comments, layouts of folders, files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import InputError, UsageError
from retailctl.inventory.upgrade.analysis import (
    FieldChange,
    ModelChange,
    RecordChange,
    UnknownLine,
    changes_of,
    lines_of,
)
from retailctl.inventory.upgrade.folder import analyses, series
from tests.unit.inventory.upgrade.analyses import HUT_18, HUT_19, write


def test_lines_about_fields() -> None:
    found = [change for change in changes_of(HUT_19, "a.txt") if isinstance(change, FieldChange)]
    told = {(one.module, one.field): (one.kind, one.type, one.relation, one.new) for one in found}
    assert told == {
        ("hut", "group_id"): ("del", "many2one", "hut.group", ""),
        ("hut", "note"): ("del", "text", "", ""),
        ("hut", "tax_id"): ("del", "many2many", "hut.tax", ""),
        ("hut", "tax_ids"): ("new", "many2many", "hut.tax", ""),
        ("hut", "fee_ids"): ("new", "many2many", "hut.fee", ""),
        ("hut", "memo"): ("del", "char", "", ""),
        ("hut", "remark"): ("new", "char", "", ""),
        ("hut", "memo_public"): ("new", "char", "", ""),
        ("hut", "ref"): ("renamed", "char", "", "reference"),
        ("hut", "domain"): ("type", "char", "", "json"),
        ("hut", "state"): ("selection", "selection", "", ""),
        ("hut", "kind"): ("other", "selection", "", ""),
        ("hut", "box_id"): ("relation", "many2one", "", "hut.box"),
        ("hut", "owner_id"): ("relation", "many2one", "", "res.users"),
        ("hut", "due"): ("required", "date", "", ""),
        ("hut", "total"): ("other", "float", "", ""),
        ("hut", "weight"): ("storage", "float", "", ""),
        ("hut", "place"): ("del", "char", "", ""),
        ("hut_plus", "place"): ("new", "char", "", ""),
        ("hut", "size"): ("del", "char", "", ""),
        ("hut_plus", "size"): ("new", "integer", "", ""),
        ("hut_plus", "printer_type"): ("other", "False", "", ""),
        ("hut", "_order"): ("other", "", "", ""),
        ("hut", "qty"): ("del", "float", "", ""),
    }


def test_lines_about_models_and_records() -> None:
    found = list(changes_of(HUT_19, "a.txt"))
    assert [(one.model, one.kind, one.new) for one in found if isinstance(one, ModelChange)] == [
        ("hut.ticket", "gone", ""), ("hut.crate", "renamed", "hut.box"), ("hut.shelf", "moved", "hut_shelf"),
        ("hut.box", "new", ""), ("hut.door", "new", ""),
    ]  # fmt: skip
    assert [(one.xml_id, one.kind, one.moved) for one in found if isinstance(one, RecordChange)] == [
        ("hut.cron_fetch", "del", False), ("hut.cron_moved", "new", True), ("hut_old.cron_moved", "del", True),
        ("hut.cron_kept", "new", False), ("hut.cron_kept", "del", False), ("hut.rule", "changed", False),
    ]  # fmt: skip


def test_a_comment_is_about_the_lines_above_it() -> None:
    found = {one.field: one for one in changes_of(HUT_19, "a.txt") if isinstance(one, FieldChange)}
    assert [found[name].comment for name in ("note", "tax_id", "memo", "qty")] == [
        "NOTHING TO DO", "DONE: renamed in pre-migration", "DONE: renamed memo to remark", "a line that no parser knows",
    ]  # fmt: skip
    assert (
        str(found["note"].at) == "a.txt:13" and found["tax_id"].block == found["tax_ids"].block != found["memo"].block
    )


MOVES = """\
---Models in module 'hut'---
model hut.grade (moved to hut_grade)
model hut.wizard (moved from hut_old) [transient]
model hut.roof
---Fields in module 'hut'---
hut          / hut.order                / note (text)                   : DEL
NOTHING TO DO (it was never stored)
obsolete model hut.late
---XML records in module 'hut'---
ir.model.constraint: hut.constraint_code_uniq (changed definition: is now 'unique(a,b)' ('unique(a)'))
ir.rule: hut.rule_own (noupdate) (noupdate switched)
DONE: a word of a person: without the sign
h
---Templates of hut---
hut / account.tax-xx.csv / hut_tax: DEL
obsolete model hut.not_here
"""


def test_what_moves_what_is_defined_otherwise_and_what_stands_in_the_wrong_section() -> None:
    found = list(changes_of(MOVES, "a.txt"))
    assert [(one.model, one.kind, one.new, one.at.line) for one in found if isinstance(one, ModelChange)] == [
        ("hut.grade", "moved", "hut_grade", 2), ("hut.wizard", "moved", "hut", 3), ("hut.late", "gone", "", 8),
    ]  # fmt: skip
    assert [(one.model, one.xml_id, one.kind, one.moved) for one in found if isinstance(one, RecordChange)] == [
        ("ir.model.constraint", "hut.constraint_code_uniq", "changed", False),
        ("ir.rule", "hut.rule_own", "changed", False),
    ]
    assert [one.comment for one in found if isinstance(one, FieldChange)] == ["NOTHING TO DO (it was never stored)"]


def test_every_line_is_a_change_a_comment_or_counted_as_unknown() -> None:
    unknown = [one.at.line for one in lines_of(MOVES, "a.txt") if isinstance(one, UnknownLine)]
    assert unknown == [4, 13, 15, 16], "a section that is not known may tell anything"


@pytest.mark.parametrize(
    "name", ["upgrade_analysis_work.txt", "upgrade_analysis work.txt", "upgrade_analysis _work.txt", "upgrade_analysis_rework.txt"]
)  # fmt: skip
def test_the_file_that_people_write_in_goes_before_the_other(tmp_path: Path, name: str) -> None:
    own = HUT_19.replace("# NOTHING TO DO", "# DONE: kept by hand")
    found = analyses(write(tmp_path, {f"19.0/hut/{name}": own, "19.0/hut/upgrade_analysis.txt": HUT_19}), "", 18, 19)
    comments = {one.comment for one in found.steps[19] if isinstance(one, FieldChange) and one.field == "note"}
    assert found.files == 2 and comments == {"DONE: kept by hand"}
    assert [str(at) for at in found.unknown] == [f"19.0/hut/{name}:47", "19.0/hut/upgrade_analysis.txt:47"]


@pytest.mark.parametrize("text", ["", "hello", "# only a comment", "-----", "hut / hut.order / note (text) : DEL"])
def test_a_text_that_is_no_analysis_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError, match="no analysis of an upgrade") as told:
        list(changes_of(text, "a.txt"))
    assert str(told.value.at) == "a.txt" and told.value.hint


@given(st.text(max_size=300))
def test_any_line_is_read_or_left_out(line: str) -> None:
    head = "---Models in module 'a'---\n---Fields in module 'a'---\n"
    for change in changes_of(head + line, "a.txt"):
        assert change.at.line >= 3


@pytest.mark.parametrize(
    "line",
    [
        "a / " * 4_000,
        "(" * 30_000,
        "a / b / c (d) : " + "renamed " * 2_000,
        "DEL " * 5_000,
        "---" + "a" * 200_000,
        "a." * 100_000,
    ],
)
def test_long_lines_take_no_time(line: str) -> None:
    text = "".join(f"---{part} in module 'a'---\n{line}\n" for part in ("Models", "Fields", "XML records"))
    list(changes_of(text, "a.txt"))


@pytest.mark.parametrize(
    "layout",
    [
        "scripts/hut/19.0.1.2/upgrade_analysis.txt",
        "19.0/hut/upgrade_analysis_work.txt",
        "19.0/hut__upgrade_analysis_work.txt",
        "openupgrade_scripts/scripts/hut/19.0.1.0.3/upgrade_analysis.txt",
        "hut/upgrade_analysis.txt",
        "hut__upgrade_analysis.txt",
        "v19.0/upgrade_analysis.txt",
    ],
)
def test_layouts_of_folders(tmp_path: Path, layout: str) -> None:
    found = analyses(write(tmp_path, {layout: HUT_19, "readme.txt": "x"}), "an/", 18, 19)
    assert (list(found.steps), found.missing, found.files) == ([19], (), 1)
    assert found.steps[19][0].at.path == f"an/{layout}"


def test_the_name_of_the_folder_itself_may_tell_the_version(tmp_path: Path) -> None:
    root = write(tmp_path / "18.0", {"hut/upgrade_analysis.txt": HUT_18})
    found = analyses(root, "", 17, 19)
    assert (list(found.steps), found.missing) == ([18], (19,))


def test_the_file_of_people_and_that_of_the_program_are_one(tmp_path: Path) -> None:
    bare = "\n".join(line for line in HUT_19.splitlines() if not line.startswith("#"))
    root = write(tmp_path, {"hut/19.0.1/upgrade_analysis.txt": bare, "hut/19.0.1/upgrade_analysis_work.txt": HUT_19})
    found = analyses(root, "", 18, 19)
    assert len(found.steps[19]) == len(list(changes_of(HUT_19, "a.txt")))
    assert all(change.at.path.endswith("_work.txt") for change in found.steps[19])


def test_versions_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "hut/19.0.1/upgrade_analysis.txt": HUT_19,
            "hut/16.0.1/upgrade_analysis.txt": HUT_18,
            "other/upgrade_analysis.txt": HUT_18,
        },
    )
    found = analyses(root, "an/", 16, 19)
    assert (list(found.steps), found.missing, found.unversioned) == ([19], (17, 18), ["an/other/upgrade_analysis.txt"])


def test_files_that_cannot_be_used_do_not_hide_the_others(tmp_path: Path) -> None:
    root = write(tmp_path, {"19.0/a/upgrade_analysis.txt": "hello", "19.0/b/upgrade_analysis.txt": HUT_19})
    (tmp_path / "19.0/c").mkdir()
    (tmp_path / "19.0/c/upgrade_analysis.txt").write_bytes(b"\xff\xfe")
    found = analyses(root, "an/", 18, 19)
    assert [str(one.at).partition(":")[0] for one in found.problems] == [
        "an/19.0/a/upgrade_analysis.txt",
        "an/19.0/c/upgrade_analysis.txt",
    ]
    assert found.files == 1


def test_a_folder_without_an_analysis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no analysis"):
        analyses(tmp_path, "an/", 18, 19)


@pytest.mark.parametrize(("text", "number"), [("18.0", 18), ("18", 18), (" 9.0 ", 9), ("saas~18", 18)])
def test_versions(text: str, number: int) -> None:
    assert series("--from", text) == number


@pytest.mark.parametrize("text", ["", "eighteen", "18.1", "118.0", "-1"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(UsageError, match="no version of Odoo"):
        series("--from", text)
