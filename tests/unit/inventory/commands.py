"""The installed command, run in this process on a small workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from retailctl.cli.main import main


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def workspace(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in {"retailctl.yaml": "name: acme\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def run(capsys: pytest.CaptureFixture[str], *args: str) -> Ended:
    code = main([*args, "--no-cache"])
    return Ended(code, *capsys.readouterr())
