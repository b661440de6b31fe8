"""A comparison without a plan: columns matched by name, types unified, rows as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.columns import LETTER, SIDES, Column, Shape, Side, Type, unified
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.fields import Field, Mode
from retailctl.parallel.sources.relation import RawColumn, Relation

_MOST_COLUMNS = 1_000  # an engine needs quadratic time to plan more


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers, or two times in seconds, may be apart; a share of the larger one for ``rel``."""

    mode: Mode
    most: Decimal


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks of a comparison. ``renamed`` gives the new side's name for a column of the legacy side."""

    key: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """What is compared with what; ``alone`` are the columns that only one side has."""

    shape: Shape
    fields: tuple[Field, ...]
    raw: Mapping[Side, tuple[RawColumn, ...]]
    alone: Mapping[Side, tuple[str, ...]]


def match(legacy: Relation, new: Relation, wish: Wish) -> Matched:
    """Pair the columns of two relations. Raises UsageError for a name that is not there."""
    sides: dict[Side, dict[str, RawColumn]] = {
        "legacy": _by_name(legacy, wish.renamed),
        "new": {column.name: column for column in new.columns},
    }
    _folded(sides)
    common = [name for name in sides["new"] if name in sides["legacy"]]
    for name in wish.key:
        for side, relation in zip(SIDES, (legacy, new), strict=True):
            if name not in sides[side]:
                raise _no_column(name, sides[side], relation)
    for name in (*wish.only, *wish.ignored, *wish.tolerances, *wish.types, *wish.text):
        if name not in common:
            raise _no_column(name, dict.fromkeys(common), new)
    values = [name for name in common if name not in wish.key and name not in wish.ignored]
    if wish.only:
        values = [name for name in values if name in wish.only]
    if len(values) > _MOST_COLUMNS:
        raise UsageError(
            f"both sides have {len(values):,} columns in common; at most {_MOST_COLUMNS:,} are compared in one run",
            hint="name the columns that matter with --only, the others in further runs",
        )
    types = {name: _type(name, sides, wish) for name in (*wish.key, *values)}
    shape = Shape(
        tuple(Column(name, types[name]) for name in wish.key), tuple(Column(name, types[name]) for name in values)
    )
    return Matched(
        shape,
        tuple(_field(column, wish) for column in shape.values),
        {side: tuple(sides[side][column.name] for column in shape.columns) for side in SIDES},
        {"legacy": tuple(name for name in sides["legacy"] if name not in sides["new"]),
         "new": tuple(name for name in sides["new"] if name not in sides["legacy"])},
    )  # fmt: skip


def _by_name(relation: Relation, renamed: Mapping[str, str]) -> dict[str, RawColumn]:
    names = {column.name for column in relation.columns}
    strange = next((old for old in renamed if old not in names), None)
    if strange is not None:
        raise _no_column(strange, dict.fromkeys(names), relation)
    return {renamed.get(column.name, column.name): column for column in relation.columns}


def _folded(sides: dict[Side, dict[str, RawColumn]]) -> None:
    """Columns whose names differ in upper and lower case only are the same column."""
    known = {name.casefold(): name for name in sides["new"]}
    for name in [name for name in sides["legacy"] if name not in sides["new"]]:
        other = known.get(name.casefold())
        if other is not None and other not in sides["legacy"]:
            sides["legacy"][other] = sides["legacy"].pop(name)


def _no_column(name: str, names: Mapping[str, object], relation: Relation) -> UsageError:
    close = get_close_matches(name, names, 1)
    hint = f"did you mean {close[0]}?" if close else f"its columns: {', '.join(list(names)[:30])}"
    return UsageError(f"{relation.label} has no column {name!r}", hint=hint)


def _type(name: str, sides: Mapping[Side, Mapping[str, RawColumn]], wish: Wish) -> Type:
    if name in wish.text:
        return Type()
    if name in wish.types:
        return wish.types[name]
    legacy, new = sides["legacy"][name], sides["new"][name]
    if legacy.text and new.text and "text" in {legacy.type.kind, new.type.kind}:
        return Type()  # two files of text: what one of them shows as text is text
    return unified(legacy.type, new.type)


def _field(column: Column, wish: Wish) -> Field:
    tolerance = wish.tolerances.get(column.name)
    if tolerance is None:
        return Field(column)
    return Field(column, tolerance.mode, tolerance.most)


@dataclass(frozen=True, slots=True)
class Read:
    """How many rows a side has, and how many were rejected, by the column that could not be read and the reason.

    Without a plan there is one reason only: the value is not of the type of its column ("").
    """

    rows: int
    rejected: Mapping[tuple[str, str], int]


def make_views(engine: DuckEngine, legacy: Relation, new: Relation, matched: Matched) -> dict[Side, Read]:
    """The views ``l`` and ``n``, and what was read.

    What may be rejected, or is text, is copied into the scratch folder once, in the canonical form.
    """
    return {side: _made(engine, side, relation, matched) for side, relation in zip(SIDES, (legacy, new), strict=True)}


def _made(engine: DuckEngine, side: Side, relation: Relation, matched: Matched) -> Read:
    selected, reasons = _canonical(engine, side, matched)
    if reasons == "null" and not relation.streamed:
        engine.view(LETTER[side], f"select {', '.join(selected)} from {relation.query}")
        return Read(_count(engine, relation.query), {})
    try:
        copy = engine.copied(f"select {', '.join([*selected, f'{reasons} as rejected'])} from {relation.query}")
    except IncompleteError as error:
        raise IncompleteError(f"{relation.label}: {error.message}", hint=error.hint) from None
    names = ", ".join(matched.shape.names)
    engine.view(LETTER[side], f"select {names} from {copy} where rejected is null")
    counts = engine.rows(f"select rejected, count(*) from {copy} where rejected is not null group by 1 order by 1")
    columns = matched.shape.columns
    return Read(_count(engine, copy), {(columns[int(number)].name, ""): count for number, count in counts})


def _count(engine: DuckEngine, source: str) -> int:
    return int(engine.rows(f"select count(*) from {source}")[0][0])


def _canonical(engine: DuckEngine, side: Side, matched: Matched) -> tuple[list[str], str]:
    """The select list of a side, and an expression for the number of the first column that cannot be read."""
    other = matched.raw["new" if side == "legacy" else "legacy"]
    selected: list[str] = []
    faults: list[str] = []
    for number, (name, column, raw) in enumerate(
        zip(matched.shape.names, matched.shape.columns, matched.raw[side], strict=True)
    ):
        source = engine.dialect.identifier(raw.name)
        value, fault = _value(engine, source, raw, column.type, alike=raw.native == other[number].native)
        selected.append(f"{value} as {name}")
        if fault:
            faults.append(f"when {fault} then {number}")
    return selected, f"case {' '.join(faults)} end" if faults else "null"


def _value(engine: DuckEngine, source: str, raw: RawColumn, type: Type, *, alike: bool) -> tuple[str, str]:
    """A value in its canonical type, and when it cannot be that ("": always can)."""
    dialect = engine.dialect
    if type.kind == "text":
        return (source if raw.native == "VARCHAR" else dialect.as_text(source, raw.native)), ""
    if raw.text or raw.native == "VARCHAR":
        given = f"nullif(trim({source}), '')"
        value = dialect.parsed(given, type, raw.form)
        return value, f"({given} is not null and ({value} is null or {dialect.loses(given, type)}))"
    if raw.type.kind == "timestamp" and type.kind == "timestamp":
        return dialect.utc(source, raw.native), ""
    if raw.type == type and alike:
        return source, ""
    value = dialect.converted(source, raw.type, type)
    sure = (raw.type.kind == type.kind and (raw.type.scale <= type.scale)) or type.kind == "float"
    return value, "" if sure else f"({source} is not null and {value} is null)"
