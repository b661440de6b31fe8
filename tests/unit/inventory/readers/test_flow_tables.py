"""What each fixture of the flow readers tells, line by line. RETAILCTL_UPDATE_GOLDEN=1 writes the tables anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retailctl.inventory.artefact import Artefact
from tests.support.flows import FIXTURES, KINDS, table
from tests.unit.inventory.read import kind_of, read

_GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "flows"


@pytest.mark.parametrize(("path", "kind"), sorted(KINDS.items()))
def test_a_fixture_tells_what_the_table_says(path: str, kind: str) -> None:
    golden = _GOLDEN / f"{path.replace('/', '_')}.txt"
    told = table(read(Artefact(FIXTURES, path), kind))
    if os.environ.get("RETAILCTL_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "kind"), sorted(KINDS.items()))
def test_a_fixture_is_taken_for_what_it_is(path: str, kind: str) -> None:
    assert kind_of(Artefact(FIXTURES, path)) == kind


@pytest.mark.parametrize("path", sorted(KINDS))
def test_no_marked_value_is_told(path: str) -> None:
    assert "marked" in "".join(file.read_text(encoding="utf-8") for file in FIXTURES.rglob("*") if file.is_file())
    assert "marked" not in repr(read(Artefact(FIXTURES, path), KINDS[path])).lower()


def test_every_fixture_has_a_table_and_every_table_a_fixture() -> None:
    assert {path.name for path in _GOLDEN.iterdir()} == {f"{path.replace('/', '_')}.txt" for path in KINDS}
