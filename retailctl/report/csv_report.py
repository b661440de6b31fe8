"""CSV (RFC 4180): one row per finding, whatever its verdict, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape
from retailctl.report.grouping import place
from retailctl.report.instances import one_line
from retailctl.report.options import DEFAULT, RenderOptions

COLUMNS = (
    "severity", "verdict", "rule", "name", "subject", "message", "fix", "path", "line", "column",
    "owner", "domain", "stage", "fingerprint", "waiver", "baselined",
)  # fmt: skip
# Only where contracts were compared, so that other reports keep their columns.
CHANGE_COLUMNS = ("operation", "direction", "consumers", "witness")
_CHUNK = 1_000
_WITNESS = 1_000
_CONSUMERS = 100


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """A header and the findings, with CRLF line ends and cells that no spreadsheet runs."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if options.csv_bom:
        buffer.write("\ufeff")
    changed = changes.has_changes(report)
    writer.writerow((*COLUMNS, *CHANGE_COLUMNS) if changed else COLUMNS)
    row = _row_of_change if changed else _row
    for start in range(0, len(report.findings), _CHUNK):
        writer.writerows(map(row, report.findings[start : start + _CHUNK]))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _row(finding: Finding) -> list[str]:
    where = place(finding)
    texts = (
        finding.severity,
        finding.verdict,
        finding.rule,
        finding.name,
        finding.subject,
        finding.message,
        finding.fix,
        where.path,
        str(where.line or ""),
        str(where.column or ""),
        finding.owner or "",
        finding.domain or "",
        finding.stage,
        finding.fingerprint,
        finding.waiver or "",
        "true" if finding.baselined else "false",
    )
    return [escape.csv_cell(text) for text in texts]


def _row_of_change(finding: Finding) -> list[str]:
    change = finding.change
    if change is None:
        return _row(finding) + [""] * len(CHANGE_COLUMNS)
    witness = one_line(change.witness, _WITNESS) if change.witness else ""
    lines = changes.impact_lines(finding, _CONSUMERS)
    consumers = "; ".join(f"{label}: {text}" if label else text for label, text in lines)
    texts = (change.operation, change.direction, consumers, witness)
    return _row(finding) + [escape.csv_cell(text) for text in texts]
