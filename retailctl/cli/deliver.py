"""Render first, write afterwards: a renderer that fails leaves no half result, on disk or on stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from retailctl.cli import outputs

if TYPE_CHECKING:
    from retailctl.cli.run import Run

Lines = list[tuple[str, str]]
REDACTED_BEFORE = ("html",)


def deliver(run: Run, render: Callable[[str], Lines | str]) -> None:
    """Render every target, then write them: files first, stdout last. ``text`` may come as styled lines."""
    done = [(target, render(target.format)) for target in run.targets]
    console = run.console
    for target, rendered in done:
        body = rendered
        if isinstance(body, str) and target.format not in REDACTED_BEFORE:
            body = console.clean(body, json=body[:1] in ("{", "["))
        if target.path is not None:
            outputs.write(target.path, body if isinstance(body, str) else console.plain(body))
            console.detail(f"wrote {target.format} to {target.path.name}")
        elif isinstance(body, str):
            console.result(body)
        else:
            console.lines(body)


def deliver_report(run: Run, report: Any) -> int:
    """Write a report in every format asked for, and return its exit code, the same for all of them."""
    from retailctl.report import formats

    options = _render_options(run)
    # Before rendering: what a renderer hashes (the script of the HTML page) must not change afterwards.
    report = run.console.redactor.value(report)

    def render(name: str) -> Lines | str:
        if name != "text":
            return "".join(formats.render(report, name, options))
        from retailctl.report import text

        return [(line.text, line.style) for line in text.lines(report, options)]

    deliver(run, render)
    code = int(report.summary.exit_code)
    return 0 if code == 1 and run.flags.exit_zero else code


def wants(run: Run, format: str) -> bool:
    """Whether any target is in this format."""
    return any(target.format == format for target in run.targets)


def _render_options(run: Run) -> Any:
    from shutil import get_terminal_size

    from retailctl.report.options import RenderOptions

    # Only a terminal decides about the width: what goes into a pipe or file is the same everywhere.
    width = min(max(get_terminal_size().columns, 60), 140) if run.console.stdout_is_terminal() else 100
    return RenderOptions(quiet=run.flags.quiet > 0, include_waived=run.flags.include_waived, width=width)


def say_written(run: Run, what: str, items: Iterable[str]) -> None:
    """Name the files a command has written, on stderr: stdout is for results."""
    for item in items:
        run.console.note(f"{what} {item}", "ok")
