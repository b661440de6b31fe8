"""A step between two versions is compared once; what was kept is never taken for another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retailctl.api import version_steps
from retailctl.api.version_steps import Remembered, step_between
from retailctl.model.contract_facts import ContractDocument, VersionStep
from retailctl.workspace.cache import Cache
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes
from tests.unit.api.contracts.world import BREAKING, DOCUMENT

AS_OF = date(2026, 11, 20)
STEP = VersionStep(contract="orders-api", path="b.yaml", from_version="v1", to_version="v1.1")
BEFORE = ContractDocument(path="a.yaml", contract="orders-api")
Files = dict[str, str]
Step = Callable[..., VersionStep]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry per comparison that was really made."""
    made: list[str] = []
    real = version_steps._compared

    def counted(*arguments: object) -> VersionStep:
        made.append("compared")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(version_steps, "_compared", counted)
    return made


def step(cache: Cache, files: Files, *, identity: str = "1", as_of: date = AS_OF) -> VersionStep:
    def read(path: str) -> Document:
        return parse_bytes(path, files[path].encode())

    return step_between(STEP, BEFORE, read, as_of, Remembered(cache, identity))


PAIR = {"a.yaml": DOCUMENT, "b.yaml": BREAKING}


def test_the_same_documents_are_compared_once_and_say_the_same(tmp_path: Path, compared: list[str]) -> None:
    cache = Cache(tmp_path)
    first = step(cache, PAIR)
    assert (first.breaking, first.required_bump) == (True, "major")
    assert first.place is not None
    assert step(cache, PAIR) == first
    assert len(compared) == 1


@pytest.mark.parametrize(
    ("files", "more"),
    [
        ({**PAIR, "b.yaml": DOCUMENT}, {}),
        ({**PAIR, "a.yaml": BREAKING}, {}),
        (PAIR, {"identity": "2"}),
        (PAIR, {"as_of": date(2026, 11, 21)}),
    ],
    ids=["other revision", "other base", "other code", "other day"],
)
def test_whatever_matters_is_in_the_key(
    tmp_path: Path, compared: list[str], files: Files, more: dict[str, object]
) -> None:
    cache = Cache(tmp_path)
    step(cache, PAIR)
    step(cache, files, **more)  # type: ignore[arg-type]
    assert len(compared) == 2


def test_a_document_with_other_files_is_compared_each_time(tmp_path: Path, compared: list[str]) -> None:
    cache = Cache(tmp_path)
    outer = DOCUMENT.replace("schema: {type: integer, maximum: 100}", "schema: {$ref: 'c.yaml#/Limit'}")
    files = {"a.yaml": outer, "b.yaml": BREAKING, "c.yaml": "Limit: {type: integer, maximum: 100}\n"}
    assert step(cache, files).breaking is True
    files["c.yaml"] = "Limit: {type: integer, maximum: 50}\n"
    assert step(cache, files).breaking is False
    assert len(compared) == 2


def test_an_entry_that_is_no_step_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    first = step(cache, PAIR)
    for entry in (b"", b"[]", b"{}", b'{"place": 3}', b'{"place": {"x": 1}}', b'{"place": null, "owner": 1}'):
        monkeypatch.setattr(Cache, "get", lambda *_, entry=entry: entry)
        assert step(cache, PAIR) == first


def test_without_a_cache_it_is_compared_each_time(compared: list[str]) -> None:
    assert step(Cache(None), PAIR) == step(Cache(None), PAIR)
    assert len(compared) == 2
