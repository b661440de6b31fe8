"""What a terminal gets and a pipe does not: colour, a width, a sign of life. Neither gets commands."""

from __future__ import annotations

import io
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.cli import color, progress
from retailctl.cli.console import Console
from retailctl.cli.escape import one_line, visible
from retailctl.cli.tables import as_text
from tests.unit.cli.conftest import Cli


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("when", "terminal", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ("auto", True, {"TERM": "dumb", "FORCE_COLOR": "0"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_gets_colour(when: color.When, terminal: bool, environ: dict[str, str], wanted: bool) -> None:
    assert color.wanted(when, Terminal() if terminal else io.StringIO(), environ) is wanted


def test_colour_is_the_text_and_codes_around_it(cli: Cli) -> None:
    plain, colored = cli("audit").out, cli("audit", "--color", "always").out
    assert colored != plain
    for code in ("\x1b[1;31m", "\x1b[0m"):
        colored = colored.replace(code, "")
    assert colored == plain


@given(st.text())
def test_nothing_visible_can_command_a_terminal(text: str) -> None:
    shown = visible(text)
    assert not [char for char in shown if char not in "\n\t" and (ord(char) < 32 or 127 <= ord(char) < 160)]
    assert "\n" not in one_line(text) and visible(shown) == shown
    shown.encode("utf-8")


def test_a_table_is_cut_for_a_terminal_and_never_for_a_pipe() -> None:
    rows = [{"id": "x" * 50, "name": "倉庫" * 20}, {"id": "y", "name": "z"}]
    assert all(len(text) <= 40 for text, _ in as_text(rows, ("id", "name"), 40))
    assert as_text(rows, ("id", "name"), 40)[1][0].endswith("…")
    assert as_text(rows, ("id", "name"))[1][0].endswith("倉庫")


def watch(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_WAIT", 0.01)
    monkeypatch.setattr(progress, "_STEP", 0.01)
    return terminal


def work(console: Console) -> None:
    with progress.busy(console, "auditing"):
        time.sleep(0.1)


def test_progress_is_shown_and_wiped_away(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watch(monkeypatch)
    work(Console({}))
    assert "auditing 0s" in watched.getvalue()
    assert watched.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("environ", [{"CI": "true"}, {"TERM": "dumb"}])
def test_no_progress_where_nobody_watches(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:
    watched = watch(monkeypatch)
    work(Console(environ))
    for flag in ("quiet", "no_progress"):
        console = Console({})
        console.quiet, console.progress = int(flag == "quiet"), flag != "no_progress"
        work(console)
    assert watched.getvalue() == ""


def test_a_private_key_over_several_lines_is_masked_in_colour_too(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console({})
    console.use_color("always")
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
    key = ("-----BEGIN PRIVATE KEY-----", body, body, "-----END PRIVATE KEY-----")
    console.lines([("before", "error"), *((line, "") for line in key), ("after", "")])
    out = capsys.readouterr().out
    assert body not in out and "before" in out and "after" in out
