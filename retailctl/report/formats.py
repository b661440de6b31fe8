"""The index of formats. A new format is one new module with ``render`` and one row here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import cast

from retailctl.errors import UsageError
from retailctl.model.report import Report
from retailctl.report.options import DEFAULT, RenderOptions

Renderer = Callable[[Report, RenderOptions], Iterator[str]]

# Modules, not functions: a run loads only the renderer it needs.
FORMATS: dict[str, str] = {
    "text": "retailctl.report.text",
    "json": "retailctl.report.json_report",
    "sarif": "retailctl.report.sarif",
    "junit": "retailctl.report.junit",
    "github": "retailctl.report.github",
    "gitlab": "retailctl.report.gitlab",
    "markdown": "retailctl.report.markdown",
    "html": "retailctl.report.html",
    "csv": "retailctl.report.csv_report",
}


def renderer(name: str) -> Renderer:
    """The render function of one format; an unknown name is a usage error that lists the known ones."""
    module = FORMATS.get(name)
    if module is None:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMATS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(FORMATS)}"
        raise UsageError(f"unknown format {name!r}", hint=hint)
    return cast(Renderer, import_module(module).render)


def render(report: Report, name: str, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """Chunks of text that make up the report in one format; joined they end with a newline."""
    return renderer(name)(report, options)
