"""``parallel compare``: two sources, one key, everything that differs."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from retailctl import __version__
from retailctl.api.parallel import words
from retailctl.api.parallel.findings import Found, findings_of, rule_counts, summary_of
from retailctl.api.parallel.options import CompareOptions
from retailctl.api.parallel.scratch import scratch_folder
from retailctl.api.verdicts import exit_code, summarise
from retailctl.errors import IncompleteError, WorkspaceNotFound
from retailctl.model.finding import Finding
from retailctl.model.parallel_run import ParallelSummary
from retailctl.model.report import Report
from retailctl.parallel.columns import Shape
from retailctl.parallel.comparison import bits_for, compare, row_classes
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.mismatches import GATE, rule_rows
from retailctl.parallel.quick import Wish, make_views, match
from retailctl.parallel.samples import Masking, rows_form, write_rows
from retailctl.parallel.sources import CsvDialect, open_source
from retailctl.policy.order import settle
from retailctl.workspace.cache import Cache, digest, open_cache
from retailctl.workspace.discovery import find_root
from retailctl.workspace.pseudonyms import pseudonyms

_ALL: Final = "all"
_KIND: Final = "compare"


def parallel_compare(legacy: str, new: str, options: CompareOptions) -> Report:
    """Compare two files or tables. The report's exit code is 1 where anything differs.

    Raises UsageError for a name that is not there, IncompleteError for a source or engine that fails.
    """
    wish = _wish(options)
    if options.rows_file is not None:
        rows_form(options.rows_file)
    with (
        scratch_folder(options.scratch) as folder,
        DuckEngine(folder, memory=options.memory, threads=options.threads) as engine,
    ):
        dialect = CsvDialect(delimiter=options.delimiter, encoding=options.encoding)
        sides = [open_source(engine, name, dialect) for name in (legacy, new)]
        matched = match(sides[0], sides[1], wish)
        read = make_views(engine, sides[0], sides[1], matched)
        memory = _Memory.of(legacy, new, options)
        expected = bits_for(max(side.rows for side in read.values()), memory.differing)
        bits = options.bits or min(expected, engine.most_bits)
        try:
            table = compare(engine, matched.shape, matched.fields, bits=bits)
        except IncompleteError as error:
            raise IncompleteError(f"{sides[0].label} and {sides[1].label}: {error.message}", hint=error.hint) from None
        masking = _masking(options, matched.shape)
        counted = row_classes(engine, table)
        memory.keep(counted.differing)
        found = Found(engine, table, matched.shape, counted, read, masking, options.samples)
        listed = list(findings_of(found))
        told = summary_of(found, (sides[0].label, sides[1].label), matched.alone, listed)
        if options.rows_file is not None:
            write_rows(engine, table, matched.shape, options.rows_file, masking)
    return _report(told, [finding for finding, _ in listed], options.as_of)


@dataclass(frozen=True, slots=True)
class _Memory:
    """How many rows differed when the same two names were compared by the same key the last time: only a number."""

    cache: Cache
    key: str
    differing: int | None

    @classmethod
    def of(cls, legacy: str, new: str, options: CompareOptions) -> _Memory:
        """What is known of two names."""
        cache = open_cache(None, os.environ, enabled=options.use_cache)
        said = [str(Path(name).absolute()) for name in (legacy, new)]
        key = digest(*said, *options.key, *(f"{old}={name}" for old, name in sorted(options.renamed.items())))
        known = cache.get(_KIND, key)
        return cls(cache, key, int(known) if known is not None and known.isdigit() else None)

    def keep(self, differing: int) -> None:
        """Remember for the next time."""
        if differing != self.differing:
            self.cache.put(_KIND, self.key, str(differing).encode())


def _wish(options: CompareOptions) -> Wish:
    return Wish(
        key=options.key,
        renamed=options.renamed,
        only=options.only,
        ignored=options.ignored,
        tolerances={name: words.tolerance(name, text) for name, text in options.tolerances.items()},
        types={name: words.type_of(name, text) for name, text in options.types.items()},
        text=options.text,
    )


def _masking(options: CompareOptions, shape: Shape) -> Masking:
    """Values in clear for the columns that were named, keyed pseudonyms for all others."""
    names = {column.name for column in shape.columns}
    clear = names if _ALL in options.shown else set(options.shown)
    words.known(clear, names)
    try:
        root = find_root(options.root or Path.cwd())
    except WorkspaceNotFound:
        root = None
    return Masking(frozenset(clear), pseudonyms(root).key)


def _report(told: ParallelSummary, findings: list[Finding], as_of: date | None) -> Report:
    ordered = settle(findings)
    code = exit_code(ordered, "error", fail_on_unknown=False, incomplete=False, broken_rules=False)
    rules = tuple(rule for rule in rule_rows() if rule.id != GATE.id)  # without a plan there are no gates
    summary = summarise(
        ordered,
        rule_counts(rules, ordered),
        code=code,
        fail_on="error",
        files=2,
        skipped_files=0,
        skipped_rules=(),
        entities={},
    )
    alone = told.not_compared.items()
    notices = [f"only the {side} side has {', '.join(names)}: not compared" for side, names in alone]
    return Report(
        command="parallel compare",
        tool_version=__version__,
        as_of=(as_of or date.today()).isoformat(),  # noqa: DTZ011 - the user's day, as everywhere
        workspace=f"{told.legacy} and {told.new}",
        summary=replace(summary, parallel=told),
        findings=ordered,
        rules=rules,
        notices=tuple(notices),
    )
