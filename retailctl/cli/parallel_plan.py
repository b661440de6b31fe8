"""`retailctl parallel plan`: check, init."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from retailctl.cli import tables
from retailctl.cli.deliver import Lines, deliver, say_written
from retailctl.cli.escape import one_line
from retailctl.cli.flags import LISTED, PageFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="Plans of parallel runs: check, init.")
_FLAGS = tuple(name for name in LISTED if name not in {"root_argument", "jobs", "allow_partial", "as_of"})
_USAGE = 2
TextFormat = Literal["text"]
_CHECK = """\b
Examples:
  retailctl parallel plan check orders          by its name
  retailctl parallel plan check migrations/w2-orders/parallel/orders.yaml -f json
"""
_INIT = """\b
Examples:
  retailctl parallel plan init --from exports/orders.csv --from lake/orders.parquet
  retailctl parallel plan init --from old.csv --from new.csv --zone Europe/Lisbon \\
      --save migrations/w2-orders/parallel/orders.yaml
"""


@app.command(cls=Sectioned, epilog=_CHECK)
@shared(_FLAGS, PageFormat)
def check(
    run: Run, plan: Annotated[str, typer.Argument(metavar="PLAN", help="The name of a plan, or its path.")]
) -> int:
    """A plan in words: what is compared with what, what is wrong in it, and some rows before and after."""
    from retailctl import api

    with busy(run.console, "checking the plan"):
        page = api.parallel_plan_check(plan, run.root, run.audit_options(api), offline=run.flags.offline)
    tables.show_page(run, page, lambda page: list(_lines(page)))
    return _USAGE if page["problems"] else 0


@app.command(cls=Sectioned, epilog=_INIT)
@shared(_FLAGS, TextFormat)
def init(
    run: Run,
    given: Annotated[
        list[str],
        typer.Option(
            "--from", metavar="SOURCE", show_default=False,
            help="First legacy, then new: a file, a pattern, a folder, FILE::TABLE, "
            "postgres:VAR::TABLE, adbc:VAR::TABLE; or one CONTRACT[:SCHEMA].",
        ),
    ],
    entity: Annotated[str, typer.Option("--entity", metavar="NAME", help="What a row is.", show_default=False)] = "",
    zone: Annotated[
        list[str] | None,
        typer.Option("--zone", metavar="ZONE", help="A zone that local times may be of.", show_default=False),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Write it here; never over a file.", show_default=False),
    ] = None,
) -> int:  # fmt: skip
    """Propose a plan: types, key, columns that belong together, and the normalisers that make them alike."""
    from retailctl import api

    with busy(run.console, "looking at both sides"):
        text = api.parallel_plan_init(
            given,
            run.root,
            run.audit_options(api),
            entity=entity,
            zones=zone or (),
            target=save,
            offline=run.flags.offline,
        )
    if save is None:
        deliver(run, lambda _: text)
    else:
        say_written(run, "wrote", [save.as_posix()])
    return 0


def _lines(page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield one_line(f"{page['plan']}: {page.get('entity', 'not understood')}"), "title"
    for problem in page["problems"]:
        yield one_line(f"  {problem['path']}:{problem['line']}:{problem['column']}: {problem['message']}"), "error"
        yield one_line(f"      {problem['hint']}"), "hint"
    if "fields" in page:
        yield from _explained(page)
    for side, names in page["not_compared"].items():
        if names:
            yield one_line(f"  not in the plan, {side}: {', '.join(names)}"), "dim"
    for row in page["rejected"]:
        many = f"{row['rows']:,} of the first {page['looked_at']:,} rows"
        yield one_line(f"  rejected, {row['side']} {row['field']}: {many}: the value {row['words']}"), "warn"
    yield from _samples(page)
    yield from ((one_line(f"  {notice}"), "unknown") for notice in page["notices"])


def _explained(page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for side, words in page["sources"].items():
        yield one_line(f"  {side}: {words}"), ""
    yield one_line(f"  a row is identified by {', '.join(page['key'])}"), ""
    yield "", ""
    rows = [{**row, "field": f"{row['field']} (key)" if row["key"] else row["field"]} for row in page["fields"]]
    yield from _table(rows, ("field", "type", "compared", "legacy", "new", "severity", "values"))
    yield "", ""
    sections: dict[str, list[str]] = {
        "time": page["time"],
        "amount of a row": [page["amount"]] if page["amount"] else [],
        "control totals": page["totals"],
        "causes are looked for by": [", ".join(page["dimensions"])] if page["dimensions"] else [],
        "partitions": [", ".join(page["partition_by"])] if page["partition_by"] else [],
        "accepted": page["accepted"],
        "gates": page["gates"],
    }
    for title, texts in sections.items():
        yield from ((one_line(f"  {title}: {text}"), "") for text in texts)


def _samples(page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for side, rows in page["samples"].items():
        yield "", ""
        yield f"  {side}, before and after (pseudonyms where a field is not marked pii: none)", "strong"
        for number, row in enumerate(rows):
            if number:
                yield "", ""
            told = [
                {"field": one["field"], "before": _value(one["before"]), "after": _value(one["after"])} for one in row
            ]
            yield from _table(told, ("field", "before", "after"))


def _value(value: str | None) -> str:
    return "(nothing)" if value is None else value


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Lines:
    return [(f"    {text}", style) for text, style in tables.as_text(rows, columns)]
