"""Start-up: help and version must not pay for what they do not use. Imports are counted, not timed."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from retailctl import __version__
from retailctl.cli import table

HEAVY = {
    *(
        "pydantic",
        "pydantic_core",
        "rich",
        "networkx",
        "httpx",
        "odoorpc",
        "openapi_spec_validator",
        "ruamel",
    ),
    *("duckdb", "yaml", "jsonschema", "retailctl.api", "retailctl.report.text"),
}
WHO = "import runpy, sys\nsys.argv = ['retailctl', *{argv!r}]\n"
RUN = """
try:
    runpy.run_module('retailctl', run_name='__main__')
except SystemExit as end:
    assert not end.code
"""
TELL = "sys.stderr.write(' '.join(sys.modules))"


def modules_after(*argv: str) -> tuple[str, set[str]]:
    code = WHO.format(argv=argv) + RUN + TELL
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout, set(done.stderr.split())


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["-h"], ["help"]])
def test_version_and_help_do_without_typer(argv: list[str]) -> None:
    out, loaded = modules_after(*argv)
    assert out
    assert not loaded & {*HEAVY, "typer", "inspect", "dataclasses"}
    assert not {name for name in loaded if name.startswith("retailctl.cli.commands")}


@pytest.mark.parametrize("argv", [["audit", "--help"], ["inventory", "--help"], ["inventory", "list", "--help"]])
def test_help_of_a_command_loads_that_command_only(argv: list[str]) -> None:
    _, loaded = modules_after(*argv)
    assert not loaded & HEAVY
    commands = {name for name in loaded if name.startswith("retailctl.cli.commands.")}
    assert commands == {f"retailctl.cli.commands.{argv[0]}"}


def test_version_is_the_version() -> None:
    assert modules_after("--version")[0] == f"retailctl {__version__}\n"


@pytest.mark.parametrize("row", table.COMMANDS, ids=lambda row: row.name)
def test_the_table_names_real_modules_and_its_help_fits_a_line(row: table.Row) -> None:
    assert import_module(row.module).app
    assert row.help.endswith(".") and len(row.help) < 66


def test_the_overview_fits_eighty_columns() -> None:
    assert max(map(len, table.overview().splitlines())) <= 100
