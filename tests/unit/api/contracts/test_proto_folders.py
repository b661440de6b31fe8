"""Two folders of ``.proto`` files, held against each other as buf does."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl import api
from retailctl.errors import UsageError
from retailctl.model.report import Report

ORDER = 'syntax = "proto3";\npackage shop;\n\nmessage Order {\n  string id = 1;\n  string note = 2;\n}\n'
MONEY = 'syntax = "proto3";\npackage shop;\n\nmessage Money {\n  int64 units = 1;\n}\n'


def diff(folder: Path, new: dict[str, str], **options: object) -> Report:
    for side, files in (("old", {"shop/order.proto": ORDER, "shop/money.proto": MONEY}), ("new", new)):
        for name, text in files.items():
            path = folder / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    made = api.ContractOptions(run=api.AuditOptions(use_cache=False), **options)  # type: ignore[arg-type]
    return api.contract_diff(str(folder / "old"), str(folder / "new"), made)


def told(report: Report) -> list[tuple[str, str, int]]:
    return [(one.rule, one.locations[0].path, one.locations[0].line) for one in report.findings]


def test_the_same_twice_breaks_nothing(tmp_path: Path) -> None:
    report = diff(tmp_path, {"shop/order.proto": ORDER, "shop/money.proto": MONEY})
    assert report.findings == () and report.summary.contracts is not None and report.summary.contracts.compatible


def test_a_field_and_a_file_that_are_gone(tmp_path: Path) -> None:
    report = diff(tmp_path, {"shop/order.proto": ORDER.replace("  string note = 2;\n", "")})
    assert ("proto-field-no-delete", "shop/order.proto", 4) in told(report)
    assert any(rule == "proto-file-no-delete" for rule, _, _ in told(report))
    assert report.summary.contracts is not None and report.summary.contracts.compatible is False


@pytest.mark.parametrize(("category", "breaks"), [("WIRE", False), ("WIRE_JSON", True), ("FILE", True)])
def test_a_category_is_asked_by_flag_or_by_buf_yaml(tmp_path: Path, category: str, breaks: bool) -> None:
    new = {"shop/order.proto": ORDER.replace("note", "remark"), "shop/money.proto": MONEY}
    assert bool(diff(tmp_path / "flag", new, category=category).findings) is breaks
    said = {**new, "buf.yaml": f"version: v2\nbreaking:\n  use: [{category}]\n"}
    assert bool(diff(tmp_path / "file", said).findings) is breaks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("message {", ("INP001", "shop/order.proto", 1)),
        ('syntax = "proto3";\n' + "message A {" * 200 + "}" * 200, ("INP003", "shop/order.proto", 2)),
        ('syntax = "proto3";\nimport "shop/order.proto";', ("INP044", "shop/order.proto", 2)),
    ],
)
def test_what_protoc_refuses_is_a_problem_with_its_place(
    tmp_path: Path, text: str, expected: tuple[str, str, int]
) -> None:
    report = diff(tmp_path, {"shop/order.proto": text, "shop/money.proto": MONEY})
    assert [row for row in told(report) if row[0].startswith("INP")] == [expected]
    assert report.summary.exit_code == 1
    assert all(one.fix and "limits." not in one.fix for one in report.findings if one.rule.startswith("INP"))


def test_a_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no \.proto files"):
        diff(tmp_path, {"readme.txt": ""})
