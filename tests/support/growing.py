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


_LEAVES: tuple[Any, ...] = (
    {"type": "string"}, {"type": "integer", "minimum": 0}, {"enum": [1, "a"]}, {}, True, {"type": "array"},
    {"type": ["string", "null"], "default": None}, {"type": "string", "default": "x", "description": "Which."},
    {"allOf": [{"type": "string"}]}, {"anyOf": [{"type": "object", "properties": {"q": {}}}, {"type": "null"}]},
    {"type": "object", "additionalProperties": {"type": "string"}}, {"type": "string", "deprecated": True},
)  # fmt: skip
_CALLED = ("a", "b", "a/b", "a~c", "properties", "items", "", "$ref", "$id", "type", "source", "specversion", "1")


def schema_tree(draw: Random) -> dict[str, Any]:
    """A JSON Schema without references: objects and lists in one another, with names that pointers have to escape."""

    def part(depth: int) -> Any:
        kind = draw.random()
        if kind < 0.3 or not depth:
            return copy.deepcopy(draw.choice(_LEAVES))
        return {"type": "array", "items": part(depth - 1)} if kind < 0.5 else inner(depth)

    def inner(depth: int) -> dict[str, Any]:
        names = draw.sample(_CALLED, draw.randint(0, 4))
        made: dict[str, Any] = {"type": "object", "properties": {name: part(depth - 1) for name in names}}
        if names and draw.random() < 0.5:
            made["required"] = names[:1]
        if draw.random() < 0.3:
            made["additionalProperties"] = draw.random() < 0.5
        return made

    named = {"title": "Order"} if draw.random() < 0.3 else {}
    return {"$schema": draw.choice(list(DIALECTS.values())), **named, **inner(3)}


def grown_tree(old: dict[str, Any], draw: Random) -> dict[str, Any]:
    """The same with some properties more, now and then in another order."""
    new = copy.deepcopy(old)
    for _ in range(draw.randint(1, 3)):
        inside = draw.choice([one for one in _mappings(new) if isinstance(one.get("properties"), dict)])["properties"]
        inside.setdefault(draw.choice(_CALLED), copy.deepcopy(draw.choice(_LEAVES)))
        if draw.random() < 0.2:
            shuffled = draw.sample(list(inside.items()), len(inside))
            inside.clear()
            inside.update(shuffled)
    return new


_TYPES = ("string", "int64", "A", "B", "A.B", "shop.A", "google.protobuf.Timestamp", "Z", "group", "map", ".shop.A")
_ENDS = (";", " ;", "; // which", "; // /*", ";;", "; /* which */", " [deprecated = true];")
_ODD = (
    "option a = 1;",
    "reserved 5;",
    "oneof x { string q = 9; }",
    "}",
    "{",
    "; ",
    "string",
    "/* x */",
    "// x",
    "",
    "\f",
)


def proto_lines(draw: Random) -> str:
    """A ``.proto`` file of one declaration on each line, sometimes with something that is not plain, or wrong."""
    lines = [draw.choice(['syntax = "proto3";'] * 9 + ['syntax = "proto2";'])]
    lines += [draw.choice(["package shop;", "package shop.a;", "package google.protobuf;", ""])]
    lines += [draw.choice(["", "", 'import "google/protobuf/timestamp.proto";', 'import "x.proto";',
                           'option java_package = "x";', "option features.field_presence = EXPLICIT;"])]  # fmt: skip
    for name in draw.sample("ABCDE", draw.randint(1, 3)):
        lines += _message(draw, name, 2) if draw.random() < 0.8 else _enum(draw, name)
    return draw.choice(["\n", "\n", "\r\n"]).join(lines)


def _message(draw: Random, name: str, depth: int) -> list[str]:
    made = [f"{draw.choice(['', '  ', chr(9)])}message {name} {{"]
    for number in range(1, draw.randint(1, 6)):
        kind = draw.random()
        if kind < 0.15 and depth:
            made += _message(draw, draw.choice("ABCXY"), depth - 1)
        elif kind < 0.25:
            made += _enum(draw, draw.choice("EFG"))
        elif kind < 0.3:
            made.append(draw.choice(_ODD))
        else:
            usual = draw.random() < 0.8
            type_ = draw.choice(("string", "int64", "bool") if usual else _TYPES)
            field = f"f{number}" if draw.random() < 0.9 else draw.choice(["f_1", "f1", "A", "message"])
            digit = number if draw.random() < 0.95 else draw.choice([0, 1, 19_000, 536_870_911, 536_870_912])
            label = draw.choice(["", "", "optional ", "repeated "]) if draw.random() < 0.97 else "required "
            made.append(f"  {label}{type_} {field} = {digit}{';' if draw.random() < 0.9 else draw.choice(_ENDS)}")
    return [*made, "  }"]


def _enum(draw: Random, name: str) -> list[str]:
    start = 0 if draw.random() < 0.95 else 1
    return [f"enum {name} {{", *(f"  {name}{at} = {at};" for at in range(start, draw.randint(1, 3))), "}"]


def added_lines(text: str, draw: Random) -> str:
    """The same with more fields and types, at the head of a message or at the end."""
    lines = text.split("\n")
    for number in range(draw.randint(1, 3)):
        more = draw.choice([
            [f"  optional string g{number} = {100 + number};"],
            [f"message M{number} {{", "  string id = 1;", "  enum Kind {", "    NONE = 0;", "  }", "}"],
            [f"enum K{number} {{", f"  K{number}_NONE = 0;", "}"],
        ])  # fmt: skip
        heads = [at + 1 for at, line in enumerate(lines) if line.lstrip().startswith("message ")]
        at = draw.choice(heads) if heads and (len(more) == 1 or draw.random() < 0.5) else len(lines)
        lines[at:at] = more
    return "\n".join(lines)
