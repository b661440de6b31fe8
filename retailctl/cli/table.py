"""Every command, its module and one line of help: all that `retailctl --help` needs."""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, whose import costs more than all of `--help`
if TYPE_CHECKING:
    from typing import NamedTuple

    class Row(NamedTuple):
        """One command: what is typed, the module that holds its ``app``, its line in the overview."""

        name: str
        module: str
        help: str
else:
    from collections import namedtuple

    Row = namedtuple("Row", "name module help")  # noqa: PYI024 - typing costs as much as the rest of --version

COMMANDS: tuple[Row, ...] = (
    Row("audit", "retailctl.cli.commands.audit", "Judge the whole estate: one report, one verdict."),
    Row("inventory", "retailctl.cli.commands.inventory", "What exists: scan, odoo, list, show, check."),
    Row("graph", "retailctl.cli.commands.graph", "How it hangs together: hubs, cycles, second writers."),
    Row(
        "contract",
        "retailctl.cli.commands.contract",
        "What is promised: lint, diff, check, changelog, map, list, show.",
    ),
    Row(
        "parallel",
        "retailctl.cli.commands.parallel",
        "Legacy and new side by side: compare, run, trend, replay, plan.",
    ),
    Row("explain", "retailctl.cli.commands.explain", "Why a rule exists, how to fix and how to waive."),
    Row("policy", "retailctl.cli.commands.policy", "The rules in force: list, test."),
    Row("waiver", "retailctl.cli.commands.waiver", "Accepted findings, with owner and expiry: add, list."),
    Row("baseline", "retailctl.cli.commands.baseline", "Known findings, frozen: write, show."),
    Row("schema", "retailctl.cli.commands.schema", "Print the JSON Schema of a file you write."),
    Row("init", "retailctl.cli.commands.init", "Start a workspace in a folder."),
    Row("doctor", "retailctl.cli.commands.doctor", "Versions, settings and where each one comes from."),
)

_OPTIONS = (
    ("--version", "Print the version."),
    ("--install-completion", "Install completion for the current shell."),
    ("--show-completion", "Print that completion, to copy or adapt it."),
    ("--help", "Print this text; `retailctl COMMAND --help` for one command."),
)

_FOOT = """\
Start with:
  retailctl init my-estate      then edit my-estate/inventories/
  retailctl audit               the verdict, here or in any folder above
  retailctl explain OWN-01      what a finding means and what to do

Exit codes: 0 clean, 1 findings, 2 usage or settings wrong, 3 incomplete, 70 a bug in retailctl.
"""


def overview() -> str:
    """The text of `retailctl --help`."""
    width = max(len(row.name) for row in COMMANDS) + 2
    wide = max(len(flag) for flag, _ in _OPTIONS) + 2
    return "\n".join(
        (
            "Usage: retailctl COMMAND [OPTIONS] [ROOT]",
            "",
            "  Inventory, govern and migrate a retail integration estate.",
            "",
            "Commands:",
            *(f"  {row.name:<{width}}{row.help}" for row in COMMANDS),
            "",
            "Options:",
            *(f"  {flag:<{wide}}{text}" for flag, text in _OPTIONS),
            "",
            _FOOT,
        )
    )
