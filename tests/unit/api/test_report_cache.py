"""The report cache: a hit when nothing changed, whoever asks; a miss for everything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retailctl.api import auditing
from retailctl.api.auditing import audit
from retailctl.api.options import AuditOptions
from retailctl.api.report_cache import ReportCache
from retailctl.api.session import Session, open_session
from retailctl.model.report import Report

DAY = AuditOptions(as_of=date(2026, 11, 20))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RETAILCTL_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "estate"
    (root / "inventories").mkdir(parents=True)
    (root / "retailctl.yaml").write_text("name: cached\nseverity: {OWN-01: warn}\n", encoding="utf-8")
    (root / "inventories" / "base.yaml").write_text("interfaces: [{id: if-a}]\n", encoding="utf-8")
    return root


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the workspaces that were judged, and not answered from the cache."""
    seen: list[str] = []
    original = auditing._audit

    def counted(session: Session) -> Report:
        seen.append(session.name)
        return original(session)

    monkeypatch.setattr(auditing, "_audit", counted)
    return seen


def test_the_key_is_the_same_in_every_session(workspace: Path) -> None:
    sessions = [open_session(workspace, DAY) for _ in range(3)]  # alive together: no address is used twice
    assert len({ReportCache(session, "audit").key for session in sessions}) == 1


def test_nothing_changed_nothing_is_judged(workspace: Path, judged: list[str]) -> None:
    assert audit(workspace, DAY) == audit(workspace, DAY)
    assert judged == ["cached"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("inventories/base.yaml", "interfaces: [{id: if-b}]\n"),
        ("retailctl.yaml", "name: cached\nseverity: {OWN-01: error}\n"),
        ("inventories/new.yaml", "systems: [{id: pos}]\n"),
    ],
)
def test_any_change_is_judged(workspace: Path, judged: list[str], file: str, text: str) -> None:
    audit(workspace, DAY)
    (workspace / file).write_text(text, encoding="utf-8")
    audit(workspace, DAY)
    assert len(judged) == 2


def test_another_day_is_judged(workspace: Path, judged: list[str]) -> None:
    audit(workspace, DAY)
    audit(workspace, AuditOptions(as_of=date(2026, 11, 21)))
    assert len(judged) == 2
