"""``parallel plan init``: from two files, or from a contract, to a plan that somebody reads through."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from retailctl.api.options import AuditOptions
from retailctl.api.session import open_session
from retailctl.errors import UsageError
from retailctl.model.parallel_source import Source
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.normalisers.zones import shifts
from retailctl.parallel.plans.matching import Found, found
from retailctl.parallel.plans.names import DERIVED, NET, ROWS
from retailctl.parallel.plans.opening import opened
from retailctl.parallel.plans.proposing import Proposal, ProposedField, plan_text
from retailctl.parallel.plans.sampling import Match
from retailctl.parallel.sources import Relation, open_source
from retailctl.parallel.sources.servers import OPENERS
from retailctl.workspace.atomic import write_atomic

_KINDS: Final = {".tsv": "tsv", ".parquet": "parquet", ".parq": "parquet", ".pq": "parquet", ".jsonl": "jsonl",
                 ".ndjson": "jsonl", ".json": "jsonl", ".duckdb": "duckdb", ".ddb": "duckdb", ".sqlite": "sqlite",
                 ".sqlite3": "sqlite", ".db": "sqlite", ".xlsx": "xlsx"}  # fmt: skip
_MOST_ROWS: Final = 100_000


def plan_init(
    given: Sequence[str],
    root: Path | None,
    options: AuditOptions,
    *,
    entity: str = "",
    zones: Sequence[str] = (),
    offline: bool = False,
) -> str:
    """The text of a plan for two sources, legacy and new, or for the schema of one contract.

    Raises UsageError for a name that is neither.
    """
    if len(given) == 1:
        from retailctl.api.parallel.from_contract import proposed_from_contract

        return plan_text(proposed_from_contract(given[0], root, options, entity))
    session = open_session(root, options)
    if len(given) != 2:
        hint = "name both: --from legacy.csv --from new.parquet, or one contract"
        raise UsageError("a plan has two sides", hint=hint)
    for zone in zones:
        if shifts(zone) is None:
            raise UsageError(f"there is no zone {zone[:60]}", hint="write a name such as Europe/Berlin")
    # One thread: with several, which rows come first is chance, and with them what is proposed.
    with tempfile.TemporaryDirectory(prefix="retailctl-") as scratch, DuckEngine(Path(scratch), threads=1) as engine:
        legacy, new = (_opened(engine, session.root, name, offline=offline) for name in given)
        seen = found(engine, legacy, new, zones)
    if not seen.matches:
        raise UsageError(
            f"{legacy.label} and {new.label} have no column in common, by name or by content",
            hint="write the plan by hand: retailctl schema parallel shows its keys",
        )
    proposal = Proposal(
        entity or _entity(given[1]),
        f"{legacy.label} and {new.label}",
        {side: _source(session.root, name, relation)
         for side, name, relation in zip(("legacy", "new"), given, (legacy, new), strict=True)},
        tuple(_fields(seen)),
        seen.key,
        tuple(_notes(seen)),
    )  # fmt: skip
    return plan_text(proposal)


def save(text: str, target: Path) -> None:
    """Write a plan where there is none. Raises UsageError where there is one: it may have been corrected by hand."""
    if target.exists():
        raise UsageError(f"{target.as_posix()} exists already", hint="name another file; init never overwrites one")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, text)


def _entity(name: str) -> str:
    stem = Path(name.partition("::")[2] or name).name.partition(".")[0]
    return "".join(sign if sign.isalnum() else "_" for sign in stem).strip("_") or "row"


def _server(name: str) -> Source | None:
    """``postgres:VARIABLE::TABLE``: a table of the server whose address the variable holds."""
    kind, _, rest = name.partition(":")
    variable, mark, table = rest.partition("::")
    if kind not in OPENERS or not mark or not table:
        return None
    return Source(postgres=variable if kind == "postgres" else None, adbc=variable if kind == "adbc" else None,
                  table=table)  # fmt: skip


def _opened(engine: DuckEngine, root: Path, name: str, *, offline: bool) -> Relation:
    server = _server(name)
    return open_source(engine, name) if server is None else opened(engine, root, server, _MOST_ROWS, offline=offline)


def _source(root: Path, name: str, relation: Relation) -> dict[str, Any]:
    server = _server(name)
    if server is not None:
        return {server.kind: server.where, "table": server.table}
    path, _, table = name.partition("::")
    endings = [suffix for suffix in Path(path).suffixes if suffix != ".gz"] or [""]
    ending = relation.files[0].suffix if Path(path).is_dir() and relation.files else endings[-1]
    kind = _KINDS.get(ending.lower(), "csv")
    try:
        shown = (Path.cwd() / path).resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        shown = Path(path).as_posix()  # outside of the workspace: `plan check` says so
    said = {kind: shown}
    if table or kind in {"duckdb", "sqlite"}:
        said["sheet" if kind == "xlsx" else "table"] = table or relation.label.partition("::")[2]
    return said


def _fields(seen: Found) -> Iterator[ProposedField]:
    for match in seen.matches:
        name = match.new if match.new not in {*DERIVED, NET, ROWS} else f"{match.new}_"
        yield ProposedField(
            name, match.type, match.legacy, match.new, match.legacy_steps, match.new_steps, _reason(match, seen)
        )


def _reason(match: Match, seen: Found) -> str:
    if match.new in seen.key:
        return ""
    if match.equal is None:
        return f"the values of both samples are alike by {_percent(max(match.likeness, 0))}"
    if match.equal == 1:
        return f"equal in all {seen.paired:,} rows with equal keys"
    return f"equal in {_percent(match.equal)} of {seen.paired:,} rows with equal keys"


def _percent(share: float) -> str:
    return f"{share * 100:.4g} %"


def _notes(seen: Found) -> Iterator[str]:
    yield f"Looked at: the first {seen.sampled:,} rows of each side."
    for side, names in seen.alone.items():
        if names:
            yield f"Only the {side} side has: {', '.join(names)}."
    if seen.untried:
        yield "Columns were matched by name only: there are too many others to try each with each."
    if not seen.key:
        yield "No columns were found that identify a row on both sides."
