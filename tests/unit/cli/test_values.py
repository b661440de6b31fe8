"""Parameters are converted as typer converts them, and pydantic is loaded only where there is something to convert."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import runpy, sys
sys.argv = ['retailctl', *{argv!r}]
try:
    runpy.run_module('retailctl', run_name='__main__')
except SystemExit:
    pass
sys.stderr.write(' '.join(sys.modules))
"""
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}


@pytest.mark.parametrize("more", [[], ["--format", "json"], ["--level", "api-tag-added=none"], ["--match-path", "x"]])
def test_a_comparison_does_without_pydantic(tmp_path: Path, more: list[str]) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    argv = ["contract", "diff", str(path), str(path), *more]
    code = RUN.format(argv=argv)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "retailctl.api.contracts.diffing" in done.stderr.split()
    assert "pydantic" not in done.stderr.split()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--format", "nothing"], "--format"),
        (["--severity-profile", "mine"], "--severity-profile"),
        (["--jobs", "0"], "--jobs"),
        (["--deprecation-days-stable", "soon"], "--deprecation-days-stable"),
    ],
)
def test_what_is_no_value_is_still_refused(more: list[str], says: str) -> None:
    argv = [sys.executable, "-m", "retailctl", "contract", "diff", "a.json", "b.json", *more]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert says in done.stderr
