"""`retailctl inventory ask` and `answer`: questions to the owners of an estate, and what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from retailctl.cli import outputs, tables
from retailctl.cli.deliver import Lines, deliver, say_written
from retailctl.cli.escape import one_line
from retailctl.cli.flags import LISTED
from retailctl.cli.progress import busy
from retailctl.cli.run import Run
from retailctl.errors import UsageError

# -o is a file or a folder here: a questionnaire has one format.
ASKED = tuple(name for name in LISTED if name not in ("format", "output"))
ANSWERED = tuple(name for name in LISTED if name != "root_argument")
YamlFormat = Literal["yaml"]
ASK = """\b
Examples:
  retailctl inventory ask --owner team-web -o team-web.yaml
  retailctl inventory ask --all -o questions/
"""
ANSWER = """\b
Examples:
  retailctl inventory answer team-web.yaml             as a dated sighting
  retailctl inventory answer team-web.yaml --write     into the hand-kept files
"""


def _named(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


def ask(
    run: Run,
    owner: Annotated[str, _named("--owner", metavar="TEAM", help="Questions to this team.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Questions to all owners, a file each.")] = False,
    target: Annotated[
        Path | None, _named("--output", "-o", metavar="PATH", help="A file; with --all a folder.")
    ] = None,
    max_age: Annotated[
        int, _named("--max-age", metavar="DAYS", help="Ask again after so many days; default 365.")
    ] = 365,
) -> None:
    """Write what the rules need to know and only an owner can say."""
    from retailctl import api

    if bool(owner) == everybody:
        raise UsageError("inventory ask needs one of --owner and --all", hint="such as --owner team-web")
    if everybody and target is None:
        raise UsageError("--all needs -o DIR", hint="one file per owner is written there")
    if max_age < 0:
        raise UsageError("--max-age: a number of days, 0 or more", hint="0 asks for every answer again")
    with busy(run.console, "asking the rules"):
        found = api.inventory_ask(run.root, run.audit_options(api), owner=owner, max_age=max_age)
    texts: Mapping[str, str] = found["texts"]
    if found["unanswerable"]:
        run.console.note(
            f"{found['unanswerable']} unknown verdicts need a run, a log or evidence, not an answer", "dim"
        )
    if not any(found["questions"].values()):
        run.console.note("nothing to ask", "dim")
    if everybody and target is not None:
        _write_all(run, target, texts)
    elif target is not None:
        path = outputs.checked(str(target), outside=run.flags.allow_outside)
        outputs.write(path, run.console.clean(texts[owner]))
        say_written(run, "wrote", [target.as_posix()])
    else:
        deliver(run, lambda _: texts[owner])


def _write_all(run: Run, folder: Path, texts: Mapping[str, str]) -> None:
    real = outputs.checked_folder(folder, outside=run.flags.allow_outside)
    names = _file_names(texts)
    for owner, text in texts.items():
        outputs.write(real / names[owner], run.console.clean(text))
    say_written(run, "wrote", [f"{folder.as_posix()}/{name}" for name in names.values()])


def _file_names(owners: Mapping[str, str]) -> dict[str, str]:
    """A file name for each owner; names that differ in signs only get a number."""
    names: dict[str, str] = {}
    for owner in owners:
        base = re.sub(r"[^a-z0-9._-]+", "-", owner.lower()).strip("-.")[:80] or "owner"
        taken = set(names.values())
        tries = (f"{base}{f'-{number}' if number > 1 else ''}.yaml" for number in range(1, len(owners) + 2))
        names[owner] = next(name for name in tries if name not in taken)
    return names


def answer(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A questionnaire with answers.", show_default=False)],
    write: Annotated[bool, typer.Option("--write", help="Into the hand-kept files, comments intact.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; write nothing.")] = False,
) -> int:
    """Take the answers of a questionnaire over, as a dated sighting."""
    from retailctl import api

    if not file.is_file():
        raise UsageError(f"there is no file {file}", hint="retailctl inventory ask writes one")
    with busy(run.console, "checking the answers"):
        page = api.inventory_answer(run.root, file, run.audit_options(api), write=write, dry_run=dry_run)
    if not dry_run:
        say_written(run, "wrote", page["written"])
    tables.show_page(run, page, _lines)
    return 1 if page["problems"] else 0


def _lines(page: Mapping[str, Any]) -> Lines:
    lines: Lines = []
    for problem in page["problems"]:
        place = f"{problem['path']}:{problem['line']}:{problem['column']}"
        lines += [(one_line(f"{place}: {problem['message']}"), "error"), (one_line(f"    {problem['hint']}"), "hint")]
    said = f"{page['owner']}: {page['answers']} answers, {page['open']} still open"
    if page["problems"]:
        said += f", {len(page['problems'])} problems: nothing was written"
    return [*lines, (one_line(said), "title")]
