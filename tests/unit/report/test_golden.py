"""The sample reports in every format, byte for byte. RETAILCTL_UPDATE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retailctl.model.report import Report
from retailctl.report.changelog import changelog
from retailctl.report.formats import FORMATS, render
from tests.unit.report.contract_sample import sample_contract_report
from tests.unit.report.parallel_sample import sample_parallel_report
from tests.unit.report.sample import sample_report

GOLDEN = Path(__file__).parents[2] / "golden" / "report"
SUFFIX = {
    "text": "txt", "junit": "xml", "github": "github.txt", "gitlab": "gitlab.json", "markdown": "md", "changelog": "changelog.md",
}  # fmt: skip
SAMPLES = {"audit": sample_report, "contract": sample_contract_report, "parallel": sample_parallel_report}
CASES = [(sample, name) for sample in SAMPLES for name in FORMATS] + [("contract", "changelog")]


def text_of(name: str, sample: Report) -> str:
    return changelog(sample) if name == "changelog" else "".join(render(sample, name))


@pytest.mark.parametrize(("sample", "name"), CASES)
def test_sample_report_looks_as_agreed(sample: str, name: str) -> None:
    path = GOLDEN / f"{sample}.{SUFFIX.get(name, name)}"
    text = text_of(name, SAMPLES[sample]())
    if os.environ.get("RETAILCTL_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@pytest.mark.parametrize(("sample", "name"), CASES)
def test_same_report_gives_same_bytes(sample: str, name: str) -> None:
    first, second = (text_of(name, SAMPLES[sample]()).encode() for _ in range(2))
    assert first == second
    assert first.endswith(b"\n")
