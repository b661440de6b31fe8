"""`retailctl contract`: lint, diff, check, changelog, map, list, show."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal

import typer

from retailctl.cli import pages, tables
from retailctl.cli.contract_flags import (
    STDIN_NAME,
    Against,
    Category,
    Content,
    Days,
    Level,
    LevelsFile,
    MatchPath,
    Mode,
    Only,
    Profile,
    Remote,
    Stability,
    StdinName,
    UnmatchPath,
)
from retailctl.cli.deliver import Lines, deliver, deliver_report
from retailctl.cli.flags import LISTED, REPORTED, PageFormat, ReportFormat, TableFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.errors import UsageError

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, help="What is promised: lint, diff, check, changelog, map, list, show."
)

_FLAGS = tuple(name for name in REPORTED if name not in ("root_argument", "rule", "skip_rule", "tag"))
_LIST_FLAGS = tuple(name for name in LISTED if name != "root_argument")
_MAP_FLAGS = (*_LIST_FLAGS, "fail_on", "fail_on_unknown", "exit_zero", "baseline", "no_waivers")
ChangelogFormat = Literal["markdown", "json"]
MapFormat = Literal["text", "json", "markdown"]
_DIFF = """\b
Examples:
  retailctl contract diff v1/openapi.yaml v2/openapi.yaml
  retailctl contract diff origin/main:openapi.yaml openapi.yaml -f github
  retailctl contract diff old.json new.json --severity-profile oasdiff
  retailctl contract diff v1/order.avsc v2/order.avsc --mode FULL
  render-spec | retailctl contract diff openapi.yaml -
"""
_CHECK = """\b
Examples:
  retailctl contract check                      every version against the one before
  retailctl contract check --against origin/main
  retailctl contract check --against v1 --contract orders-api -f sarif
"""

_MAP = """\b
Examples:
  retailctl contract map                        every business object that has a map
  retailctl contract map order --field lines[].quantity
  retailctl contract map orders-api --check     exit 1 when its fields do not fit
  retailctl contract map init orders-api:Order order-events:OrderConfirmed
"""


def _prefix(name: str, help: str) -> Any:
    return typer.Option(name, metavar="PREFIX", help=help, show_default=False)


@app.command(cls=Sectioned, epilog=_DIFF)
@shared(_FLAGS, ReportFormat)
def diff(
    run: Run,
    base: Annotated[str, typer.Argument(metavar="BASE", help="The document before: a file, REVISION:path, or -.")],
    revision: Annotated[
        str, typer.Argument(metavar="REVISION", help="The document after: a file, REVISION:path, or -.")
    ],
    severity_profile: Profile = "retailctl",
    severity_levels: LevelsFile = None,
    level: Level = None,
    content_model: Content = None,
    mode: Mode = None,
    category: Category = None,
    match_path: MatchPath = "",
    unmatch_path: UnmatchPath = "",
    strip_prefix_base: Annotated[str, _prefix("--strip-prefix-base", "Cut from the paths of BASE.")] = "",
    strip_prefix_revision: Annotated[str, _prefix("--strip-prefix-revision", "Cut from those of REVISION.")] = "",
    prefix_base: Annotated[str, _prefix("--prefix-base", "Put before the paths of BASE.")] = "",
    prefix_revision: Annotated[str, _prefix("--prefix-revision", "Put before those of REVISION.")] = "",
    deprecation_days_stable: Days = 0,
    deprecation_days_beta: Days = 0,
    stability_level: Stability = "",
    no_witness: Annotated[bool, typer.Option("--no-witness", help="Do not look for proofs.")] = False,
    allow_remote_refs: Remote = None,
    stdin_name: StdinName = STDIN_NAME,
) -> int:
    """Everything that changed between two contracts, what breaks, the proof, and whom it hits."""
    from retailctl import api

    options = api.ContractOptions(
        **_shared(run, api, allow_remote_refs),
        **_stdin((base, revision), stdin_name),
        profile=severity_profile,
        severity_levels=severity_levels,
        levels=dict(map(_level, level or ())),
        content_model=content_model,
        mode=mode,
        category=category,
        match_path=match_path,
        unmatch_path=unmatch_path,
        strip_prefix_base=strip_prefix_base,
        strip_prefix_revision=strip_prefix_revision,
        prefix_base=prefix_base,
        prefix_revision=prefix_revision,
        days_stable=deprecation_days_stable,
        days_beta=deprecation_days_beta,
        stability=stability_level,
        witnesses=not no_witness,
    )
    with busy(run.console, "comparing"):
        report = api.contract_diff(base, revision, options)
    return deliver_report(run, report)


@app.command(cls=Sectioned, epilog=_CHECK)
@shared(_FLAGS, ReportFormat)
def check(
    run: Run,
    against: Against = None,
    contract: Only = None,
    severity_profile: Profile = "retailctl",
    severity_levels: LevelsFile = None,
    level: Level = None,
    content_model: Content = None,
    mode: Mode = None,
    category: Category = None,
    deprecation_days_stable: Days = 0,
    deprecation_days_beta: Days = 0,
    stability_level: Stability = "",
    allow_remote_refs: Remote = None,
) -> int:
    """Every contract of the workspace against its earlier version, or against a revision: the gate of a pipeline."""
    from retailctl import api

    options = api.ContractOptions(
        **_shared(run, api, allow_remote_refs),
        against=against,
        contracts=tuple(contract or ()),
        profile=severity_profile,
        severity_levels=severity_levels,
        levels=dict(map(_level, level or ())),
        content_model=content_model,
        mode=mode,
        category=category,
        days_stable=deprecation_days_stable,
        days_beta=deprecation_days_beta,
        stability=stability_level,
    )
    with busy(run.console, "checking contracts"):
        report = api.contract_check(run.root, options)
    return deliver_report(run, report)


@app.command(cls=Sectioned)
@shared(_FLAGS, ReportFormat)
def lint(
    run: Run,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Documents, or -; default: all of the workspace.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Ask openapi-spec-validator too.")] = False,
    allow_remote_refs: Remote = None,
    stdin_name: StdinName = STDIN_NAME,
) -> int:
    """Is a document right by itself: specification, references, examples, security, paths."""
    from retailctl import api

    named = tuple(files or ())
    options = api.ContractOptions(
        **_shared(run, api, allow_remote_refs), **_stdin(named, stdin_name), strict=strict
    )  # fmt: skip
    with busy(run.console, "linting contracts"):
        report = api.contract_lint(named, options, run.root)
    return deliver_report(run, report)


@app.command(cls=Sectioned)
@shared(_FLAGS, ChangelogFormat)
def changelog(
    run: Run,
    base: Annotated[
        str | None, typer.Argument(metavar="[BASE", help="The document before.", show_default=False)
    ] = None,
    revision: Annotated[
        str | None, typer.Argument(metavar="REVISION]", help="The document after.", show_default=False)
    ] = None,
    against: Against = None,
    contract: Only = None,
    allow_remote_refs: Remote = None,
    stdin_name: StdinName = STDIN_NAME,
) -> int:
    """What changed, for people: of two documents, or of every contract of the workspace."""
    from retailctl import api

    if (base is None) != (revision is None):
        raise UsageError("changelog takes two documents, or none", hint="without documents: every contract here")
    options = api.ContractOptions(
        **_shared(run, api, allow_remote_refs),
        **_stdin((base or "", revision or ""), stdin_name),
        against=against,
        contracts=tuple(contract or ()),
    )
    with busy(run.console, "comparing"):
        if base is not None and revision is not None:
            report = api.contract_diff(base, revision, options)
        else:
            report = api.contract_check(run.root, options)
    from retailctl.report import formats
    from retailctl.report.changelog import changelog as rendered
    from retailctl.report.options import RenderOptions

    report = run.console.redactor.value(report)
    shown = RenderOptions(include_waived=run.flags.include_waived)

    def render(name: str) -> str:
        return rendered(report, shown) if name == "markdown" else "".join(formats.render(report, name, shown))

    deliver(run, render)
    return 3 if report.summary.exit_code == 3 else 0


@app.command("map", cls=Sectioned, epilog=_MAP)
@shared(_MAP_FLAGS, MapFormat)
def map_(
    run: Run,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME | init CONTRACT",
            show_default=False,
            help="Entity, set, contract or map; default: all. init CONTRACT[@VERSION][:SCHEMA]... proposes one.",
        ),
    ] = None,
    field: Annotated[
        str | None,
        typer.Option("--field", metavar="PATH", help="Only this field of the entity.", show_default=False),
    ] = None,
    judged: Annotated[bool, typer.Option("--check", help="Exit 1 when there are findings.")] = False,
    against: Against = None,
    allow_remote_refs: Remote = None,
) -> int:
    """A business object across the contracts that carry it, field by field."""
    from retailctl import api
    from retailctl.cli import contract_map as shown

    options = api.ContractOptions(**_shared(run, api, allow_remote_refs), against=against)
    if names and names[0] == "init":
        proposal = api.contract_map_init(names[1:], run.root, options)
        deliver(run, lambda _: proposal)
        return 0
    if names and len(names) > 1:
        raise UsageError("map takes one name", hint="without a name: every map; `map init` takes contracts")
    with busy(run.console, "mapping contracts"):
        page, report = api.contract_map(run.root, names[0] if names else None, options, field=field)
    page = run.console.redactor.value(page)

    def render(format: str) -> Lines | str:
        if format == "json":
            return tables.as_json(page)
        return shown.as_markdown(page) if format == "markdown" else shown.as_lines(page)

    deliver(run, render)
    code = int(report.summary.exit_code)
    if code == 1 and (not judged or run.flags.exit_zero):
        return 0
    return code


@app.command("list", cls=Sectioned)
@shared(_LIST_FLAGS, TableFormat)
def list_(run: Run) -> None:
    """The contracts of the workspace with versions, owners and consumers."""
    from retailctl import api

    rows = api.contract_list(run.root, api.ContractOptions(run=run.audit_options(api)))
    columns = ("id", "version", "format", "owner", "lifecycle", "sunset", "operations", "consumers", "path")
    tables.show_rows(run, rows, columns, empty="no contracts")


@app.command(cls=Sectioned)
@shared(_LIST_FLAGS, PageFormat)
def show(
    run: Run, name: Annotated[str, typer.Argument(metavar="ID", help="A contract, or the path of a document.")]
) -> None:
    """One contract: versions, operations, and who is on which version."""
    from retailctl import api

    page = api.contract_show(run.root, name, api.ContractOptions(run=run.audit_options(api)))
    tables.show_page(run, page, lambda page: pages.any_page(name, page))


def _shared(run: Run, api: Any, hosts: list[str] | None) -> dict[str, Any]:
    """What every command that reads documents passes on."""
    options = run.audit_options(api)
    return {"run": options, "allow_remote_refs": tuple(hosts or ()), "offline": run.flags.offline}


def _stdin(names: tuple[str, ...], name: str) -> dict[str, Any]:
    """How the document on stdin is read; nothing unless ``-`` asks for it."""
    if "-" not in names:
        return {}
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("- reads stdin, which is a terminal", hint="pipe one document in, or name a file")
    return {"stdin": sys.stdin.buffer.read, "stdin_name": name}


def _level(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--level: {text!r} is not ID=LEVEL", hint="such as --level request-property-removed=err")
    return name, value
