"""Protobuf message types made in memory from the dataclasses of the model; nothing is generated."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from retailctl.model.inventory_file import KIND_OF_SECTION, SECTIONS
from retailctl.policy.fact import Fact
from retailctl.policy.facts_schema import FACTS, STRUCTS

PACKAGE: Final = "estate"
_KEY: Final = "Key"
_DYNAMIC: Final = ".google.protobuf.Value"
_SCALARS: Final[dict[type, str]] = {
    str: "string",
    int: "int",
    float: "double",
    bool: "bool",
    date: "string",
    Decimal: "string",
}
_FACT_TYPES: Final = {"strings": ("string", True), "any": (_DYNAMIC, False)}
_PROTO: Final = {"double": 1, "int": 3, "bool": 8, "string": 9}
_MESSAGE: Final = 11

Column = tuple[str, bool]
Columns = dict[str, Column]
"""Field -> (type word or message name with a leading dot, whether it is a list)."""


@cache
def structs() -> dict[str, Columns]:
    """All message types: the nouns with their facts, and the blocks they are made of."""
    made: dict[str, Columns] = {name: _of_facts(facts) for name, facts in STRUCTS.items()}
    nouns = {KIND_OF_SECTION[section]: noun for section, noun in SECTIONS.items()}
    for kind, facts in FACTS.items():
        columns = _of_dataclass(nouns[kind], made) if kind in nouns else {}
        made[kind.capitalize()] = {**columns, **_of_facts(facts)}
    return made


def fields_of_struct(struct: str) -> dict[str, str]:
    """What may be written after the dot -> the attribute meant; ``from`` leads to ``source``."""
    columns = {name: name for name in structs().get(struct, {})}
    return {**_aliases(struct), **columns}


@cache
def build_types() -> Any:
    """A descriptor pool that holds every message type."""
    from google.protobuf import descriptor_pb2, descriptor_pool, struct_pb2

    value_file = descriptor_pb2.FileDescriptorProto()
    struct_pb2.DESCRIPTOR.CopyToProto(value_file)
    file = descriptor_pb2.FileDescriptorProto(name="estate.proto", package=PACKAGE, syntax="proto3")
    file.dependency.append(value_file.name)
    for name, columns in structs().items():
        _add_message(file.message_type.add(name=name), columns)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(value_file)
    pool.Add(file)
    return pool


def _add_message(message: Any, columns: Columns) -> None:
    for number, (name, (word, repeated)) in enumerate(columns.items(), start=1):
        column = message.field.add(name=name, number=number, label=3 if repeated else 1)
        if word in _PROTO:
            column.type = _PROTO[word]
        else:
            column.type, column.type_name = _MESSAGE, word
        if not repeated and word in _PROTO:
            # Explicit presence, so that has() of a scalar is allowed to mean something.
            column.proto3_optional, column.oneof_index = True, len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{name}")


def _of_facts(facts: dict[str, Fact]) -> Columns:
    return {name: _fact_column(fact.type) for name, fact in facts.items()}


def _fact_column(word: str) -> Column:
    if word.endswith("[]"):
        return f".{PACKAGE}.{word.removesuffix('[]')}", True
    return _FACT_TYPES.get(word, (word, False))


def _of_dataclass(noun: type, made: dict[str, Columns]) -> Columns:
    hints = get_type_hints(noun)
    return {column.name: _column(hints[column.name], made) for column in fields(noun)}


def _column(hint: Any, made: dict[str, Columns]) -> Column:
    """Type word of a field; nested dataclasses are added to ``made`` on the way."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _column(arguments[0], made)
    if origin in (Union, types.UnionType):
        present = [argument for argument in arguments if argument is not type(None)]
        return _column(present[0], made) if len(present) == 1 else _union(present, made)
    if origin is tuple:
        return _column(arguments[0], made)[0], True
    if origin is Literal:
        return "string", False
    if isinstance(hint, type) and is_dataclass(hint):
        return _nested(hint.__name__, hint, made)
    return (_SCALARS[hint], False) if hint in _SCALARS else (_DYNAMIC, False)


def _union(members: list[Any], made: dict[str, Columns]) -> Column:
    """A union of keys becomes one message with the columns of all; dates and date-times are both text."""
    if all(is_dataclass(member) for member in members):
        made[_KEY] = {}
        for member in members:
            made[_KEY] |= _of_dataclass(member, made)
        return f".{PACKAGE}.{_KEY}", False
    return ("string", False) if date in members else (_DYNAMIC, False)


def _nested(name: str, noun: type, made: dict[str, Columns]) -> Column:
    if name not in made:
        made[name] = {}
        made[name] |= _of_dataclass(noun, made)
    return f".{PACKAGE}.{name}", False


@cache
def _dataclasses() -> dict[str, type]:
    """Every dataclass that a noun is made of, by name."""
    found: dict[str, type] = {}
    waiting: list[Any] = list(SECTIONS.values())
    while waiting:
        hint = waiting.pop()
        if isinstance(hint, type) and is_dataclass(hint) and hint.__name__ not in found:
            found[hint.__name__] = hint
            waiting.extend(get_type_hints(hint).values())
        waiting.extend(argument for argument in get_args(hint) if argument is not hint)
    return found


@cache
def _aliases(struct: str) -> dict[str, str]:
    return {alias: name for name, alias in file_names(struct).items()}


@cache
def file_names(struct: str) -> dict[str, str]:
    """Attribute -> spelling in files, for the fields of a noun or block where the two differ."""
    noun = _dataclasses().get(struct)
    if noun is None:
        return {}
    hints = get_type_hints(noun, include_extras=True)
    named = {name: _alias(hint) for name, hint in hints.items()}
    return {name: alias for name, alias in named.items() if alias}


def _alias(hint: Any) -> str | None:
    for part in getattr(hint, "__metadata__", ()):
        alias: str | None = getattr(part, "alias", None)
        if alias:
            return alias
    return None
