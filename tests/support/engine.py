"""``retailctl contract diff`` as the tests call it: the whole command in this process, on files, and its JSON read."""

from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retailctl.cli.main import main
from tests.support.texts import write
from tests.support.walk import Document

RANK = {"info": 0, "warn": 1, "error": 2}


@dataclass(frozen=True)
class Finding:
    """What the laws look at in a finding; ``row`` is all of it."""

    rule: str
    severity: str
    direction: str
    subject: str
    operations: tuple[str, ...]
    row: dict[str, Any]


def findings_of(report: dict[str, Any]) -> list[Finding]:
    """The findings of a JSON report."""
    return [
        Finding(
            row["rule"],
            row["severity"],
            row.get("direction") or "none",
            str(row.get("subject", "")),
            tuple(row.get("operations") or ()),
            row,
        )
        for row in report["findings"]
    ]


def report_of(old: Document, new: Document, *options: str, suffixes: tuple[str, str] = (".json", ".json")) -> Any:
    """The JSON report of a comparison. Asserts that the run ended as a comparison does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(old, folder / f"old{suffixes[0]}")
        write(new, folder / f"new{suffixes[1]}")
        return run(folder, f"old{suffixes[0]}", f"new{suffixes[1]}", *options)


def run(folder: Path, old: str, new: str, *options: str) -> Any:
    """The JSON report on two files of a folder."""
    code, out, err = _main(folder, "contract", "diff", old, new, "--format", "json", *options)
    assert code in {0, 1}, (code, err[-2000:])
    return json.loads(out)


def exit_code(folder: Path, *argv: str) -> tuple[int, str]:
    """How a command line ends in a folder, and what it says on stderr."""
    code, _, err = _main(folder, *argv)
    return code, err


def _main(folder: Path, *argv: str) -> tuple[int, str, str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = dict(os.environ)
    os.environ["RETAILCTL_CACHE_DIR"] = str(folder / ".cache")
    try:
        with chdir(folder), redirect_stdout(out), redirect_stderr(err):
            code = main(list(argv))
    finally:
        os.environ.clear()
        os.environ.update(before)
    return code, _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


def diff(old: Document, new: Document, *options: str, suffixes: tuple[str, str] = (".json", ".json")) -> list[Finding]:
    """The findings of a comparison."""
    return findings_of(report_of(old, new, *options, suffixes=suffixes))


def above_info(found: list[Finding]) -> list[tuple[str, str, str]]:
    """What somebody has to look at: severity, rule and subject, short enough to read when a law fails."""
    return [(one.severity, one.rule, one.subject) for one in found if RANK[one.severity] > 0]


def worst(found: list[Finding]) -> str:
    """The highest severity; info where there is nothing."""
    return max((one.severity for one in found), key=RANK.__getitem__, default="info")
