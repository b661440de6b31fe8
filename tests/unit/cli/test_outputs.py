"""--output: checked before the run, written after rendering, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli
from tests.unit.cli.fakes import FakeApi


def test_one_run_feeds_files_and_stdout(cli: Cli) -> None:
    ended = cli("audit", "-v", "-o", "sarif=a.sarif", "--output", "markdown=b.md")
    assert ended.code == 1 and ended.out.startswith("FAIL")
    assert Path("a.sarif").read_text().startswith("{") and Path("b.md").read_text().startswith("markdown")
    assert ended.err == "wrote sarif to a.sarif\nwrote markdown to b.md\n"


@pytest.mark.parametrize(
    ("args", "out", "files"),
    [
        (["-o", "-"], "FAIL", []),
        (["-f", "json", "-o", "-"], "{", []),
        (["-o", "json=-"], "{", []),
        (["-f", "json", "-o", "x"], "", ["x"]),
        (["-o", "json=x", "-o", "-"], "FAIL", ["x"]),
    ],
)
def test_where_a_result_goes(cli: Cli, tmp_path: Path, args: list[str], out: str, files: list[str]) -> None:
    ended = cli("audit", *args)
    assert ended.out.startswith(out) and bool(ended.out) == bool(out)
    assert [path.name for path in tmp_path.iterdir()] == files


@pytest.mark.parametrize(
    "args",
    [
        ["-o", "json=../x"],
        ["-o", "json=link/x"],
        ["-o", "json=linked.json"],
        ["-o", "json="],
        ["-o", ""],
        ["-o", "json=."],
        ["-o", "json=missing/x"],
        ["-o", "json=x", "-o", "sarif=./x"],
        ["-o", "json=-", "-o", "text=-"],
    ],
)
def test_a_wrong_path_is_refused_before_the_run(cli: Cli, api: FakeApi, tmp_path: Path, args: list[str]) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (tmp_path / "link").symlink_to(outside)
    (tmp_path / "linked.json").symlink_to(outside / "target.json")
    assert cli("audit", *args).code == 2
    assert not api.calls and not list(outside.iterdir())


def test_outside_is_possible_when_asked_for(cli: Cli, tmp_path: Path) -> None:
    place = tmp_path.parent / f"{tmp_path.name}.json"
    assert cli("audit", "-o", f"json={place}", "--allow-outside").code == 1
    assert place.exists()


def test_nothing_is_written_when_one_rendering_fails(cli: Cli, tmp_path: Path) -> None:
    Path("old.json").write_text("old")
    ended = cli("audit", "-o", "json=old.json", "-o", "junit=x.xml")
    assert ended.code == 70 and not ended.out
    assert Path("old.json").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "old.json"]


def test_a_file_is_replaced_whole_and_keeps_its_mode(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Path("a.json")
    target.write_text("old")
    target.chmod(0o640)
    assert cli("audit", "-o", "json=a.json").code == 1
    assert target.stat().st_mode & 0o777 == 0o640

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    target.write_text("old")
    monkeypatch.setattr("os.fsync", full)
    ended = cli("audit", "-o", "json=a.json")
    assert ended.code == 3 and "a.json: cannot write: No space left on device" in ended.err
    assert target.read_text() == "old" and [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_more_quiet_still_writes_files(cli: Cli) -> None:
    assert cli("audit", "-qq", "-o", "json=a.json") == (1, "", "")
    assert Path("a.json").exists()
