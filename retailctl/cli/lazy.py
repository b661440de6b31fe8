"""The root command: a typer group that imports a command's module when that command is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from retailctl import __version__
from retailctl.cli import table

if TYPE_CHECKING:
    # NOTE: typer 0.29 carries its own click, and exports neither its Command nor its HelpFormatter.
    from typer._click import Command, Context, HelpFormatter

_MODULES = {row.name: row.module for row in table.COMMANDS}


class LazyGroup(TyperGroup):
    """A group whose commands are names until one is run."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The did-you-mean of typer reads `commands`, and nothing else: without these it knows no names.
        for row in table.COMMANDS:
            self.commands[row.name] = TyperCommand(row.name, help=row.help, rich_markup_mode=None)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The real command, imported now."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        command = typer.main.get_command(import_module(module).app)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The overview, word for word what the fast path of `main` prints."""
        formatter.write(table.overview())


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"retailctl {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Inventory, govern and migrate a retail integration estate."""


def build(*, completion: bool = False) -> Command:
    """The root command. ``completion`` adds typer's two options for it: they alone would load pydantic."""
    app = typer.Typer(
        cls=LazyGroup,
        rich_markup_mode=None,
        add_completion=completion,
        callback=_root,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    return typer.main.get_command(app)
