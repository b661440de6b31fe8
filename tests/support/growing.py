"""Later versions of a schema that mostly just add something, and sometimes more than that."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.support.avro import Maker as AvroMaker
from tests.support.avro import Raw, give_default, parts
from tests.support.json_schemas import DIALECTS, Maker
from tests.support.proto_schemas import Schema, add_field, edited

_NAMES = ("a", "b", "c", "z", "new", "$ref", "id")


def plain_schema(maker: Maker, draw: Random) -> Any:
    """A schema of objects in objects and lists, some closed, with a definition that is mostly used."""
    folder = "$defs" if draw.random() < 0.5 else "definitions"

    def part(depth: int) -> Any:
        kind = draw.random() * (0.7 if depth else 1.2)
        if kind > 0.9:
            return {"$ref": f"#/{folder}/A"}
        if kind > 0.6 or not depth:
            return maker.schema(1)
        if kind > 0.45:
            return {"type": "array", "items": part(depth - 1)}
        names = draw.sample(_NAMES[:5], 3)
        made: dict[str, Any] = {"type": "object", "properties": {name: part(depth - 1) for name in names}}
        if draw.random() < 0.5:
            made["required"] = names[:1]
        if draw.random() < 0.2:
            made["additionalProperties"] = draw.random() < 0.3
        return made

    root = part(2)
    inside = {"properties": {"a": root, "b": part(1)}, "type": "object", folder: {"A": part(1), "B": part(1)}}
    return {"$schema": DIALECTS[maker.draft], **inside}


def grown_schema(old: Any, maker: Maker, draw: Random) -> Any:
    """A JSON Schema with up to three additions anywhere, inside of combinators too."""
    new = copy.deepcopy(old)
    for _ in range(draw.randint(1, 3)):
        place = draw.choice(list(_mappings(new)) or [{}])
        kind = draw.random()
        if kind < 0.7:
            inside = place.setdefault("properties", {})
            if isinstance(inside, dict):
                inside.setdefault(draw.choice(_NAMES), maker.schema(draw.randint(1, 2)))
        elif kind < 0.9:
            place["description"] = draw.choice(["one", "two"])
        else:
            place["x-note"] = draw.choice([1, True])
    return new


def grown_avro(old: Raw, random: Random) -> Raw:
    """An Avro schema whose records have more fields, mostly with a default, and other documentation."""
    new = copy.deepcopy(old)
    maker = AvroMaker(random)
    for part in parts(new):
        if not isinstance(part, dict) or random.random() < 0.4:
            continue
        if isinstance(part.get("fields"), list) and random.random() < 0.8:
            field: dict[str, Raw] = {"name": random.choice(["x", "y", "a"]), "type": maker.primitive()}
            if random.random() < 0.9:
                give_default(field, random)
            if random.random() < 0.1:
                field["aliases"] = ["f0", "a"]
            part["fields"].insert(random.randint(0, len(part["fields"])), field)
        elif "type" in part:
            part["doc"] = random.choice(["one", "two"])
    return new


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            yield one
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)


def grown_proto(old: Schema, random: Random) -> Schema:
    """A Protobuf schema with other fields beside those it had, now and then with another edit."""
    new = copy.deepcopy(old)
    for _ in range(random.randint(0, 2)):
        if random.random() < 0.1:
            return edited(new, random)
        add_field(new, random.choice(list(new.messages.values())), random)
    return new
