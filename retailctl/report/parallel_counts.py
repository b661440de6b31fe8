"""The totals of a comparison in words and in reading order, for the formats that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from retailctl.model.finding import Finding
from retailctl.model.parallel_run import Masked, ParallelSummary
from retailctl.model.report import Report
from retailctl.report.grouping import count

_NAMES: Final = {
    "EQUAL": "equal",
    "FIELD": "changed",
    "MISSING_IN_NEW": "missing in new",
    "EXTRA_IN_NEW": "extra in new",
    "PENDING": "pending",
    "BOUNDARY": "on another day",
    "KEY_REMAP": "under another key",
    "SPLIT_MERGE": "split or merged",
    "LATE_ARRIVED": "came late",
    "LATE_EXPIRED": "never came",
    "LATE_UNKNOWN": "late, not looked up",
    "REJECTED": "not readable",
    "KEY_INVALID": "without a key",
}
_ALWAYS: Final = frozenset({"EQUAL", "FIELD", "MISSING_IN_NEW", "EXTRA_IN_NEW"})
_SHOWN: Final = 50
_BAD: Final = frozenset({"LATE_EXPIRED", "FIELD", "MISSING_IN_NEW", "EXTRA_IN_NEW", "REJECTED", "KEY_INVALID"})


class Count(NamedTuple):
    """One total: what is counted, how many, whether any is too many, and how they divide."""

    words: str
    number: int
    bad: bool = False
    parts: str = ""


def sides(told: ParallelSummary) -> Iterator[Count]:
    """How many rows each side has."""
    for side in ("legacy", "new"):
        yield Count(side, told.rows.get(side, 0))


def rows(told: ParallelSummary) -> Iterator[Count]:
    """Rows by class; of what nothing was found, only the classes that everybody asks for."""
    for name, words in _NAMES.items():
        number = told.classes.get(name, 0)
        if number or name in _ALWAYS:
            yield Count(words, number, bool(number) and name in _BAD)
    for side, kinds in told.duplicates.items():
        if any(kinds.values()):
            parts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items() if number)
            yield Count(f"duplicates in {side}", sum(kinds.values()), True, parts)


def fields(told: ParallelSummary) -> Iterator[Count]:
    """Fields of changed rows, those that differ most first. The words are the name of the field."""
    for name, classes in sorted(told.fields.items(), key=lambda pair: (-sum(pair[1].values()), pair[0])):
        parts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(classes.items(), key=lambda one: -one[1]))
        yield Count(name, sum(classes.values()), True, parts)


def sampled(report: Report) -> tuple[list[tuple[Finding, tuple[Masked, ...]]], str]:
    """The first findings that have rows to show, with these, and a note on how many more there are."""
    samples = report.summary.parallel.samples if report.summary.parallel else {}
    having = [(finding, samples[finding.fingerprint]) for finding in report.findings if finding.fingerprint in samples]
    more = len(having) - _SHOWN
    return having[:_SHOWN], f"… rows of {count(more, 'more finding')}: use -f json" if more > 0 else ""


def key_of(row: Masked) -> str:
    """``order_id SO1, line_no 2``."""
    return ", ".join(f"{name} {value}" for name, value in row.key)


def values_of(row: Masked) -> str:
    """``price: 1.00 -> 1.01; qty: 1 -> 2``."""
    return "; ".join(f"{name}: {old} -> {new}" for name, old, new in row.values)
