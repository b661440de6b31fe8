"""Same input, same bytes: whatever the hash seed, working directory, time zone, number of jobs and cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import ROOT

FORMATS = ("json", "sarif", "markdown", "html", "text", "csv", "junit", "gitlab", "github")
PARTS = ("inventories", "contracts", "policies", "migrations", "retailctl.yaml")
RUNS = {
    "cache filled": (),
    "cache hit, another hash seed": ("seed",),
    "no cache, two jobs, another seed": ("seed", "--no-cache", "--jobs", "2"),
    "a copy elsewhere, another zone": ("copy", "zone"),
}
Outputs = dict[str, bytes]


def run(folder: Path, name: str, copy: Path) -> Outputs:
    """Every format of one audit in a process of its own."""
    words = RUNS[name]
    out = folder / name.replace(" ", "-").replace(",", "")
    out.mkdir()
    env = {key: value for key, value in os.environ.items() if not key.startswith("RETAILCTL_")}
    env |= {
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "4242" if "seed" in words else "0",
        "TZ": "Pacific/Auckland" if "zone" in words else "UTC",
        "RETAILCTL_CACHE_DIR": str(folder / "cache"),
    }
    command = [
        sys.executable,
        "-m",
        "retailctl",
        "audit",
        "--as-of",
        "2026-11-20",
        "--allow-outside",
        "--color",
        "never",
    ]
    command += [word for word in words if word not in ("seed", "copy", "zone")]
    command += [part for name in FORMATS for part in ("--output", f"{name}={out / name}")]
    where = copy if "copy" in words else ROOT
    done = subprocess.run(command, cwd=where, env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr.decode()
    return {name: (out / name).read_bytes() for name in FORMATS} | {"stdout": done.stdout}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outputs]:
    folder = tmp_path_factory.mktemp("same-bytes")
    copy = folder / "elsewhere" / "estate"
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part)
        else:
            shutil.copy(ROOT / part, copy / part)
    return {name: run(folder, name, copy) for name in RUNS}


@pytest.mark.slow
@pytest.mark.xdist_group("same-bytes")
@pytest.mark.parametrize("format_", [*FORMATS, "stdout"])
def test_equal_bytes(outputs: dict[str, Outputs], format_: str) -> None:
    first, *others = RUNS
    assert outputs[first][format_]
    assert [name for name in others if outputs[name][format_] != outputs[first][format_]] == []


@pytest.mark.slow
@pytest.mark.xdist_group("same-bytes")
def test_nothing_of_the_machine_is_in_a_report(outputs: dict[str, Outputs]) -> None:
    for format_ in FORMATS:
        assert str(ROOT).encode() not in outputs["cache filled"][format_], format_
