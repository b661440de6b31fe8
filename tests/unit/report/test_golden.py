"""The sample report in every format, byte for byte. RETAILCTL_UPDATE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retailctl.report.formats import FORMATS, render
from tests.unit.report.sample import sample_report

GOLDEN = Path(__file__).parents[2] / "golden" / "report"
SUFFIX = {"text": "txt", "junit": "xml", "github": "github.txt", "gitlab": "gitlab.json", "markdown": "md"}


@pytest.mark.parametrize("name", FORMATS)
def test_sample_report_looks_as_agreed(name: str) -> None:
    path = GOLDEN / f"audit.{SUFFIX.get(name, name)}"
    text = "".join(render(sample_report(), name))
    if os.environ.get("RETAILCTL_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@pytest.mark.parametrize("name", FORMATS)
def test_same_report_gives_same_bytes(name: str) -> None:
    first, second = ("".join(render(sample_report(), name)).encode() for _ in range(2))
    assert first == second
    assert first.endswith(b"\n")
