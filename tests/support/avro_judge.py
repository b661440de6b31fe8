"""What fastavro says of a pair of schemas, held against what the engine says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.library import Library, NoTrialError
from retailctl.contracts.avro.model import AvroSchema, Node, branches
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.resolution import Resolution, resolve
from retailctl.contracts.avro.witness import LENIENT, WitnessBench
from retailctl.contracts.compatibility.modes import READINGS
from tests.support.avro import random_datum


def contradictions(
    old_raw: Any, new_raw: Any, random: Random, data: int, counts: Counter[str] | None = None
) -> Iterator[str]:
    """Where the engine and fastavro disagree about two schemas, as texts; what was asked is counted."""
    counts = Counter() if counts is None else counts
    old, new = read_avro(old_raw), read_avro(new_raw)
    if old.problems or new.problems:
        counts["pairs with a problem, left out"] += 1
        return
    changes = compare_avro(old, new)
    for reading in READINGS:
        reader, writer = (new, old) if reading == "backward" else (old, new)
        resolution = resolve(reader, writer)
        told = any(reading in change.broken for change in changes)
        if told == resolution.readable:
            yield f"{reading}: the changes say {told}, the resolution says readable {resolution.readable}"
        if resolution.readable and confused(reader):
            counts["readings that work, where fastavro confuses names in a union, left out"] += 1
        elif resolution.readable:
            counts["readings that work"] += 1
            yield from _refused(reader, writer, random, data, counts, reading)
        else:
            counts["readings that are broken"] += 1
            yield from _unproven(reader, writer, resolution, counts, reading)


def _refused(
    reader: AvroSchema, writer: AvroSchema, random: Random, data: int, counts: Counter[str], reading: str
) -> Iterator[str]:
    library = Library(reader.root, writer.root)
    for _ in range(data):
        datum = random_datum(writer.root, random)
        if datum is None:
            continue
        try:
            refused = library.tried(datum.value)
        except NoTrialError as error:
            yield f"{reading}: no trial, {error}"
            continue
        counts["data read"] += 1
        if refused is not None:
            yield f"{reading}: said to work, but {datum.value!r} is refused: {refused}"


def _unproven(
    reader: AvroSchema, writer: AvroSchema, resolution: Resolution, counts: Counter[str], reading: str
) -> Iterator[str]:
    bench = WitnessBench(reader.root, writer.root)
    for cause in resolution.causes():
        witness = bench.witness(cause)
        if not isinstance(witness, str):
            counts["witnesses refused"] += 1
        elif witness.startswith(LENIENT) and (lenient(cause.reader, cause.writer) or confused(reader)):
            counts["witnesses that fastavro reads, as known"] += 1
        else:
            yield f"{reading}: said to be broken ({cause.kind} at {cause.location}), but {witness}"


def lenient(reader: Node, writer: Node) -> bool:
    """Whether fastavro is known to read this against the specification.

    It finds a named type by its name alone, whatever its kind; the bytes of a fixed then come out as they are.
    """
    return writer.kind == "fixed" and any(
        branch.kind in ("record", "enum") and branch.short == writer.short for branch in branches(reader)
    )


def confused(schema: AvroSchema) -> bool:
    """Whether fastavro may take the wrong branch: it takes the first whose unqualified name or alias is the right one,
    of whatever kind, where the full name would have told them apart."""
    seen: set[Node] = set()
    todo = [schema.root]
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        todo += [*node.children, *(field.type for field in node.fields)]
        if node.kind == "union":
            named = [branch for branch in node.children if branch.name]
            known = [name for branch in named for name in {branch.short, *(_short(name) for name in branch.aliases)}]
            if len(known) != len(set(known)):
                return True
    return False


def _short(name: str) -> str:
    return name.rpartition(".")[2]
