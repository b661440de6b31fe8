"""What a Protobuf contract promises, by flag and by ``contract.yaml``."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl import api
from retailctl.model.compatibility import Category

OLD = 'syntax = "proto3";\npackage shop;\nmessage Order {\n  string id = 1;\n  string note = 2;\n}\n'
RENAMED = OLD.replace("note", "remark")


def compatible(folder: Path, new: str, category: Category | None) -> bool | None:
    for name, text in (("old.proto", OLD), ("new.proto", new)):
        (folder / name).write_text(text)
    options = api.ContractOptions(category=category, mode="BACKWARD", run=api.AuditOptions(use_cache=False))
    verdict = api.contract_diff(str(folder / "old.proto"), str(folder / "new.proto"), options).summary.contracts
    assert verdict is not None
    return verdict.compatible


@pytest.mark.parametrize(
    ("category", "expected"), [("WIRE", True), ("WIRE_JSON", False), ("CSR", False), (None, False)]
)
def test_another_name_breaks_json_and_not_the_wire(tmp_path: Path, category: Category | None, expected: bool) -> None:
    assert compatible(tmp_path, RENAMED, category) is expected


def test_the_contract_may_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    contract = tmp_path / "contracts/order/order-log"
    for version, text in (("v1", OLD), ("v2", RENAMED)):
        (contract / version).mkdir(parents=True)
        (contract / version / "order.proto").write_text(text)
    (tmp_path / "retailctl.yaml").write_text("name: shop\n")
    said = "id: order-log\nkind: protobuf\nowner: team-web\ncompatibility: BACKWARD\n"
    for more, expected in (("", False), ("category: WIRE\n", True)):
        (contract / "contract.yaml").write_text(said + more)
        verdict = api.contract_check(
            tmp_path, api.ContractOptions(run=api.AuditOptions(use_cache=False))
        ).summary.contracts
        assert verdict is not None and verdict.compatible is expected
