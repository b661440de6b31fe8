"""Pages that are made from the program: every help text, and the catalogue of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import typer

from retailctl.api.inputs import INPUT_RULES
from retailctl.api.session import builtin_pack
from retailctl.cli.table import COMMANDS
from retailctl.contracts.rules.catalogue import rules_markdown
from retailctl.policy.catalogue import catalogue, catalogue_markdown
from tests.docs.pages import Copy

_CLI_HEAD = """\
# Commands

Every help text, as `retailctl COMMAND --help` prints it. `make docs` writes this page.

Exit codes, streams and formats are the same for all commands: see the [README](../README.md#exit-codes).
"""


def command_lines() -> Iterator[str]:
    """Every command with its verbs, in the order of the overview; the overview itself first."""
    yield ""
    for row in COMMANDS:
        command = typer.main.get_command(import_module(row.module).app)
        verbs = getattr(command, "commands", {})
        yield row.name
        yield from (f"{row.name} {verb}" for verb in verbs)


def cli_page(copy: Copy) -> str:
    """docs/cli.md."""
    parts = [_CLI_HEAD]
    for line in command_lines():
        name = f"retailctl {line}".strip()
        code, lines = copy.run(f"{name} --help")
        text = "\n".join(lines).strip("\n")
        assert code == 0, text
        parts.append(f"\n## `{name}`\n\n```text\n{text}\n```\n")
    return "".join(parts)


def rules_page(_copy: Copy) -> str:
    """docs/rules.md."""
    rules = catalogue((*builtin_pack().rules.values(), *INPUT_RULES))
    table, _, sections = catalogue_markdown(rules).partition("\n| id |")
    told = "The rules of `retailctl:standard`, the input rules (INP) and those about waivers and baseline (WAV)."
    source = "`make docs` writes this page from the rows that `retailctl explain` reads."
    return f"{table}\n{told}\n{source}\n\n| id |{sections}"


def contract_rules_page(_copy: Copy) -> str:
    """docs/contract-rules.md."""
    return rules_markdown()


GENERATED: dict[str, Callable[[Copy], str]] = {
    "docs/cli.md": cli_page,
    "docs/contract-rules.md": contract_rules_page,
    "docs/rules.md": rules_page,
}
