"""The root command: a typer group that imports a command's module when that command is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from retailctl.cli import table
from retailctl.cli.values import spare

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
        _spare_all(command, ctx)
        _spare_pydantic(command.get_help_option(ctx))
        return command

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The ``--help`` of the group itself."""
        return _spare_pydantic(super().get_help_option(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The overview, word for word what the fast path of `main` prints."""
        formatter.write(table.overview())


def _spare_pydantic(option: TyperOption | None) -> TyperOption | None:
    # typer loads pydantic to convert a flag that was not given, unless it has a default, which
    # needs no converting. Without this, `retailctl audit --help` takes four times as long.
    if option is not None:
        option.default = False
    return option


def _spare_all(command: Command, ctx: Context) -> None:
    """Let the parameters of a command, and of those below it, be converted only where there is need."""
    for param in command.params:
        if hasattr(param, "get_runtime_param"):
            spare(param)
    below = getattr(command, "commands", {})
    for inner in below.values():
        _spare_pydantic(inner.get_help_option(ctx))
        _spare_all(inner, ctx)


def _root() -> None:
    """Inventory, govern and migrate a retail integration estate."""
    # No options here: --version is answered before typer is imported.


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
