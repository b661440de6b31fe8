"""Random Protobuf schemas, edits of them, and data: made from a seed, so that a failure is one number."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

SCALARS: Final = (
    *("int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64"),
    *("bool", "float", "double", "string", "bytes"),
)
KEYS: Final = ("int32", "uint64", "sint32", "bool", "string")
NAMES: Final = ("id", "sku", "total", "note", "store_id", "lines", "status", "paid", "weight", "tags", "ref_no", "till")
SYNTAXES: Final = ('syntax = "proto2";', 'syntax = "proto3";', 'edition = "2023";')


@dataclass
class FieldSpec:
    name: str
    number: int
    type: str
    label: str = ""
    oneof: str = ""
    key: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Schema:
    syntax: str
    enums: dict[str, list[tuple[str, int]]]
    messages: dict[str, list[FieldSpec]]
    reserved: dict[str, list[str]] = field(default_factory=dict)

    def text(self) -> str:
        lines = [self.syntax, "package shop;"]
        for name, values in self.enums.items():
            lines.append(f"enum {name} {{")
            lines += [f"  reserved {one};" for one in self.reserved.get(name, [])]
            lines += [f"  {value} = {number};" for value, number in values]
            lines.append("}")
        for name, fields in self.messages.items():
            lines.append(f"message {name} {{")
            lines += [f"  reserved {one};" for one in self.reserved.get(name, [])]
            lines += [f"  {self._field(one)}" for one in fields if not one.oneof]
            for oneof in sorted({one.oneof for one in fields if one.oneof}):
                inside = " ".join(self._field(one) for one in fields if one.oneof == oneof)
                lines.append(f"  oneof {oneof} {{ {inside} }}")
            lines.append("}")
        return "\n".join(lines) + "\n"

    def _field(self, one: FieldSpec) -> str:
        kind = f"map<{one.key}, {one.type}>" if one.key else one.type
        label = "" if one.key or one.oneof else one.label
        options = {
            name: value
            for name, value in one.options.items()
            if not (name == "default" and (label == "repeated" or one.key or one.oneof or "proto3" in self.syntax))
        }
        if "edition" in self.syntax:
            if label == "required":
                options["features.field_presence"] = "LEGACY_REQUIRED"
                options.pop("default", None)
            label = label if label == "repeated" else ""
        elif "proto3" in self.syntax:
            label = "" if label == "required" else label
        elif not one.key and not one.oneof:
            label = label or "optional"
        shown = ", ".join(f"{name} = {value}" for name, value in sorted(options.items()))
        return f"{label} {kind} {one.name} = {one.number}{f' [{shown}]' if shown else ''};".strip()


def schema(random: Random) -> Schema:
    """A schema of one to three messages and up to two enums."""
    made = Schema(random.choice(SYNTAXES), {}, {})
    for name in ("Status", "Channel")[: random.randint(1, 2)]:
        numbers = [0, *random.sample(range(1, 7), random.randint(1, 3))]
        made.enums[name] = [(f"{name.upper()}_{number}", number) for number in numbers]
    for name in ("Order", "Line", "Store")[: random.randint(1, 3)]:
        made.messages[name] = []
    for fields in made.messages.values():
        for _ in range(random.randint(1, 5)):
            add_field(made, fields, random)
    return made


def type_of(made: Schema, random: Random) -> str:
    return random.choice([*SCALARS, *SCALARS, *made.enums, *made.enums, *made.messages])


def default(kind: str, random: Random) -> str:
    if kind in ("string", "bytes"):
        return random.choice(['"a"', '"b"'])
    if kind == "bool":
        return random.choice(["true", "false"])
    return random.choice(["0", "3", "7"]) if kind in SCALARS else ""


def add_field(made: Schema, fields: list[FieldSpec], random: Random) -> None:
    names = [name for name in NAMES if name not in {one.name for one in fields}]
    numbers = [number for number in range(1, 20) if number not in {one.number for one in fields}]
    one = FieldSpec(random.choice(names), random.choice(numbers), type_of(made, random))
    turn = random.random()
    if turn < 0.15:
        one.key = random.choice(KEYS)
    elif turn < 0.35:
        one.oneof = random.choice(["means", "place"])
    else:
        one.label = random.choice(["", "", "optional", "repeated", "required"])
        if one.type in made.messages and one.label == "required":
            one.label = "optional"
    if random.random() < 0.2 and (said := default(one.type, random)):
        one.options["default"] = said
    fields.append(one)


def edited(made: Schema, random: Random) -> Schema:
    """The schema after one to three edits."""
    other = deepcopy(made)
    for _ in range(random.choice([1, 1, 2, 3])):
        random.choice(EDITS)(other, random)
    return other


def _any(made: Schema, random: Random) -> tuple[str, list[FieldSpec], FieldSpec | None]:
    name = random.choice(list(made.messages))
    fields = made.messages[name]
    return name, fields, random.choice(fields) if fields else None


def _add(made: Schema, random: Random) -> None:
    _, fields, _ = _any(made, random)
    if len(fields) < 9:
        add_field(made, fields, random)


def _remove(made: Schema, random: Random) -> None:
    name, fields, one = _any(made, random)
    if one:
        fields.remove(one)
        kept = [[], [str(one.number)], [f'"{one.name}"'], [str(one.number), f'"{one.name}"']]
        made.reserved.setdefault(name, []).extend(random.choice(kept))


def _retype(made: Schema, random: Random) -> None:
    _, _, one = _any(made, random)
    if one:
        one.type = type_of(made, random)
        one.options.pop("default", None)
        if one.label == "required":
            one.label = "optional"


def _rename(made: Schema, random: Random) -> None:
    _, fields, one = _any(made, random)
    names = [name for name in NAMES if name not in {other.name for other in fields}]
    if one and names:
        one.name = random.choice(names)


def _renumber(made: Schema, random: Random) -> None:
    _, fields, one = _any(made, random)
    if one:
        one.number = random.choice([number for number in range(1, 20) if number not in {o.number for o in fields}])


def _swap(made: Schema, random: Random) -> None:
    _, fields, _ = _any(made, random)
    if len(fields) > 1:
        left, right = random.sample(fields, 2)
        left.number, right.number = right.number, left.number


def _relabel(made: Schema, random: Random) -> None:
    _, _, one = _any(made, random)
    if one:
        one.oneof = one.key = ""
        one.label = random.choice(["", "optional", "repeated", *([] if one.type in made.messages else ["required"])])


def _move(made: Schema, random: Random) -> None:
    _, _, one = _any(made, random)
    if one:
        one.key = ""
        one.oneof = random.choice(["", "means", "place", "fresh"])


def _map(made: Schema, random: Random) -> None:
    _, _, one = _any(made, random)
    if one:
        one.key, one.oneof = random.choice(KEYS), ""


def _redefault(made: Schema, random: Random) -> None:
    _, _, one = _any(made, random)
    if one and (said := default(one.type, random)):
        one.options["default"] = said


def _json(made: Schema, random: Random) -> None:
    _, _, one = _any(made, random)
    if one:
        one.options["json_name"] = '"other"'


def _value(made: Schema, random: Random) -> None:
    name = random.choice(list(made.enums))
    values = made.enums[name]
    turn = random.randrange(4)
    if turn == 0:
        number = random.choice([one for one in range(1, 12) if one not in {other for _, other in values}])
        values.append((f"{name.upper()}_NEW{number}", number))
    elif turn == 1 and len(values) > 1:
        gone = values.pop(random.randrange(1, len(values)))
        kept = [[], [str(gone[1])], [str(gone[1]), f'"{gone[0]}"']]
        made.reserved.setdefault(name, []).extend(random.choice(kept))
    elif turn == 2:
        at = random.randrange(len(values))
        values[at] = (f"{values[at][0]}_X", values[at][1])
    else:
        values.reverse()
        values.sort(key=lambda one: one[1] != 0)


def _syntax(made: Schema, random: Random) -> None:
    made.syntax = random.choice(SYNTAXES)


def _free(made: Schema, random: Random) -> None:
    if made.reserved:
        made.reserved[random.choice(list(made.reserved))] = []


EDITS: Final = (
    *(_add, _remove, _remove, _retype, _retype, _rename, _renumber, _swap, _relabel, _relabel, _move, _move, _map),
    *(_redefault, _json, _value, _value, _value, _syntax, _free),
)
_EDGES: Final[dict[int, tuple[Any, ...]]] = {
    1: (0, 1, -1, 2**31 - 1, -(2**31)),
    2: (0, 1, -1, 2**63 - 1, -(2**63), 2**33),
    3: (0, 1, 2**32 - 1),
    4: (0, 1, 2**64 - 1, 2**33),
    5: (0.0, -1.5, 1e200),
    6: (0.0, 1.5),
    7: (True, False),
}


def datum(kind: Any, random: Random, depth: int = 0) -> Any:
    """A random instance of a message class, with its required fields; deep down it has no others, so that it ends."""
    made, likely = kind(), 0.75 if depth < 2 else 0.2 if depth < 8 else 0.0
    for one in kind.DESCRIPTOR.fields:
        if one.is_required or random.random() < likely:
            _set(made, one, random, depth)
    return made


def _set(made: Any, one: Any, random: Random, depth: int) -> None:
    if one.message_type is not None and one.message_type.GetOptions().map_entry:
        key, value = one.message_type.fields
        for _ in range(random.randint(1, 2)):
            if value.message_type is not None:
                getattr(made, one.name)[_single(key, random, depth)].CopyFrom(_single(value, random, depth + 1))
            else:
                getattr(made, one.name)[_single(key, random, depth)] = _single(value, random, depth)
    elif one.is_repeated:
        getattr(made, one.name).extend(_single(one, random, depth) for _ in range(random.randint(1, 3)))
    elif one.message_type is not None:
        getattr(made, one.name).CopyFrom(_single(one, random, depth))
    else:
        setattr(made, one.name, _single(one, random, depth))


def _single(one: Any, random: Random, depth: int) -> Any:
    from google.protobuf import message_factory

    if one.message_type is not None:
        return datum(message_factory.GetMessageClass(one.message_type), random, depth + 1)
    if one.enum_type is not None:
        more = [] if one.enum_type.is_closed else [77]
        return random.choice([*(value.number for value in one.enum_type.values), *more])
    if one.cpp_type == 9:
        return random.choice([b"", b"\xff\x01", b"ok"]) if one.type == 12 else random.choice(["", "shop", "ü"])
    return random.choice(_EDGES[one.cpp_type])
