"""Every command on a fake api, in an empty folder, with a clean environment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import retailctl.report  # noqa: F401 - the fakes are set on the package
from retailctl.cli.main import main
from tests.unit.cli.fakes import FakeApi, modules

TROUBLE = ("NO_COLOR", "FORCE_COLOR", "CI", "RETAILCTL_COLOR", "RETAILCTL_CONFIG")


class Ended(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ended]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    for name, module in modules(fake).items():
        parent, _, leaf = name.rpartition(".")
        monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.setattr(sys.modules[parent], leaf, module, raising=False)
    return fake


@pytest.fixture
def cli(api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in TROUBLE:
        monkeypatch.delenv(name, raising=False)

    def run(*args: str) -> Ended:
        code = main(list(args))
        return Ended(code, *capsys.readouterr())

    return run
