"""A scan as text: one line per source, then what was seen of whom."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.report import Report
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions
from retailctl.report.scan_rows import told


def section(report: Report, options: RenderOptions) -> Iterator[Line]:
    """Nothing for a report that is not of a scan."""
    scan = report.summary.scan
    if scan is None:
        return
    yield Line("Scanned", "heading")
    wide = max((len(one.source) for one in scan.sources), default=0)
    for one in scan.sources:
        row = f"  {one.source:<{wide}}  {one.sightings:>9,} sightings"
        row += f"  {one.declared:>6,} declared  {one.observed:>6,} new"
        files = f"  {count(one.files, 'file')}" if one.files else ""
        yield Line(escape.clip(escape.terminal(row + files), LONGEST))
    for sentence in told(scan):
        yield from wrap(sentence, options.width, "  ", "", foreign=True)
    yield Line()
