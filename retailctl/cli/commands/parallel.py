"""`retailctl parallel`: compare, run, resume, report, trend, replay, plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from retailctl.cli import parallel_plan, parallel_replay, tables
from retailctl.cli.deliver import deliver_report
from retailctl.cli.flags import LISTED, REPORTED, ReportFormat, TableFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.errors import UsageError

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    help="Legacy and new side by side: compare, run, resume, report, trend, replay, plan.",
)
app.add_typer(parallel_plan.app, name="plan")
_LEFT_OUT = frozenset(
    ("root_argument", "rule", "skip_rule", "tag", "baseline", "no_waivers", "include_waived", "fail_on",
     "fail_on_unknown", "jobs", "config", "no_config", "no_cache", "allow_partial")
)  # fmt: skip
_FLAGS = tuple(name for name in REPORTED if name not in _LEFT_OUT)
Engine = Literal["duckdb", "postgres", "spark"]
_COMPARE = """\b
Examples:
  retailctl parallel compare legacy.csv new.parquet --key order_id,line_no
  retailctl parallel compare old/ new/ --key id --tolerance price=0.01 --map ORDNO=id
  retailctl parallel compare shop.sqlite::orders erp.duckdb::orders --key id --show id
  retailctl parallel compare a.csv b.csv --key id --rows differing.parquet -f json
"""


_RUN = """\b
Examples:
  retailctl parallel run orders                     the window of the plan
  retailctl parallel run orders --from 2026-11-19 --to 2026-11-20
  retailctl parallel run orders --no-record -f json
  retailctl parallel run orders --engine spark --master spark://lake:7077
"""


_REPORT = """\b
Examples:
  retailctl parallel report orders -o html=orders.html   the newest run of the plan
  retailctl parallel report orders -f markdown
"""


@app.callback()
def _group() -> None:
    """Does the new flow do what the legacy flow does, why not, and since when."""


def _named(flag: str, metavar: str, help: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=help, show_default=False)


Bindings = Annotated[
    list[str] | None, _named("--allow-bind", "EXCHANGE:KEY", "Listen there, through a queue of our own.")
]


@app.command(cls=Sectioned, epilog=_COMPARE)
@shared((*_FLAGS, "no_cache"), ReportFormat)
def compare(
    run: Run,
    legacy: Annotated[str, typer.Argument(metavar="LEGACY", help="A file, a pattern, a folder, or FILE::TABLE.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same for the other side.")],
    key: Annotated[list[str], _named("--key", "COL,...", "Columns that identify a row, as NEW calls them.")],
    map: Annotated[list[str] | None, _named("--map", "OLD=NEW", "A column of LEGACY has another name in NEW.")] = None,
    only: Annotated[list[str] | None, _named("--only", "COL,...", "Compare these columns only.")] = None,
    ignore: Annotated[list[str] | None, _named("--ignore", "COL,...", "Leave these columns out.")] = None,
    tolerance: Annotated[
        list[str] | None, _named("--tolerance", "COL=N", "Equal up to 0.01, 1% or, for a time, 60s.")
    ] = None,
    type: Annotated[list[str] | None, _named("--type", "COL=TYPE", "Read it as int, decimal(2), date, ...")] = None,
    text: Annotated[list[str] | None, _named("--text", "COL,...", "Compare these columns letter by letter.")] = None,
    show: Annotated[
        list[str] | None, _named("--show", "COL,...", "Show values of these columns in clear; all for every one.")
    ] = None,
    samples: Annotated[int, typer.Option("--samples", min=0, max=1000, help="Rows shown per finding.")] = 5,
    rows: Annotated[
        Path | None, _named("--rows", "FILE", "Write all differing rows: .parquet, .csv or .jsonl.")
    ] = None,
    delimiter: Annotated[str, _named("--delimiter", "CHAR", "Of CSV files, if it is not found out.")] = "",
    encoding: Annotated[str, _named("--encoding", "NAME", "Of CSV files: utf-8, latin-1, cp1252, utf-16.")] = "",
    memory: Annotated[str, _named("--memory", "SIZE", "As in 512MB; default 70 % of what is free.")] = "",
    threads: Annotated[int, typer.Option("--threads", min=0, metavar="N", help="0: all.", show_default=False)] = 0,
    scratch: Annotated[Path | None, _named("--scratch", "DIR", "Where what exceeds the memory goes.")] = None,
) -> int:
    """Compare two files or tables by key: what is missing, extra, delivered twice, changed, and how."""
    from retailctl import api

    options = api.CompareOptions(
        key=_list(key),
        renamed=_pairs("--map", map),
        only=_list(only),
        ignored=_list(ignore),
        tolerances=_pairs("--tolerance", tolerance),
        types=_pairs("--type", type),
        text=_list(text),
        shown=_list(show),
        samples=samples,
        rows_file=rows,
        delimiter={"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter),
        encoding=encoding,
        memory=memory,
        threads=threads,
        scratch=scratch,
        root=run.root,
        as_of=run.as_of,
        use_cache=not run.flags.no_cache,
    )
    with busy(run.console, "comparing"):
        report = api.parallel_compare(legacy, new, options)
    return deliver_report(run, report)


@app.command(cls=Sectioned, epilog=_RUN)
@shared((*_FLAGS, "no_cache", "config", "no_config"), ReportFormat)
def run(
    run: Run,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The name of a plan, or its path.")],
    start: Annotated[str, _named("--from", "WHEN", "Compare from this business day or moment on.")] = "",
    end: Annotated[str, _named("--to", "WHEN", "Up to this business day or moment, not included.")] = "",
    samples: Annotated[int, typer.Option("--samples", min=0, max=1000, help="Rows shown per finding.")] = 5,
    rows: Annotated[
        Path | None, _named("--rows", "FILE", "Write all differing rows: .parquet, .csv or .jsonl.")
    ] = None,
    memory: Annotated[str, _named("--memory", "SIZE", "As in 512MB; default 70 % of what is free.")] = "",
    threads: Annotated[int, typer.Option("--threads", min=0, metavar="N", help="0: all.", show_default=False)] = 0,
    scratch: Annotated[Path | None, _named("--scratch", "DIR", "Where what exceeds the memory goes.")] = None,
    allow_bind: Bindings = None,
    engine: Annotated[Engine, _named("--engine", "NAME", "duckdb (default), postgres or spark.")] = "duckdb",
    master: Annotated[str, _named("--master", "URL", "Of Spark: local[*] (default), spark://host:7077, ...")] = "",
    no_record: Annotated[bool, typer.Option("--no-record", help="Write neither evidence nor history.")] = False,
) -> int:
    """Run a plan: verdict by its gates, the money bridge, control totals, and evidence for the cutover."""
    from retailctl import api

    options = api.RunOptions(
        start=start,
        end=end,
        samples=samples,
        rows_file=rows,
        memory=memory,
        threads=threads,
        scratch=scratch,
        record=not no_record,
        engine=engine,
        master=master,
        bindings=tuple(allow_bind or ()),
        offline=run.flags.offline,
    )
    with busy(run.console, "running"):
        report = api.parallel_run(plan, run.root, run.audit_options(api), options)
    return deliver_report(run, report)


@app.command(cls=Sectioned, epilog=_REPORT)
@shared((*(name for name in _FLAGS if name != "exit_zero"), "no_cache", "config", "no_config"), ReportFormat)
def report(
    run: Run,
    name: Annotated[str, typer.Argument(metavar="PLAN|RUN", help="A plan (its newest run), or the id of a run.")],
) -> int:
    """A finished run again, in any format, as it was. Exit code 0: the verdict stands in the report."""
    from retailctl import api

    deliver_report(run, api.parallel_report(name, run.root, run.audit_options(api)))
    return 0


@app.command(cls=Sectioned)
@shared(tuple(name for name in (*_FLAGS, "no_cache", "config", "no_config") if name != "as_of"), ReportFormat)
def resume(
    run: Run,
    plan: Annotated[
        str, typer.Argument(metavar="[PLAN|RUN]", help="A plan or the id of a run; default the newest.")
    ] = "",
    samples: Annotated[int, typer.Option("--samples", min=0, max=1000, help="Rows shown per finding.")] = 5,
    memory: Annotated[str, _named("--memory", "SIZE", "As in 512MB; default 70 % of what is free.")] = "",
    threads: Annotated[int, typer.Option("--threads", min=0, metavar="N", help="0: all.", show_default=False)] = 0,
    scratch: Annotated[Path | None, _named("--scratch", "DIR", "Where what exceeds the memory goes.")] = None,
    allow_bind: Bindings = None,
    no_record: Annotated[bool, typer.Option("--no-record", help="Write neither evidence nor history.")] = False,
) -> int:
    """Go on with a run that was interrupted: what is done is not done again, and the result is the same."""
    from retailctl import api

    options = api.RunOptions(
        samples=samples, memory=memory, threads=threads, scratch=scratch, record=not no_record,
        bindings=tuple(allow_bind or ()), offline=run.flags.offline,
    )  # fmt: skip
    with busy(run.console, "resuming"):
        report, remarks = api.parallel_resume(plan, run.root, run.audit_options(api), options)
    for remark in remarks:
        run.console.note(remark)
    return deliver_report(run, report)


app.command("replay", cls=Sectioned, epilog=parallel_replay.EXAMPLES)(parallel_replay.replay)


@app.command(cls=Sectioned)
@shared(tuple(name for name in LISTED if name != "root_argument"), TableFormat)
def trend(
    run: Run,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The name of a plan, or its path.")],
    last: Annotated[int, typer.Option("--last", min=1, max=10_000, help="Business days shown.")] = 30,
) -> None:
    """How the runs of a plan went: verdict, red gates, and each class in parts per million, day by day."""
    from retailctl import api

    rows = api.parallel_trend(plan, run.root, run.audit_options(api), last)
    columns = ("day", "verdict", "legacy", "new", "ppm", "red", "same_plan", "run")
    tables.show_rows(run, rows, columns, empty="no runs yet")


def _list(given: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for text in given or () for name in text.split(",") if name.strip())


def _pairs(flag: str, given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise UsageError(f"{flag} {text}: not NAME=VALUE")
        pairs[name.strip()] = value.strip()
    return pairs
