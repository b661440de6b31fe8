"""Which engine compares the two sides of a plan, and both sides opened in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from retailctl.connect.postgres import SAID
from retailctl.errors import IncompleteError, UsageError
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_source import Source
from retailctl.parallel.canonical import source_names
from retailctl.parallel.columns import Side
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.engines.postgres import PostgresEngine
from retailctl.parallel.plans.opening import check_offline, dialect_of, files_inside, opened
from retailctl.parallel.sources import Relation
from retailctl.parallel.sources.postgres import postgres_query, postgres_table
from retailctl.parallel.sources.servers import address_of, label_of, named
from retailctl.parallel.sources.stores import is_address

ENGINES: Final = ("duckdb", "postgres", "spark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a plan is compared: an engine, for Spark its master, and the memory of this process ("" = its default).

    ``offline`` forbids every source and master that only a network reaches.
    """

    engine: str = "duckdb"
    master: str = ""
    memory: str = ""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """The engine, and something to select from in it for each side."""

    engine: Engine
    relations: Mapping[Side, Relation]


@contextmanager
def placed(plan: TablePlan, root: Path, local: DuckEngine, scratch: Path, place: Place) -> Iterator[Placed]:
    """Both sides of a plan in the engine that compares them; ``local`` is that engine where it is DuckDB.

    Raises UsageError where the engine cannot reach a side, IncompleteError where it does not answer or a source cannot
    be read, in the beginning or later.
    """
    sources: dict[Side, Source] = {"legacy": plan.sources.legacy, "new": plan.sources.new}
    if place.engine not in ENGINES:
        raise UsageError(f"there is no engine {place.engine!r}", hint=f"one of {', '.join(ENGINES)}")
    if place.master and place.engine != "spark":
        raise UsageError("--master is that of Spark", hint="add --engine spark")
    for source in sources.values() if place.offline else ():
        check_offline(source)
    if place.offline and place.master and not place.master.startswith("local"):
        raise UsageError("the master of a cluster needs the network", hint="leave out --offline")
    if place.engine == "postgres":
        with _in_postgres(sources) as made:
            yield made
    elif place.engine == "spark":
        with _in_spark(sources, root, scratch, place) as made:
            yield made
    else:
        relations = {
            side: opened(local, root, source, columns=source_names(plan, side)) for side, source in sources.items()
        }
        made = Placed(local, relations)
        with _watched(made.relations):
            yield made


@contextmanager
def _in_postgres(sources: Mapping[Side, Source]) -> Iterator[Placed]:
    for side, source in sources.items():
        if source.kind != "postgres":
            message = f"--engine postgres compares inside one server, and {side} is {source.kind} {source.where}"
            raise UsageError(message, hint="leave --engine out: tables of servers are brought here and compared")
    addresses = {side: address_of(source.where) for side, source in sources.items()}
    if addresses["legacy"] != addresses["new"]:
        names = " and ".join(source.where for source in sources.values())
        hint = "leave --engine out: both tables are brought here and compared"
        raise UsageError(f"--engine postgres compares inside one server, and {names} are two addresses", hint=hint)
    with named(sources["legacy"]):
        engine = PostgresEngine(addresses["legacy"], password=True)
    with engine:
        relations: dict[Side, Relation] = {}
        for side, source in sources.items():
            with named(source):
                relations[side] = (
                    postgres_table(engine, source.table, label_of(source))
                    if source.table is not None
                    else postgres_query(engine, label_of(source), source.query or "")
                )
        try:
            yield Placed(engine, relations)
        except IncompleteError as error:
            if not error.message.startswith(SAID):
                raise
            message = f"the server of {sources['legacy'].where}: {error.message}"
            raise IncompleteError(message, hint=error.hint) from None


@contextmanager
def _in_spark(sources: Mapping[Side, Source], root: Path, scratch: Path, place: Place) -> Iterator[Placed]:
    from retailctl.parallel.engines.spark import LOCAL, SparkEngine
    from retailctl.parallel.sources.spark import READ, Files, spark_files

    for side, source in sources.items():
        if source.kind not in READ:
            message = f"--engine spark reads {', '.join(READ)}, and {side} is {source.kind} {source.where}"
            raise UsageError(message, hint="leave --engine out, or export it as Parquet")
    files = {side: () if is_address(one.where) else files_inside(root, one) for side, one in sources.items()}
    with SparkEngine(scratch / "spark", master=place.master or LOCAL, memory=place.memory) as engine:
        made = {
            side: spark_files(
                engine,
                f"source_{side}",
                source.kind,
                Files(source.where, files[side], None if files[side] else source.where),
                dialect_of(source),
            )
            for side, source in sources.items()
        }
        with _watched(made):
            yield Placed(engine, made)


@contextmanager
def _watched(relations: Mapping[Side, Relation]) -> Iterator[None]:
    """A file that has gone since it was opened is what a failure is about, whatever the engine says of it."""
    try:
        yield
    except IncompleteError:
        for side, relation in relations.items():
            gone = next((file.name for file in relation.files if not file.exists()), "")
            if gone:
                message = f"{gone} of the {side} side has gone while it was compared"
                raise IncompleteError(message, hint="put it back, then run it again; nothing was recorded") from None
        raise
