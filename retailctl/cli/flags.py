"""The shared flags, each defined once. A command says which sets it takes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import typer

from retailctl.cli.color import When
from retailctl.report.formats import FORMATS

ReportFormat: Any = Literal[tuple(FORMATS)]
TableFormat = Literal["text", "json", "csv"]
PageFormat = Literal["text", "json"]
FailOn = Literal["info", "warn", "error", "never"]

SELECT, VERDICT, OUTPUT, RUN = "Selection", "Verdict", "Output", "Run"


def _option(panel: str, help: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=panel, show_default=False, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The values of the shared flags; one that a command does not take has its default."""

    root_argument: Annotated[
        Path | None,
        typer.Argument(metavar="ROOT", help="The workspace, or a folder in it; default: here.", show_default=False),
    ] = None
    root: Annotated[Path | None, _option(SELECT, "The same as ROOT.", "--root", metavar="DIR")] = None
    rule: Annotated[list[str], _option(SELECT, "Only this rule; may be repeated.", "--rule", metavar="ID")] = field(
        default_factory=list
    )
    skip_rule: Annotated[list[str], _option(SELECT, "All rules but this one.", "--skip-rule", metavar="ID")] = field(
        default_factory=list
    )
    tag: Annotated[list[str], _option(SELECT, "Only rules with this tag.", "--tag", metavar="TAG")] = field(
        default_factory=list
    )
    fail_on: Annotated[
        FailOn | None,
        _option(VERDICT, "Lowest severity that fails: info, warn, error, never.", "--fail-on", metavar="SEVERITY"),
    ] = None
    fail_on_unknown: Annotated[
        bool | None,
        _option(VERDICT, "Whether unknown gives exit code 1.", "--fail-on-unknown/--no-fail-on-unknown"),
    ] = None
    exit_zero: Annotated[bool, _option(VERDICT, "Exit 0 in spite of findings.", "--exit-zero")] = False
    allow_partial: Annotated[bool, _option(RUN, "Judge what could be read; else exit 3.", "--allow-partial")] = False
    baseline: Annotated[
        Path | None,
        _option(VERDICT, "Known findings; default policies/baseline.json.", "--baseline", metavar="FILE"),
    ] = None
    no_waivers: Annotated[bool, _option(VERDICT, "Judge as if nothing were waived.", "--no-waivers")] = False
    include_waived: Annotated[bool, _option(OUTPUT, "Show waived findings too.", "--include-waived")] = False
    format: Annotated[str, _option(OUTPUT, "Format on stdout.", "--format", "-f", metavar="FORMAT")] = "text"
    output: Annotated[
        list[str],
        _option(
            OUTPUT,
            "Also write a file; may be repeated; - is stdout.",
            "--output",
            "-o",
            metavar="FORMAT=PATH",
        ),
    ] = field(default_factory=list)
    allow_outside: Annotated[bool, _option(OUTPUT, "Let --output leave the working folder.", "--allow-outside")] = False
    color: Annotated[
        When, _option(OUTPUT, "auto, always or never.", "--color", metavar="WHEN", envvar="RETAILCTL_COLOR")
    ] = "auto"
    no_progress: Annotated[bool, _option(OUTPUT, "No progress on stderr.", "--no-progress")] = False
    quiet: Annotated[int, _option(OUTPUT, "Findings only; -qq: exit code only.", "--quiet", "-q", count=True)] = 0
    verbose: Annotated[int, _option(OUTPUT, "Say more on stderr; -vv: all.", "--verbose", "-v", count=True)] = 0
    as_of: Annotated[
        str | None, _option(RUN, "Judge ages and expiry as on this day.", "--as-of", metavar="YYYY-MM-DD")
    ] = None
    offline: Annotated[bool, _option(RUN, "Never open a network connection.", "--offline")] = False
    jobs: Annotated[int, _option(RUN, "Files read at a time.", "--jobs", "-j", min=1, metavar="N")] = 1
    config: Annotated[
        Path | None,
        _option(RUN, "Settings from this file.", "--config", metavar="FILE", envvar="RETAILCTL_CONFIG"),
    ] = None
    no_config: Annotated[bool, _option(RUN, "Built-in settings only.", "--no-config", "--isolated")] = False
    no_cache: Annotated[bool, _option(RUN, "Read every file again.", "--no-cache")] = False


ROOT = ("root_argument", "root")
PRINTED = ("format", "output", "allow_outside", "color", "quiet", "verbose")
SETTINGS = ("as_of", "offline", "jobs", "config", "no_config", "no_cache", "no_progress", "allow_partial")
RULES = ("rule", "skip_rule", "tag")
JUDGED = ("fail_on", "fail_on_unknown", "exit_zero", "baseline", "no_waivers", "include_waived")

LISTED = (*ROOT, *PRINTED, *SETTINGS)
REPORTED = (*ROOT, *RULES, *JUDGED, *PRINTED, *SETTINGS)


@cache
def flag_types() -> dict[str, Any]:
    """The annotated type of each flag, by field name."""
    return get_type_hints(Flags, include_extras=True)


def every_flag() -> set[str]:
    """Every spelling of every shared flag."""
    infos = (get_args(flag_types()[entry.name])[-1] for entry in fields(Flags))
    names = (name for info in infos for name in (info.default, *(info.param_decls or ())) if isinstance(name, str))
    return {name for name in names if name.startswith("-")}
