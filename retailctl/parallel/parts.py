"""The differing rows of a run, as Parquet parts of some partitions each: each part is made once, and then kept.

Pass 1 is one step: it tells the differing buckets. Pass 2 reads the rows of these keys once, and classifies them part
by part. A key belongs to one partition, that of its legacy row where it has one: a row whose time is shifted over
midnight is compared with its counterpart of another day. What is kept has pseudonyms in place of personal values; all
that comes after reads the table ``found`` that is made of the parts, whether the run was stopped in between or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.columns import LETTER, SIDES, Type
from retailctl.parallel.comparison import classify
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.engines.remembered import Remembered
from retailctl.parallel.fields import Field
from retailctl.parallel.judgement.lateness import Horizon, elsewhere, settled
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import CODE, DERIVED, GROUP
from retailctl.parallel.run_folder import RunFolder
from retailctl.parallel.samples import Masking
from retailctl.parallel.sql.bucket import FAMILIES, Families, Step, joined, narrowing, pass_one

FOUND: Final = "found"
_PARQUET: Final = "format parquet, compression zstd"
_LEAST, _MOST_PARTS = 1000, 32
_GROUP_BITS: Final = 4
_SOME: Final[Families] = ("l3", "n3")


class Chunk(NamedTuple):
    """Partitions that are done together, in their order, and how many keys of them differ."""

    partitions: tuple[str, ...]
    families: int


def hidden_fields(plan: TablePlan) -> frozenset[str]:
    """Fields of which a text that stands for the value is kept.

    What the plan sums, and the time of an event, is needed as it is; the totals of a report show no more of it. Of a
    currency that is not marked, the codes are kept, and whatever else it says is hidden.
    """
    needed: set[str | None] = {field.name for field in plan.fields if field.pii == "none"}
    if plan.amount is not None:
        needed |= {plan.amount.field, plan.amount.times}
    if plan.event_time is not None:
        needed.add(plan.event_time.field)
    return frozenset(field.name for field in plan.fields if field.name not in needed)


def keep_parts(
    engine: Remembered, local: DuckEngine, names: Names, fields: Sequence[Field], folder: RunFolder, masking: Masking,
    late: Horizon, *, bits: int, windowed: bool, hidden: frozenset[str],
) -> None:  # fmt: skip
    """Make the parts that are not there, and the table ``found`` of all of them in ``local``.

    Raises IncompleteError where the engine fails, or the disk is full; what is done by then is kept.
    """
    _buckets(engine, names, folder, bits)
    for step in narrowing(names.shape, engine.dialect, bits):
        engine.make(step)
        if step.table == "n2":
            engine.drop("l1", "n1")
    for step in elsewhere(names) if windowed else ():
        engine.make(step)
    engine.drop("bk", "dk")
    whole = engine.engine is not local  # another engine works on its own disks, and only its result is kept here
    kept = list(_kept(names, masking, hidden))
    told = f"select {', '.join(expression for _, _, expression in kept)} from "
    for number, chunk in enumerate([Chunk((), 0)] if whole else _chunks(engine, names, masking)):
        if number in folder.parts and folder.parts[number].partitions == chunk.partitions:
            continue
        engine.now()
        families = FAMILIES if whole else _families(engine.engine, names, chunk)
        classify(engine.engine, names.shape, fields, families)
        table = settled(engine.engine, names, "classed", late, windowed=windowed)
        types = [(name, type) for name, type, _ in kept]
        _hand_over(engine.engine, local, told + table, types, folder.part_file(number))
        engine.engine.drop(table)
        folder.part_done(number, chunk.partitions, chunk.families)
    engine.drop("homes", *FAMILIES, "l_else", "n_else")
    files = ", ".join(local.dialect.literal(str(folder.part_file(number))) for number in sorted(folder.parts))
    local.make(Step(FOUND, f"select * from read_parquet([{files}])"))


def _buckets(engine: Remembered, names: Names, folder: RunFolder, bits: int) -> None:
    """The differing buckets, from the run folder where they are known."""
    step, kept = pass_one(names.shape, engine.dialect, bits), engine.engine

    def make() -> None:
        if not isinstance(kept, DuckEngine):
            kept.make(step)
        elif folder.buckets:
            kept.make(Step(step.table, f"select b from read_parquet({kept.dialect.literal(str(folder.bucket_file))})"))
        else:
            kept.make(step)
            kept.write(f"select b from {step.table} order by b", folder.bucket_file, _PARQUET)
            folder.buckets_done()

    engine.later(step.query, make)


def _chunks(engine: Remembered, names: Names, masking: Masking) -> Iterator[Chunk]:
    """The partitions in their order, as many together as make a part worth its file."""
    engine.make(Step("homes", _homes(names, masking)))
    counts = sorted((str(name), int(count)) for name, count in engine.rows("select p, count(*) from homes group by p"))
    least = max(_LEAST, sum(count for _, count in counts) // _MOST_PARTS)
    gathered: list[str] = []
    families = 0
    for name, count in counts:
        gathered.append(name)
        families += count
        if families >= least:
            yield Chunk(tuple(gathered), families)
            gathered, families = [], 0
    if gathered or not counts:
        yield Chunk(tuple(gathered), families)


def _homes(names: Names, masking: Masking) -> str:
    """The partition of each key hash that differs."""
    hashed = names.dialect.hash64(names.shape.key_names)
    partition = _partition(names, masking)
    legs = " union all ".join(
        f"select {hashed} as kh, '{number}' || {partition} as leg from {table}" for number, table in enumerate(FAMILIES)
    )
    return f"select kh, substr(min(leg), 2) as p from ({legs}) as legs group by kh"


def _partition(names: Names, masking: Masking) -> str:
    """The partition of a row as people read it: ``business_day=2026-11-20, store_group=3``."""
    plan = names.plan
    chosen = tuple(plan.partition_by) or (("business_day",) if plan.event_time is not None else ())
    told = [f"{names.dialect.literal(f'{name}=')} || {_place(names, masking, name)}" for name in chosen]
    return " || ', ' || ".join(told) or "''"


def _place(names: Names, masking: Masking, name: str) -> str:
    text = names.dialect.type_name(Type())
    if name in DERIVED:
        return f"coalesce(cast({names.dimension(name)} as {text}), '-')"
    column = next((one for one in names.shape.columns if one.name == name), None)
    if column is None:
        bucket = names.dialect.bucket((names.column(name.removesuffix(GROUP)),), _GROUP_BITS)
        return f"cast({bucket} as {text})"
    return masking.of(names.dialect, column, names.column(name))


def _families(engine: Engine, names: Names, chunk: Chunk) -> Families:
    """Every row of the keys of some partitions."""
    rows, hashed = joined(names.shape.names), names.dialect.hash64(names.shape.key_names)
    chosen = ", ".join(map(names.dialect.literal, chunk.partitions)) or "null"
    for source, target in zip(FAMILIES, _SOME, strict=True):
        keys = f"select kh from homes where p in ({chosen})"
        engine.make(Step(target, f"select {rows} from {source} where {hashed} in ({keys})"))
    return _SOME


def _kept(names: Names, masking: Masking, hidden: frozenset[str]) -> Iterator[tuple[str, Type, str]]:
    """The columns of a part: name, type, and the expression over the table of classes."""
    yield from ((name, Type(), name) for name in ("class", "side", "variety"))
    for side in SIDES:
        for column, name in zip(names.shape.columns, names.shape.names, strict=True):
            value = f"{LETTER[side]}_{name}"
            if column.name in hidden:
                shown = masking.stands_for(names.dialect, column, value)
                if column.name == names.currency_field:
                    shown = f"case when {names.dialect.matches(value, CODE)} then {value} else {shown} end"
                yield value, Type(), f"{shown} as {value}"
            else:
                yield value, column.type, value
    yield from ((f"f{number}", Type(), f"f{number}") for number in range(len(names.shape.values)))


def _hand_over(engine: Engine, local: DuckEngine, query: str, types: Sequence[tuple[str, Type]], target: Path) -> None:
    """The rows of a query as a part: always in the same order, so that the same rows are the same bytes."""
    source = query if engine is local else _fetched(engine, local, query, types)
    local.write(f"select * from ({source}) as told order by all", target, _PARQUET)


def _fetched(engine: Engine, local: DuckEngine, query: str, types: Sequence[tuple[str, Type]]) -> str:
    """The rows of another engine, as a query of the local one: by way of a file of texts."""
    file = local.scratch_file(".jsonl")
    with file.open("w", encoding="utf-8") as stream:
        for row in engine.each(query):
            named = zip(types, row, strict=True)
            stream.write(json.dumps({name: _text(value) for (name, _), value in named}) + "\n")
    quoted = local.dialect.literal
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name, _ in types)
    cast = ", ".join(f"cast({name} as {local.dialect.type_name(type)}) as {name}" for name, type in types)
    return f"select {cast} from read_json({quoted(str(file))}, format = 'nd', columns = {{{columns}}})"


def _text(value: Any) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
