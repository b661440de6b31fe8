"""The page: head with its content policy, then the sections in reading order."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib import resources

from retailctl.model.report import Report
from retailctl.report import escape
from retailctl.report.changes import has_changes
from retailctl.report.html import changes, findings, overview, parallel, plan_states, replay, scan, sheet
from retailctl.report.html.markup import Markup, el, join
from retailctl.report.options import DEFAULT, RenderOptions


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """The report as one HTML file; the same report gives the same bytes."""
    script = _asset("report.js")
    yield _head(report, script)
    yield overview.masthead(report)
    yield parallel.verdict(report)
    yield changes.verdict(report)
    yield replay.section(report)
    yield scan.section(report)
    yield parallel.section(report)
    yield overview.priorities(report)
    if report.picture:
        yield sheet.section(report.picture)
    yield from findings.section(report, options)
    if report.summary.parallel is None:  # what a run finds is nobody's yet
        yield overview.owners(report)
    yield plan_states.section(report)
    yield overview.coverage(report)
    yield overview.footer(report)
    if report.picture:
        data = Markup(escape.json_in_html(sheet.data(report.picture)))
        yield el("script", data, type="application/json", id="map-data")
    yield f"\n<script>{script}</script>\n</body>\n</html>\n"


def _head(report: Report, script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    # The policy must be written unescaped: some scanners look for the literal text.
    parts = join(
        Markup('<meta charset="utf-8">\n'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Markup('<meta name="color-scheme" content="light dark">\n'),
        Markup('<meta name="referrer" content="no-referrer">\n'),
        el("title", f"{report.workspace or 'Documents'}: {report.summary.verdict} · retailctl {report.command}"),
        Markup(f"\n<style>{_styles(report)}</style>"),
    )
    return f'<!doctype html>\n<html lang="en">\n<head>\n{parts}\n</head>\n<body>\n{_asset("marks.svg")}'


def _styles(report: Report) -> str:
    """The sheet of every page, and those of what this one shows."""
    names = ["report.css"]
    names += ["changes.css"] if has_changes(report) else []
    names += ["parallel.css"] if report.summary.parallel else []
    return "".join(map(_asset, names))


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")
