"""What every command has in common: shared flags in, one `Run` for the command, its number out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typer.core import TyperCommand

from retailctl.cli import outputs
from retailctl.cli.console import Console
from retailctl.cli.flags import Flags, flag_types
from retailctl.errors import UsageError

Body = Callable[..., int | None]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one command: its shared flags, checked, and the console."""

    flags: Flags
    console: Console
    targets: tuple[outputs.Target, ...]
    root: Path | None
    as_of: date | None

    def audit_options(self, api: Any, **more: Any) -> Any:
        """The `AuditOptions` of the api that these flags ask for."""
        flags = self.flags
        return api.AuditOptions(
            as_of=self.as_of,
            rules=tuple(flags.rule),
            skip_rules=tuple(flags.skip_rule),
            tags=tuple(flags.tag),
            fail_on=flags.fail_on,
            fail_on_unknown=flags.fail_on_unknown,
            no_waivers=flags.no_waivers,
            baseline=flags.baseline,
            jobs=flags.jobs,
            config=flags.config,
            no_config=flags.no_config,
            allow_partial=flags.allow_partial,
            use_cache=not flags.no_cache,
            **more,
        )


def shared(names: tuple[str, ...], formats: Any) -> Callable[[Body], Callable[..., int]]:
    """Give a command its shared flags. ``formats`` is the `Literal` of what ``--format`` may be.

    The command is written with ``run: Run`` as first parameter; typer sees the others and the flags.
    """

    def decorate(body: Body) -> Callable[..., int]:
        def command(context: typer.Context, **values: Any) -> int:
            flags = Flags(**{name: values.pop(name) for name in names})
            run = _begin(flags, context.obj, get_args(formats))
            if flags.verbose:
                from retailctl.cli.logs import listen

                context.call_on_close(listen(run.console))
            return int(body(run, **values) or 0)

        # NOTE: no functools.wraps: typer would follow __wrapped__ to the types of the body.
        command.__name__, command.__doc__ = body.__name__, body.__doc__
        command.__signature__ = _signature(body, names, formats)  # type: ignore[attr-defined]
        return command

    return decorate


def _begin(flags: Flags, console: Console, formats: tuple[str, ...]) -> Run:
    console.use_color(flags.color)
    console.quiet, console.verbose = flags.quiet, flags.verbose
    console.progress = not flags.no_progress
    if flags.config and flags.no_config:
        raise UsageError("--config and --no-config exclude each other")
    if flags.root and flags.root_argument:
        raise UsageError("ROOT is given twice", hint="either as an argument or with --root")
    targets = outputs.parse(flags.format, flags.output, formats, outside=flags.allow_outside)
    return Run(flags, console, targets, flags.root or flags.root_argument, parse_date("--as-of", flags.as_of))


def parse_date(flag: str, text: str | None) -> date | None:
    """The day that an option names."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # Python reads 20240229 and 2024-W09-4 as well
        raise UsageError(f"{flag}: {text!r} is not a date", hint="write it as YYYY-MM-DD")
    return day


def _signature(body: Body, names: tuple[str, ...], formats: Any) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    hints = get_type_hints(body, include_extras=True)
    own = list(inspect.signature(body).parameters.values())[1:]
    parameters = [inspect.Parameter("context", kind, annotation=typer.Context)]
    parameters += [param.replace(kind=kind, annotation=hints[param.name]) for param in own]
    unset = Flags()
    defaults = {entry.name: getattr(unset, entry.name) for entry in fields(Flags)}
    for name in names:
        annotation = flag_types()[name]
        if name == "format":
            annotation, defaults[name] = _format(formats, get_args(annotation)[-1])
        parameters.append(inspect.Parameter(name, kind, default=defaults[name], annotation=annotation))
    return inspect.Signature(parameters)


def _format(formats: Any, option: Any) -> tuple[Any, str]:
    """The ``--format`` of one command: its own choices, the first of them the default."""
    names = get_args(formats)
    mine = copy(option)
    mine.help = f"{', '.join(names)}; default {names[0]}." if len(names) > 1 else f"{names[0]}, the only one."
    return Annotated[formats, mine], names[0]


class Sectioned(TyperCommand):
    """A command whose help shows its options in sections: its own first, then the shared ones."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments, own options, and each section of shared flags."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                default = "Arguments" if param.param_type_name == "argument" else "Options"
                panel = getattr(param, "rich_help_panel", None)
                sections.setdefault(panel if isinstance(panel, str) else default, []).append(record)
        for title in sorted(sections, key=_order):
            with formatter.section(title):
                formatter.write_dl(sections[title])


def _order(title: str) -> int:
    known = ("Arguments", "Options", "Selection", "Verdict", "Output", "Run")
    return known.index(title)
