"""A missing part of the machine skips on a desk and fails in CI; the corpus only ever skips."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.needs import require


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("RETAILCTL_CORPUS", str(tmp_path / "absent"))
    monkeypatch.delenv("RETAILCTL_REQUIRE_ALL", raising=False)


@pytest.mark.parametrize("part", ["chromium", "corpus", "git", "java"])
def test_a_missing_part_skips_and_is_named(part: str) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"needs {part}: "):
        require(part)


@pytest.mark.parametrize("part", ["chromium", "git", "java"])
def test_in_ci_the_skip_is_a_failure(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match=f"needs {part}: "):
        require(part)


def test_the_corpus_is_never_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_REQUIRE_ALL", "1")
    with pytest.raises(pytest.skip.Exception, match="RETAILCTL_CORPUS"):
        require("corpus")


def test_a_part_that_is_there_is_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RETAILCTL_CORPUS", str(tmp_path))
    assert require("corpus") == tmp_path
