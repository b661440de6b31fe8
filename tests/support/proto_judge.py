"""The protobuf library as the judge of what we say of two schemas."""

from __future__ import annotations

from random import Random
from typing import Final

from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.modes import READINGS, Reading
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.data import difference
from retailctl.contracts.protobuf.descriptors import Classes
from retailctl.contracts.protobuf.model import Message
from retailctl.contracts.protobuf.reading import ProtoTree, read_proto
from retailctl.model.compatibility import Category
from tests.support.proto_schemas import datum, edited, schema

# What breaks without a datum of the two versions: the text of the witness says why.
NO_DATUM: Final = frozenset(
    {"proto-reserved-message-no-delete", "proto-reserved-enum-no-delete", "proto-message-no-delete"}
)


def read(text: str) -> ProtoTree:
    return read_proto(lambda _: text, "shop.proto")


def pair(seed: int) -> tuple[str, str]:
    """Two schemas, the second an edit of the first."""
    random = Random(seed)
    old = schema(random)
    return old.text(), edited(old, random).text()


def contradictions(seed: int, category: Category = "WIRE", data: int = 4) -> tuple[list[str], dict[str, int]]:
    """What the library says against our verdict on the pair of a seed, and what was looked at."""
    texts = pair(seed)
    old, new = map(read, texts)
    seen = {"unsound": 0, "data": 0, "witnesses": 0, "reasons": 0, "compatible": 0}
    if old.problems or new.problems:
        seen["unsound"] = 1
        return [], seen
    changes = compare_proto(old, new, category=category)
    found: list[str] = []
    for reading in READINGS:
        broken = [one for one in changes if reading in one.broken]
        writer, reader = (old, new) if reading == "backward" else (new, old)
        if broken:
            found += _unproven(broken, reading, seen)
        else:
            seen["compatible"] += 1
            found += _lost(writer, reader, reading, Random(seed), data, seen)
    return found, seen


def _unproven(broken: list[ReadingChange], reading: Reading, seen: dict[str, int]) -> list[str]:
    found = []
    for one in broken:
        told = one.witness(reading) if one.witness else "no witness"
        if isinstance(told, str):
            seen["reasons"] += 1
            if (one.id not in NO_DATUM and not told.startswith(("no message", "no small datum"))) or (
                told.startswith("no small datum") and one.id not in ("proto-field-same-type", "proto-field-same-name")
            ):
                found.append(f"{reading} {one.id} {one.subject}{one.pointer}: {told}")
        else:
            seen["witnesses"] += 1
    return found


def _lost(
    writer: ProtoTree, reader: ProtoTree, reading: Reading, random: Random, data: int, seen: dict[str, int]
) -> list[str]:
    from google.protobuf.message import DecodeError

    found = []
    written, read_ = Classes(writer), Classes(reader)
    for name in sorted(writer.types.keys() & reader.types.keys()):
        one = writer.types[name]
        if not isinstance(one, Message) or one.is_map_entry:
            continue
        for _ in range(data):
            made = datum(written.of(name), random)
            seen["data"] += 1
            try:
                parsed = read_.of(name).FromString(made.SerializePartialToString())
                wrong = difference(made, parsed, names=False, unknown=False)
            except (DecodeError, UnicodeDecodeError) as error:
                found.append(f"{reading} {name}: {error}: {made}")
                continue
            if wrong or (made.IsInitialized() and not parsed.IsInitialized()):
                found.append(f"{reading} {name}: {wrong}: {made}")
    return found
