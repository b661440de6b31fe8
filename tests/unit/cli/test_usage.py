"""Wrong command lines: exit 2, our words, a suggestion; and errors of the api."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli
from tests.unit.cli.fakes import SECRET, FakeApi


@pytest.mark.parametrize(
    ("line", "says", "hint"),
    [
        ("audt", "unknown command 'audt'", "did you mean audit?; see retailctl --help"),
        ("inventory lst", "unknown command 'lst'", "did you mean list?"),
        ("audit --format jsn", "--format: 'jsn' is not one of text, json", "did you mean json?"),
        ("audit -o jsn=x", "--output jsn=x: 'jsn' is not one of", "did you mean json?"),
        (
            "audit --fail-on eror",
            "--fail-on: 'eror' is not one of info, warn, error, never",
            "did you mean error?",
        ),
        ("audit --color allways", "--color: 'allways' is not one of", "did you mean always?"),
        ("inventory list system", "KIND: 'system' is not one of", "did you mean systems?"),
        ("inventory list -f html", "--format: 'html' is not one of text, json, csv", "see"),
        ("audit --formt json", "unknown option --formt", "did you mean --format?"),
        ("--versoin", "unknown option --versoin", "did you mean --version?"),
        ("audit -x", "unknown option -x", "see retailctl audit --help"),
        ("-q audit", "unknown option -q", "-q comes after the command"),
        ("--fail-on=warn audit", "unknown option --fail-on", "comes after the command"),
        ("audit --jobs many", "--jobs: 'many' is not a whole number", "see"),
        ("audit --jobs 0", "--jobs: must be greater than or equal to 1", "see"),
        ("audit -f", "-f needs a value", ""),
        ("audit a b", "unexpected argument: b", "see"),
        ("audit a --root b", "ROOT is given twice", "either"),
        ("audit --config a --no-config", "exclude each other", ""),
        ("audit --as-of 2024-02-30", "--as-of: '2024-02-30' is not a date", "YYYY-MM-DD"),
        ("audit --as-of 20240229", "is not a date", "YYYY-MM-DD"),
        ("inventory show", "missing argument ID", "see"),
        ("inventory", "a command is missing", "list, show, check"),
        ("", "no command given", ""),
    ],
)
def test_a_wrong_command_line_is_explained(cli: Cli, api: FakeApi, line: str, says: str, hint: str) -> None:
    ended = cli(*line.split())
    assert ended.code == 2
    assert not ended.out and not api.calls
    assert ended.err.startswith("error: ")
    assert says in ended.err and hint in ended.err
    assert "Value error" not in ended.err and "Invalid value" not in ended.err


def test_help_of_a_command_has_sections_and_examples(cli: Cli) -> None:
    ended = cli("audit", "--help")
    assert ended.code == 0
    for title in ("Arguments:", "Selection:", "Verdict:", "Output:", "Run:", "  Examples:"):
        assert f"{title}\n" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert cli("help", "audit").out == ended.out


def test_version_also_works_beside_other_words(cli: Cli) -> None:
    assert cli("--version", "audit").out.startswith("retailctl ")


def test_an_error_names_place_and_next_step(cli: Cli) -> None:
    ended = cli("explain", "NOPE")
    assert ended == (2, "", "error: policies/x.yaml:2: no rule NOPE\n  hint: did you mean NOPE-1?\n")


def test_a_bug_is_one_line_and_a_redacted_report(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "correct-horse")
    ended = cli("audit", "-f", "junit", "--tag", "correct-horse")
    assert ended.code == 70 and not ended.out
    (line,) = ended.err.splitlines()
    assert line.startswith("error: internal error (ZeroDivisionError), a bug in retailctl")
    (report,) = (tmp_path / "cache" / "retailctl" / "errors").iterdir()
    assert str(report) in line
    text = report.read_text("utf-8")
    assert "ZeroDivisionError" in text and "--tag ***" in text and "fakes.py" in text
    assert "correct-horse" not in text and SECRET not in text
    assert report.stat().st_mode & 0o077 == 0


def test_a_bug_is_reported_without_a_cache_folder_too(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere" / "deeper"))
    (tmp_path / "nowhere").touch()
    assert "no report could be written" in cli("audit", "-f", "junit").err


def test_logs_are_shown_on_request_and_redacted(cli: Cli, api: FakeApi) -> None:
    log = logging.getLogger("retailctl.workspace")

    def speak() -> None:
        log.info("token=%s", SECRET)
        log.debug("fine print")

    api.before = speak
    assert cli("audit").err == ""
    assert cli("audit", "-v").err == "info: token=***\n"
    assert cli("audit", "-vv").err == "info: token=***\ndebug: fine print\n"
