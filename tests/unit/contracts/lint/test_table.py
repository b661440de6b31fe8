"""The table and the passes say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import retailctl.contracts.lint as package
from retailctl.contracts.avro.problems import HINTS
from retailctl.contracts.lint import LintFact, message, rows
from retailctl.contracts.lint.facts import fact
from retailctl.contracts.lint.references_pass import _IDS
from retailctl.contracts.protobuf.problems import Code
from retailctl.workspace.input_codes import INPUT_CODES

SOURCES = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(package.__file__).parent.rglob("*.py")))


def test_every_row_is_complete() -> None:
    codes = {row.id for row in INPUT_CODES} | {""}
    for row in rows().values():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", row.id)
        assert row.level in ("error", "warn", "info")
        assert row.input in codes
        assert row.area
        assert row.text
        assert row.why.endswith(".")
        assert row.fix.endswith(".")


def test_every_row_is_used_and_every_id_has_a_row() -> None:
    named = set(re.findall(r'fact\(\s*"([a-z-]+)"', SOURCES)) | set(_IDS.values())
    named |= {f"{kind}-id-duplicate" for kind in ("operation", "message")}
    named |= set(re.findall(r'"((?:pattern|default|example)-(?:invalid|unsupported))"', SOURCES))
    named |= {f"avro-{code}" for code in HINTS} | set(get_args(Code))
    assert named == set(rows())


@pytest.mark.parametrize("id", sorted(rows()))
def test_texts_name_known_arguments(id: str) -> None:
    arguments = re.findall(r"\{(\w+)\}", rows()[id].text)
    made = LintFact("a.json", "", id, tuple((name, "<" + name + ">") for name in arguments))
    assert "{" not in message(made)


def test_arguments_are_not_templates_themselves() -> None:
    assert "{location}" in message(fact("parameter-duplicate", ("a", ""), name="{location}", location="x", first=""))


def test_arguments_are_short_and_sorted() -> None:
    assert len(fact("path-no-slash", ("a", ""), path="x" * 10_000).args[0][1]) < 200
    assert fact("enum-type", ("a", ""), found="x", expected={"b", "a"}).args == (("expected", "a, b"), ("found", "x"))
