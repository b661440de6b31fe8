"""Makes pairs of OpenAPI documents of any size for measurements: a shape, a seed, and a known number of changes.

    python benchmarks/contract_documents.py FOLDER SCHEMAS SHAPE [--seed N]

Shapes: ``cyclic`` (components refer to each other in rings and across), ``deep`` (chains of 1,000 references) and
``allof`` (every component is an allOf of two or three others and of properties of its own). Ten component schemas an
operation, which takes one of them and answers with another; every component is reached. The revision differs in one
component of 200, each in exactly one place, and in nothing else. A retailctl.yaml beside the documents raises the limit
on values, so that size is the only thing that grows.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Schema = dict[str, Any]
SHAPES = ("cyclic", "deep", "allof")
CHAIN, PER_OPERATION, PER_CHANGE = 1_000, 10, 200
_LAYERS = 6
_NODES = 10_000_000


class Pair(NamedTuple):
    """Two documents in a folder, and what was changed between them: component to the change, as answers are told of it.

    The change is the id of its rule without the direction; every component is part of an answer.
    """

    base: Path
    revision: Path
    planted: Mapping[str, str]


def name_of(number: int) -> str:
    """The name of a component."""
    return f"Part{number:05d}"


def ref(number: int) -> Schema:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name_of(number)}"}


def own_properties(rng: random.Random, number: int) -> Schema:
    """Scalars as retail documents have them; few, so that 50,000 components stay within the limit on values."""
    state = {"enum": ["new", "open", "closed", "void"][: rng.randint(3, 4)]}
    return {
        f"code{number}": {"type": "string", "maxLength": rng.randint(10, 80)},
        f"count{number}": {"type": "integer", "maximum": rng.randint(100, 10_000)},
        **({} if number % 10 else {f"state{number}": state}),
    }


def cyclic(rng: random.Random, number: int, count: int) -> Schema:
    """A ring through all, and references to anywhere."""
    many = {"type": "array", "items": ref(rng.randrange(count))}
    links = {
        "next": ref((number + 1) % count),
        **({"many": many} if number % 2 else {"other": ref(rng.randrange(count))}),
    }
    return {"type": "object", "required": [f"code{number}"], "properties": {**own_properties(rng, number), **links}}


def deep(rng: random.Random, number: int, count: int) -> Schema:
    """The next of its chain, as property or as item."""
    follows = (number + 1) % CHAIN and number + 1 < count
    inner = {"type": "array", "items": ref(number + 1)} if number % 2 else ref(number + 1)
    link = {"inner": inner} if follows else {}
    return {"type": "object", "required": [f"code{number}"], "properties": {**own_properties(rng, number), **link}}


def allof(rng: random.Random, number: int, count: int) -> Schema:
    """Bases from the layer below, of which there are six: many ways lead to the same base."""
    layer = max(1, count // _LAYERS)
    own = {"type": "object", "required": [f"code{number}"], "properties": own_properties(rng, number)}
    if number < layer:
        return own
    below = range((number // layer - 1) * layer, number // layer * layer)
    bases = [ref(one) for one in sorted(rng.sample(below, min(len(below), rng.randint(2, 3))))]
    return {"allOf": [*bases, own]}


_MAKERS: dict[str, Callable[[random.Random, int, int], Schema]] = {"cyclic": cyclic, "deep": deep, "allof": allof}


def document(schemas: int, shape: str, seed: int = 1) -> Schema:
    """One document with that many component schemas."""
    rng = random.Random(seed)
    parts = {name_of(number): _MAKERS[shape](rng, number, schemas) for number in range(schemas)}
    return {
        "openapi": "3.0.3",
        "info": {"title": f"{shape} {schemas}", "version": "1.0.0"},
        "paths": dict(_paths(schemas)),
        "components": {"schemas": parts},
    }


def _paths(schemas: int) -> Iterator[tuple[str, Schema]]:
    """Every component is the body or the answer of an operation, or a neighbour of one."""
    for number in range(0, schemas, PER_OPERATION):
        answers = {"type": "object", "properties": {f"p{one}": ref(one) for one in
                                                   range(number, min(number + PER_OPERATION, schemas))}}  # fmt: skip
        yield (
            f"/parts/{number}",
            {
                "post": {
                    "operationId": f"post{number}",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(number)}}},
                    "responses": {
                        "200": {"description": "Done.", "content": {"application/json": {"schema": answers}}}
                    },
                }
            },
        )


def revised(base: Schema, seed: int = 1) -> tuple[Schema, dict[str, str]]:
    """The document after its changes, and the change of each component that has one."""
    rng = random.Random(seed + 1)
    changed = copy.deepcopy(base)
    parts = changed["components"]["schemas"]
    planted = {}
    for turn, name in enumerate(sorted(rng.sample(sorted(parts), max(5, len(parts) // PER_CHANGE)))):
        number = int(name.removeprefix("Part"))
        own = parts[name]["allOf"][-1] if "allOf" in parts[name] else parts[name]
        planted[name] = _CHANGES[turn % len(_CHANGES)](own, number)
    return changed, planted


def _required(own: Schema, number: int) -> str:
    own["required"].append(f"count{number}")
    return "property-became-required"


def _longer(own: Schema, number: int) -> str:
    own["properties"][f"code{number}"]["maxLength"] += 5
    return "property-max-length-increased"


def _fewer_values(own: Schema, number: int) -> str:
    if f"state{number}" in own["properties"]:
        own["properties"][f"state{number}"]["enum"].pop()
        return "property-enum-value-removed"
    own["properties"][f"code{number}"]["maxLength"] -= 5
    return "property-max-length-decreased"


def _lower(own: Schema, number: int) -> str:
    own["properties"][f"count{number}"]["maximum"] -= 1
    return "property-max-decreased"


def _other_type(own: Schema, number: int) -> str:
    own["properties"][f"count{number}"] = {"type": "string"}
    return "property-type-changed"


_CHANGES = (_required, _longer, _fewer_values, _lower, _other_type)


def generate(folder: Path, schemas: int, shape: str, seed: int = 1) -> Pair:
    """Write base.json, revision.json and the settings of their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    base = document(schemas, shape, seed)
    changed, planted = revised(base, seed)
    paths = folder / "base.json", folder / "revision.json"
    for path, content in zip(paths, (base, changed), strict=True):
        path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
    (folder / "retailctl.yaml").write_text(f"name: measured\nlimits: {{nodes: {_NODES}}}\n", encoding="utf-8")
    return Pair(*paths, planted)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("schemas", type=int)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    pair = generate(arguments.folder, arguments.schemas, arguments.shape, arguments.seed)
    print(f"{pair.base.stat().st_size / 1e6:.1f} MB, {len(pair.planted)} components changed in {arguments.folder}")
