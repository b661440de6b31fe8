"""Makes a workspace of event contracts in many versions for measurements: a number of schemas, versions, and a seed.

    python benchmarks/event_documents.py FOLDER [--schemas N] [--versions N] [--seed N]

The schemas are JSON Schema, Avro and Protobuf in turn, of about 25 fields (16 in the first version, a third of them
nested or lists). Of the steps between versions two in three add a field that may be missing, the others change a
description; in every twentieth schema the last version adds what nobody can leave out, or changes a type: a break.
Every contract promises BACKWARD_TRANSITIVE.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

FIRST, PER_BREAK = 16, 20
KINDS: Final = ("string", "integer", "number", "boolean", "list", "object")
_AVRO: Final = {"string": "string", "integer": "long", "number": "double", "boolean": "boolean"}
_PROTO: Final = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool"}


class Field(NamedTuple):
    """One field: a scalar, a list of texts, or an object of two. ``is_needed`` are those of the first version."""

    name: str
    kind: str
    is_needed: bool
    about: str


Fields = tuple[Field, ...]


def json_schema(name: str, fields: Fields) -> str:
    """Draft 2020-12, open."""
    inner = {"type": "object", "properties": {"code": {"type": "string"}, "amount": {"type": "integer"}}}
    forms: dict[str, dict[str, Any]] = {"list": {"type": "array", "items": {"type": "string"}}, "object": inner}
    properties = {
        one.name: {**forms.get(one.kind, {"type": one.kind}), "description": one.about} for one in fields
    }  # fmt: skip
    written = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, "type": "object",
        "required": [one.name for one in fields if one.is_needed], "properties": properties,
    }  # fmt: skip
    return json.dumps(written, indent=2)


def avro(name: str, fields: Fields) -> str:
    """A record; what is not needed is nullable and has a default."""
    return json.dumps(
        {"type": "record", "name": name, "namespace": "fernhill", "fields": [_avro_field(one) for one in fields]},
        indent=2,
    )


def _avro_field(one: Field) -> dict[str, Any]:
    kind: Any = _AVRO.get(one.kind)
    if one.kind == "list":
        kind = {"type": "array", "items": "string"}
    elif one.kind == "object":
        parts = [{"name": "code", "type": "string"}, {"name": "amount", "type": "long"}]
        kind = {"type": "record", "name": one.name.title(), "fields": parts}
    shape = {"type": kind} if one.is_needed else {"type": ["null", kind], "default": None}
    return {"name": one.name, **shape, "doc": one.about}


def protobuf(name: str, fields: Fields) -> str:
    """proto3; the number of a field is its place."""
    lines = ['syntax = "proto3";', "package fernhill;", f"message {name} {{"]
    for number, one in enumerate(fields, 1):
        if one.kind == "object":
            lines += [f"  message {one.name.title()} {{", "    string code = 1;", "    int64 amount = 2;", "  }"]
        kind = one.name.title() if one.kind == "object" else _PROTO.get(one.kind, "repeated string")
        lines += [f"  // {one.about}", f"  {kind} {one.name} = {number};"]
    return "\n".join([*lines, "}", ""])


LANGUAGES: Final[dict[str, tuple[str, Callable[[str, Fields], str]]]] = {
    "jsonschema": ("schema.json", json_schema), "avro": ("avsc", avro), "protobuf": ("proto", protobuf),
}  # fmt: skip


def versions_of(rng: random.Random, count: int, breaks: bool) -> list[Fields]:
    """The fields of every version of one schema."""
    fields = tuple(Field(f"f{at}", KINDS[at % len(KINDS)], True, "First.") for at in range(FIRST))
    made = [fields]
    for number in range(2, count + 1):
        if breaks and number == count:
            fields = (*fields, Field(f"f{len(fields)}", "string", True, "Needed."))
            fields = (fields[0]._replace(kind="boolean"), *fields[1:])
        elif rng.random() < 2 / 3 and len(fields) < 2 * FIRST + 2:
            fields = (*fields, Field(f"f{len(fields)}", rng.choice(KINDS), False, f"Since {number}."))
        else:
            at = rng.randrange(len(fields))
            fields = (*fields[:at], fields[at]._replace(about=f"As of {number}."), *fields[at + 1 :])
        made.append(fields)
    return made


def generate(folder: Path, schemas: int, versions: int, seed: int = 1) -> set[str]:
    """Write the workspace; the ids of the contracts whose last version breaks its promise."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "retailctl.yaml").write_text("name: measured\n", encoding="utf-8")
    broken = set()
    for number in range(schemas):
        language = list(LANGUAGES)[number % len(LANGUAGES)]
        suffix, write = LANGUAGES[language]
        name, breaks = f"event-{number:03d}", number % PER_BREAK == PER_BREAK - 1
        home = folder / "contracts" / f"domain-{number % 10}" / name
        for at, fields in enumerate(versions_of(random.Random(seed * 1_000 + number), versions, breaks), 1):
            place = home / f"v{at}"
            place.mkdir(parents=True)
            (place / f"{name}.{suffix}").write_text(write(f"Event{number}", fields), encoding="utf-8")
        about = f"id: {name}\nname: Event {number}\nkind: {language}\ndomain: domain-{number % 10}\n"
        (home / "contract.yaml").write_text(f"{about}compatibility: BACKWARD_TRANSITIVE\n", encoding="utf-8")
        if breaks:
            broken.add(name)
    return broken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schemas", type=int, default=200)
    parser.add_argument("--versions", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = generate(asked.folder, asked.schemas, asked.versions, asked.seed)
    print(f"{asked.schemas} schemas of {asked.versions} versions in {asked.folder}, {len(found)} with a break")
