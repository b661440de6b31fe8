"""Random Avro schemas, mutations of them, and data of them: for the laws and for ``benchmarks/fuzz_avro.py``.

Everything follows from a ``random.Random``, so that a seed is enough to see a case again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, Final

from retailctl.contracts.avro.datum import Datum, branch
from retailctl.contracts.avro.model import Node

PRIMITIVES: Final = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
SPACES: Final = ("", "shop", "shop.events", "crm")
NAMES: Final = ("Order", "Line", "Money", "Status", "Store", "Hash")
FIELDS: Final = ("id", "total", "lines", "store", "note", "state", "paid", "ref")
SYMBOLS: Final = ("NEW", "PAID", "SENT", "LOST", "BACK")
Raw = Any


class Maker:
    """Makes one random schema; a name is given once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: list[str] = []
        self.taken: set[str] = set()

    def schema(self) -> Raw:
        """A schema: mostly a record, as events have it."""
        return self.record("", 3) if self.random.random() < 0.7 else self.type("", 3)

    def type(self, space: str, depth: int, *, union: bool = True) -> Raw:
        """Any type."""
        random = self.random
        if depth <= 0 or random.random() < 0.35:
            return self.primitive()
        kinds = ["array", "map", "record", "enum", "fixed", "name", *(["union", "union"] if union else [])]
        kind = random.choice(kinds)
        if kind == "array":
            return {"type": "array", "items": self.type(space, depth - 1)}
        if kind == "map":
            return {"type": "map", "values": self.type(space, depth - 1)}
        if kind == "union":
            return self.union(space, depth)
        if kind == "name":
            return random.choice(self.names) if self.names else self.primitive()
        return getattr(self, kind)(space, depth)

    def primitive(self) -> Raw:
        """A primitive, now and then with a meaning."""
        name = self.random.choice(PRIMITIVES)
        meanings = {"int": "date", "long": "timestamp-millis", "string": "uuid"}
        if name in meanings and self.random.random() < 0.2:
            return {"type": name, "logicalType": meanings[name]}
        return name if self.random.random() < 0.8 else {"type": name}

    def union(self, space: str, depth: int) -> Raw:
        """A union of up to four kinds."""
        found: dict[str, Raw] = {}
        for _ in range(self.random.randint(1, 4)):
            made = self.type(space, depth - 1, union=False)
            key = json.dumps(made["type"] if isinstance(made, dict) and "name" not in made else made)
            found.setdefault(key, made)
        return list(found.values())

    def _named(self, kind: str, space: str) -> dict[str, Raw] | None:
        random = self.random
        inside = random.choice(SPACES) if random.random() < 0.4 else space
        free = [name for name in NAMES if (f"{inside}.{name}" if inside else name) not in self.taken]
        if not free:
            return None
        name = random.choice(free)
        full = f"{inside}.{name}" if inside else name
        self.taken.add(full)
        made: dict[str, Raw] = {"type": kind, "name": name, "namespace": inside}
        if inside or not space:
            self.names.append(full)
        return made

    def record(self, space: str, depth: int) -> Raw:
        """A record; its own name may be used inside it, where that can end."""
        made = self._named("record", space)
        if made is None:
            return self.primitive()
        inside, own = made["namespace"], len(self.names)
        names = self.random.sample(FIELDS, self.random.randint(0, 4))
        hidden = self.names[own - 1 :] if own and self.names[own - 1].endswith(made["name"]) else []
        if hidden:
            self.names.pop()  # only below a union or an array does it end
        made["fields"] = [self.field(name, inside, depth - 1) for name in names]
        if hidden and self.random.random() < 0.4:
            self.names += hidden
            loop = self.random.choice((["null", hidden[0]], {"type": "array", "items": hidden[0]}))
            made["fields"].append({"name": "more", "type": loop})
        elif hidden:
            self.names += hidden
        return made

    def field(self, name: str, space: str, depth: int) -> dict[str, Raw]:
        """A field; some have a default."""
        made: dict[str, Raw] = {"name": name, "type": self.type(space, depth)}
        give_default(made, self.random)
        return made

    def enum(self, space: str, _depth: int) -> Raw:
        """An enum; some have a default."""
        made = self._named("enum", space)
        if made is None:
            return self.primitive()
        made["symbols"] = self.random.sample(SYMBOLS, self.random.randint(1, 4))
        if self.random.random() < 0.3:
            made["default"] = self.random.choice(made["symbols"])
        return made

    def fixed(self, space: str, _depth: int) -> Raw:
        """A fixed of a few bytes."""
        made = self._named("fixed", space)
        if made is None:
            return self.primitive()
        made["size"] = self.random.choice((2, 4, 16))
        return made


def give_default(field: dict[str, Raw], random: Random) -> None:
    """Give a field a default, now and then, where a simple one fits."""
    type_ = field["type"]
    if isinstance(type_, list):
        type_ = type_[0] if type_ else "null"
    kind = type_["type"] if isinstance(type_, dict) else type_
    simple: dict[str, Raw] = {
        "null": None, "boolean": True, "int": 1, "long": 2, "float": 1.5, "double": 2.5, "bytes": "b", "string": "s",
        "array": [], "map": {},
    }  # fmt: skip
    if kind in simple and random.random() < 0.4:
        field["default"] = deepcopy(simple[kind])


def parts(raw: Raw) -> list[dict[str, Raw] | list[Raw]]:
    """Every object and every union of a schema."""
    found: list[dict[str, Raw] | list[Raw]] = []
    todo = [raw]
    while todo:
        here = todo.pop()
        if isinstance(here, list):
            found.append(here)
            todo += here
        elif isinstance(here, dict):
            if here.get("type") in ("record", "enum", "fixed", "array", "map"):
                found.append(here)
            todo += [here[key] for key in ("items", "values") if key in here]
            todo += [field["type"] for field in here.get("fields", [])]
            if isinstance(here["type"], dict | list):
                todo.append(here["type"])
    return found


def mutated(raw: Raw, random: Random, most: int = 3) -> Raw:
    """The schema after a few edits that people make. What comes out may be invalid, and is for the reader to say."""
    raw = deepcopy(raw)
    for _ in range(random.randint(1, most)):
        here = parts(raw)
        if not here:
            return random.choice(PRIMITIVES) if isinstance(raw, str) else raw
        part = random.choice(here)
        if isinstance(part, list):
            _edit_union(part, random)
        else:
            _EDITS[part["type"]](part, random)
    return raw


def _edit_union(part: list[Raw], random: Random) -> None:
    what = random.randrange(3)
    if what == 0 and len(part) > 1:
        part.pop(random.randrange(len(part)))
    elif what == 1:
        part.insert(random.randint(0, len(part)), random.choice(PRIMITIVES))
    else:
        random.shuffle(part)


def _edit_record(part: dict[str, Raw], random: Random) -> None:
    fields = part["fields"]
    what = random.randrange(8)
    if what == 0 and fields:
        fields.pop(random.randrange(len(fields)))
    elif what == 1:
        made: dict[str, Raw] = {"name": f"new_{random.randrange(3)}", "type": Maker(random).primitive()}
        give_default(made, random)
        if made["name"] not in {field["name"] for field in fields}:
            fields.insert(random.randint(0, len(fields)), made)
    elif what == 2 and fields:
        field = random.choice(fields)
        name = f"{field['name']}_new"
        if random.random() < 0.6 and name not in {other["name"] for other in fields}:
            field["aliases"] = [field["name"]]
        field["name"] = name
    elif what == 3 and fields:
        field = random.choice(fields)
        field["type"] = random.choice(PRIMITIVES)
        field.pop("default", None)
    elif what == 4 and fields:
        field = random.choice(fields)
        if not isinstance(field["type"], list) and field["type"] != "null":
            field["type"] = [field["type"], "null"]
    elif what == 5 and fields:
        give_default(random.choice(fields), random)
    elif what == 6:
        random.shuffle(fields)
    else:
        _rename(part, random)


def _rename(part: dict[str, Raw], random: Random) -> None:
    """A new name, with or without the old one as an alias; or a new namespace."""
    old = part["name"]
    space = part.get("namespace", "")
    if random.random() < 0.5:
        part["name"] = f"{old}{random.randrange(3)}"
        if random.random() < 0.6:
            part["aliases"] = [f"{space}.{old}" if space else old]
    else:
        part["namespace"] = random.choice(SPACES)


def _edit_enum(part: dict[str, Raw], random: Random) -> None:
    symbols = part["symbols"]
    what = random.randrange(5)
    if what == 0 and len(symbols) > 1:
        gone = symbols.pop(random.randrange(len(symbols)))
        if part.get("default") == gone:
            part.pop("default")
    elif what == 1:
        left = [symbol for symbol in SYMBOLS if symbol not in symbols]
        if left:
            symbols.insert(random.randint(0, len(symbols)), random.choice(left))
    elif what == 2:
        part["default"] = random.choice(symbols)
    elif what == 3:
        part.pop("default", None)
    else:
        _rename(part, random)


def _edit_fixed(part: dict[str, Raw], random: Random) -> None:
    if random.random() < 0.5:
        part["size"] = random.choice((2, 4, 16))
    else:
        _rename(part, random)


def _edit_items(part: dict[str, Raw], random: Random) -> None:
    key = "items" if part["type"] == "array" else "values"
    if random.random() < 0.7:
        if isinstance(part[key], str):
            part[key] = random.choice(PRIMITIVES)
    else:
        inner = part.pop(key)
        part["type"] = "map" if key == "items" else "array"
        part["values" if key == "items" else "items"] = inner


_EDITS: Final[dict[str, Callable[[dict[str, Raw], Random], None]]] = {
    "record": _edit_record,
    "enum": _edit_enum,
    "fixed": _edit_fixed,
    "array": _edit_items,
    "map": _edit_items,
}


def random_pair(random: Random) -> tuple[Raw, Raw]:
    """Two schemas: mostly one and its mutation, now and then two that have nothing to do with each other."""
    first = Maker(random).schema()
    return (first, mutated(first, random)) if random.random() < 0.9 else (first, Maker(random).schema())


def random_datum(node: Node, random: Random, depth: int = 6) -> Datum | None:
    """A datum of a schema, as fastavro takes it; None where there is none that is flat enough."""
    if node.kind == "union":
        for child in random.sample(node.children, len(node.children)):
            if (made := random_datum(child, random, depth - 1)) is not None:
                return branch(child, made)
        return None
    if node.kind == "record":
        if depth <= 0:
            return None
        fields = {field.name: random_datum(field.type, random, depth - 1) for field in node.fields}
        if any(made is None for made in fields.values()):
            return None
        return Datum({name: made.value for name, made in fields.items() if made}, None)
    if node.kind in ("array", "map"):
        some = [random_datum(node.children[0], random, depth - 1) for _ in range(random.randint(0, 2))]
        kept = [made.value for made in some if made is not None]
        return Datum(kept if node.kind == "array" else {f"k{n}": value for n, value in enumerate(kept)}, None)
    return Datum(_SCALARS[node.kind](node, random), None)


_SCALARS: Final[dict[str, Callable[[Node, Random], Any]]] = {
    "null": lambda _node, _random: None,
    "boolean": lambda _node, random: random.random() < 0.5,
    "int": lambda _node, random: random.choice((0, -1, 2**31 - 1, -(2**31))),
    "long": lambda _node, random: random.choice((0, -1, 2**63 - 1, -(2**63))),
    "float": lambda _node, random: random.choice((0.0, -1.5)),
    "double": lambda _node, random: random.choice((0.0, 1e300)),
    # What is no UTF-8 cannot be read as a string: the rule says so, and it depends on the value.
    "bytes": lambda _node, random: random.choice((b"", b"abc", "é".encode())),
    "string": lambda _node, random: random.choice(("", "abc", "é")),
    "fixed": lambda node, _random: bytes(node.size),
    "enum": lambda node, random: random.choice(node.symbols),
}
