"""``parallel compare``: what two tables are told apart by."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from retailctl.errors import IncompleteError, UsageError
from tests.unit.parallel.comparing import classes, compare, told

ROWS = [
    ("equal", "id,a\n1,x\n2,y\n", "id,a\n2,y\n1,x\n", {"EQUAL": 2}),
    ("missing", "id,a\n1,x\n2,y\n", "id,a\n1,x\n", {"EQUAL": 1, "MISSING_IN_NEW": 1}),
    ("extra", "id,a\n1,x\n", "id,a\n1,x\n2,y\n", {"EQUAL": 1, "EXTRA_IN_NEW": 1}),
    ("changed", "id,a\n1,x\n2,y\n", "id,a\n1,x\n2,z\n", {"EQUAL": 1, "FIELD": 1}),
    ("nothing at all", "id,a\n1,x\n", "id,a\n2,x\n", {"MISSING_IN_NEW": 1, "EXTRA_IN_NEW": 1}),
    ("empty sides", "id,a\n", "id,a\n", {}),
    ("blank keys", "id,a\nk1,x\n ,y\n,z\n", "id,a\nk1,x\n", {"EQUAL": 1, "KEY_INVALID": 2}),
    ("empty is not nothing", 'id,a\n1,""\n', "id,a\n1,\n", {"FIELD": 1}),
    ("columns in another order", "id,a,b\n1,x,y\n", "b,id,a\ny,1,x\n", {"EQUAL": 1}),
    ("names in another case", "ID,A\n1,x\n", "id,a\n1,x\n", {"EQUAL": 1}),
    ("numbers by value", "id,a\n1,1.50\n2,3\n", "id,a\n1,1.5\n2,3.00\n", {"EQUAL": 2}),
    ("zeros in front are kept", "id,a\n1,007\n2,x\n", "id,a\n1,7\n2,x\n", {"EQUAL": 1, "FIELD": 1}),
    ("unicode", "id,a\n1,Größe 🛒\n2,\u00e9\n", "id,a\n1,Größe 🛒\n2,e\u0301\n", {"EQUAL": 1, "FIELD": 1}),
]


@pytest.mark.parametrize(("legacy", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_rows(legacy: str, new: str, expected: dict[str, int], tmp_path: Path) -> None:
    report = compare(tmp_path, legacy, new)
    assert classes(report) == expected
    alike = set(expected) <= {"EQUAL"}
    assert report.summary.exit_code == (0 if alike else 1)
    assert (not report.findings) is alike


DUPLICATES = [
    ("the same twice", "a", "aa", {"identical": 1, "conflicting": 0}, {}),
    ("twice, the second another", "a", "ab", {"identical": 0, "conflicting": 1}, {}),
    ("twice another", "a", "bb", {"identical": 1, "conflicting": 0}, {"FIELD": 1}),
    ("two others", "a", "bc", {"identical": 0, "conflicting": 1}, {"FIELD": 1}),
    ("twice on both sides", "aa", "aa", {"identical": 0, "conflicting": 0}, {}),
    ("twice on both sides, another", "aa", "bb", {"identical": 0, "conflicting": 0}, {"FIELD": 2}),
    ("three times", "a", "aaa", {"identical": 2, "conflicting": 0}, {}),
]


@pytest.mark.parametrize(
    ("legacy", "new", "surplus", "more"), [row[1:] for row in DUPLICATES], ids=[row[0] for row in DUPLICATES]
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_duplicates(
    legacy: str, new: str, surplus: dict[str, int], more: dict[str, int], mirrored: bool, tmp_path: Path
) -> None:
    texts = ["id,v\n9,z\n" + "".join(f"1,{letter}\n" for letter in side) for side in (legacy, new)]
    report = compare(tmp_path, *(texts[::-1] if mirrored else texts))
    side, other = ("legacy", "new") if mirrored else ("new", "legacy")
    assert told(report).duplicates == {side: surplus, other: {"identical": 0, "conflicting": 0}}
    assert {name: count for name, count in classes(report).items() if name != "EQUAL"} == more


FIELDS = [
    ("10.00", "10.01", "ROUNDING"),
    ("10.00", "10.02", "VALUE"),
    ("12.34", "1234.00", "SCALE"),
    ("5", "5000", "SCALE"),
    ("5", "6", "VALUE"),
    ("12.50", "-12.50", "SIGN"),
    ("2024-09-01 10:00:00", "2024-09-01 12:00:00", "TZ_SHIFT"),
    ("2024-09-01 10:00:00", "2024-09-01 04:15:00", "TZ_SHIFT"),
    ("2024-09-01 10:01:13", "2024-09-01 10:05:17", "VALUE"),
    ("2024-09-01 10:00:00", "2024-09-03 10:00:00", "VALUE"),
    ("2024-09-01 10:20:30", "2024-09-01 10:20:00", "TRUNCATION"),
    ("2024-09-01 10:20:30", "2024-09-01 00:00:00", "TRUNCATION"),
    ("Winter jacket", "Winter jac", "TRUNCATION"),
    ("winter", "WINTER", "FORMAT"),
    ("winter ", "winter", "FORMAT"),
    ("00a17", "a17", "FORMAT"),
    ("\u00e9t\u00e9", "e\u0301te\u0301", "FORMAT"),
    ("winter", "summer", "VALUE"),
    ("", "n/a", "NULL_DEFAULT"),
    ("", "0", "NULL_DEFAULT"),
    ("", "1970-01-01", "NULL_DEFAULT"),
    ("", "17", "VALUE"),
    ("true", "false", "VALUE"),
    ("", "false", "NULL_DEFAULT"),
]


@pytest.mark.parametrize(("old", "new", "expected"), FIELDS)
def test_fields(old: str, new: str, expected: str, tmp_path: Path) -> None:
    """A second row gives each column its type, as a row of many would."""
    typical = new or old
    report = compare(tmp_path, f"id,v\n1,{old}\n2,{typical}\n", f"id,v\n1,{new}\n2,{typical}\n")
    assert told(report).fields == {"v": {expected: 1}}
    (finding,) = report.findings
    assert finding.subject == "v"
    assert finding.name == expected.lower().replace("_", "-")


def test_a_code_table_is_known_by_many_rows_without_an_exception(tmp_path: Path) -> None:
    rows = 40
    legacy = "id,v,w\n" + "".join(f"{n},{'ab'[n % 2]},p\n" for n in range(rows))
    # Each a became x. Of the w only a quarter changed: the p that stayed speak against a table.
    new = "id,v,w\n" + "".join(f"{n},{'xb'[n % 2]},{'q' if n < 25 else 'p'}\n" for n in range(rows))
    assert told(compare(tmp_path, legacy, new)).fields == {"v": {"CODE_MAP": 20}, "w": {"VALUE": 25}}


TOLERANCES = [
    ("v", "0.02", "10.00", "10.02", True),
    ("v", "0.02", "10.00", "10.03", False),
    ("v", "1%", "100.00", "101.00", True),
    ("v", "1%", "100.00", "102.00", False),
    ("v", "90s", "2024-09-01 10:00:00", "2024-09-01 10:01:30", True),
    ("v", "90s", "2024-09-01 10:00:00", "2024-09-01 10:01:31", False),
]


@pytest.mark.parametrize(("name", "most", "old", "new", "equal"), TOLERANCES)
def test_what_is_within_the_tolerance_is_equal(
    name: str, most: str, old: str, new: str, equal: bool, tmp_path: Path
) -> None:
    report = compare(tmp_path, f"id,v\n1,{old}\n", f"id,v\n1,{new}\n", tolerances={name: most})
    assert classes(report) == ({"EQUAL": 1} if equal else {"FIELD": 1})


def test_columns_are_matched_renamed_left_out_and_named(tmp_path: Path) -> None:
    legacy, new = "ORDNO,PREIS,x,only\n1,5,a,b\n", "id,price,x,other\n1,5,z,c\n"
    renamed = {"ORDNO": "id", "PREIS": "price"}
    report = compare(tmp_path, legacy, new, renamed=renamed)
    assert told(report).fields == {"x": {"VALUE": 1}}
    assert told(report).not_compared == {"legacy": ("only",), "new": ("other",)}
    assert any("only" in notice for notice in report.notices)
    assert classes(compare(tmp_path, legacy, new, renamed=renamed, ignored=("x",))) == {"EQUAL": 1}
    assert classes(compare(tmp_path, legacy, new, renamed=renamed, only=("price",))) == {"EQUAL": 1}


def test_what_cannot_be_read_is_counted_and_not_compared(tmp_path: Path) -> None:
    many = "".join(f"{n},{n}.25\n" for n in range(2, 30))
    report = compare(tmp_path, "id,v\n1,1.25\n" + many, "id,v\n1,cheap\n" + many, types={"v": "decimal(2)"})
    assert classes(report) == {"REJECTED": 1, "MISSING_IN_NEW": 1, "EQUAL": 28}
    assert "1 row of the new side is not compared: v is no decimal(2)" in [one.message for one in report.findings]


@pytest.mark.parametrize(
    ("type", "value"),
    [("int", "1.6"), ("decimal(2)", "1.999"), ("int", "1e3"), ("bool", "maybe"), ("date", "2024-02-30")],
)
def test_a_value_that_would_be_rounded_or_guessed_is_rejected(type: str, value: str, tmp_path: Path) -> None:
    report = compare(tmp_path, f"id,v\n1,{value}\n", f"id,v\n1,{value}\n", types={"v": type})
    assert classes(report) == {"REJECTED": 2}


def test_text_is_compared_letter_by_letter_when_asked(tmp_path: Path) -> None:
    assert classes(compare(tmp_path, "id,v\n1,1.50\n", "id,v\n1,1.5\n", text=("v",))) == {"FIELD": 1}


def test_values_are_pseudonyms_unless_they_may_be_shown(tmp_path: Path) -> None:
    (tmp_path / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    legacy, new = "id,mail,n\n1001,ada@shop.example,3\n", "id,mail,n\n1001,bob@shop.example,3\n"
    hidden = compare(tmp_path, legacy, new)
    (rows,) = told(hidden).samples.values()
    (row,) = rows
    old, changed = row.values[0][1:]
    assert old.startswith("~") and changed.startswith("~") and old != changed
    assert "shop.example" not in repr(hidden) and "1001" not in repr(hidden)
    again = compare(tmp_path, new, legacy)
    assert next(iter(told(again).samples.values()))[0].values[0][1:] == (changed, old)
    clear = compare(tmp_path, legacy, new, shown=("id",))
    (row,) = next(iter(told(clear).samples.values()))
    assert row.key == (("id", "1001"),) and row.values[0][1] == old
    every = compare(tmp_path, legacy, new, shown=("all",))
    assert next(iter(told(every).samples.values()))[0].values == (("mail", "ada@shop.example", "bob@shop.example"),)


def test_the_key_of_pseudonyms_is_kept_for_the_owner_only(tmp_path: Path) -> None:
    (tmp_path / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    compare(tmp_path, "id,a\n1,x\n", "id,a\n1,y\n")
    key = tmp_path / ".retailctl" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


def test_all_rows_can_be_written(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    compare(tmp_path, "id,a\n1,x\n2,y\n3,z\n", "id,a\n1,x\n2,q\n4,z\n", rows_file=target, shown=("all",))
    lines = target.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "class,side,variety,id,legacy.a,new.a,class.a"
    assert sorted(line.split(",")[0] + line.split(",")[3] for line in lines[1:]) == [
        "EXTRA_IN_NEW4",
        "FIELD2",
        "MISSING_IN_NEW3",
    ]
    with pytest.raises(UsageError, match="there already"):
        compare(tmp_path, "id,a\n1,x\n", "id,a\n1,x\n", rows_file=target)
    with pytest.raises(UsageError, match="rows are written as"):
        compare(tmp_path, "id,a\n1,x\n", "id,a\n1,x\n", rows_file=tmp_path / "rows.txt")


MISTAKES = [
    ({"key": ("nr",)}, "has no column 'nr'"),
    ({"key": ("idd",)}, "did you mean id"),
    ({"ignored": ("b",)}, "has no column 'b'"),
    ({"tolerances": {"a": "much"}}, "not a tolerance"),
    ({"types": {"a": "money"}}, "no such type"),
    ({"shown": ("b",)}, "no column 'b'"),
    ({"renamed": {"zz": "a"}}, "has no column 'zz'"),
    ({"memory": "lots"}, "duckdb refuses memory_limit"),
]


@pytest.mark.parametrize(("options", "expected"), MISTAKES)
def test_mistakes_are_told_with_a_next_step(options: dict[str, object], expected: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        compare(tmp_path, "id,a\n1,x\n", "id,a\n1,x\n", **options)
    assert expected in str(caught.value)


def test_scratch_files_are_gone_afterwards(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    compare(tmp_path, "id,a\n1,x\n", "id,a\n1,y\n", scratch=scratch)
    assert list(scratch.iterdir()) == []
    with pytest.raises(IncompleteError, match="no such folder"):
        compare(tmp_path, "id,a\n1,x\n", "id,a\n1,y\n", scratch=tmp_path / "none")
