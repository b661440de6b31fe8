"""Laws of maps: a map that was made from its documents fits them, and one edit gives one finding, in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.contracts.sets.drift import SetFact, set_facts
from retailctl.contracts.sets.fields import FieldNode, every_field
from retailctl.contracts.sets.mapping import MemberState, Said, carried_fields
from retailctl.contracts.sets.paths import LIST, parse, plain_name, shown
from retailctl.model.map_file import CanonicalField, MapMember, MappedField
from tests.unit.contracts.sets.schemas import asyncapi, openapi, root

Tree = dict[str, Any]
"""Name -> type; a mapping is an object, a list of one mapping an array of objects."""

JSON = {"string": {"type": "string"}, "integer": {"type": "integer"}, "boolean": {"type": "boolean"}}
AVRO = {"string": "string", "integer": "int", "boolean": "boolean"}
words = st.text("abcdefgh", min_size=2, max_size=5)
leaves = st.sampled_from(sorted(JSON))


def named(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    return st.dictionaries(words, inner, min_size=1, max_size=4)


trees = named(st.one_of(leaves, named(leaves), named(st.one_of(leaves, named(leaves))).map(lambda tree: [tree])))


def json_schema(tree: Tree) -> dict[str, Any]:
    properties = {
        name: JSON[one]
        if isinstance(one, str)
        else {"type": "array", "items": json_schema(one[0])}
        if isinstance(one, list)
        else json_schema(one)
        for name, one in tree.items()
    }
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def avro(tree: Tree, name: str = "Order") -> dict[str, Any]:
    def type_of(field: str, one: Any) -> Any:
        if isinstance(one, str):
            return AVRO[one]
        inner = avro(one[0] if isinstance(one, list) else one, f"{name}_{field}")
        return {"type": "array", "items": inner} if isinstance(one, list) else inner

    fields = [{"name": field, "type": type_of(field, one)} for field, one in tree.items()]
    return {"type": "record", "name": name, "fields": fields}


def proto(tree: Tree) -> str:
    """The same as messages, the inner ones beside the outer."""
    messages: list[str] = []

    def message(name: str, inner: Tree) -> None:
        lines = []
        for number, (field, one) in enumerate(inner.items(), 1):
            if isinstance(one, str):
                kind = {"string": "string", "integer": "int64", "boolean": "bool"}[one]
            else:
                kind = f"{name}_{field}"
                message(kind, one[0] if isinstance(one, list) else one)
            lines.append(f"  {'repeated ' if isinstance(one, list) else ''}{kind} {field} = {number};")
        messages.append("\n".join([f"message {name} {{", *lines, "}"]))

    message("Order", tree)
    return "\n".join(['syntax = "proto3";', *messages])


LANGUAGES: dict[str, Callable[[Tree], tuple[str, Any]]] = {
    "openapi": lambda tree: ("a.json", openapi(Order=json_schema(tree))),
    "asyncapi": lambda tree: ("a.json", asyncapi(json_schema(tree))),
    "json-schema": lambda tree: ("a.schema.json", json_schema(tree)),
    "avro": lambda tree: ("a.avsc", avro(tree)),
    "protobuf": lambda tree: ("a.proto", proto(tree)),
}


def paths_of(tree: Tree, around: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Every leaf with its type."""
    found: dict[tuple[str, ...], str] = {}
    for name, one in tree.items():
        if isinstance(one, str):
            found[*around, name] = one
        else:
            inner = one[0] if isinstance(one, list) else one
            found |= paths_of(inner, (*around, name, *([LIST] if isinstance(one, list) else [])))
    return found


def entity_of(tree: Tree) -> dict[str, CanonicalField]:
    return {shown(path): CanonicalField(type=kind) for path, kind in paths_of(tree).items()}  # type: ignore[arg-type]


def state(
    entity: Mapping[str, CanonicalField], node: FieldNode, name: str, index: int, member: MapMember | None = None
) -> MemberState:
    said = Said(member or MapMember(contract=name), f"/members/{index}")
    return MemberState(name=name, index=index, fields=carried_fields(entity, said, node), root=node)


def facts(entity: Mapping[str, CanonicalField], *states: MemberState, **bases: MemberState) -> list[SetFact]:
    return list(set_facts(entity, states, {int(key[1:]): base for key, base in bases.items()}))


def respelled(tree: Tree) -> Tree:
    """The same names in capitals."""
    return {
        name.upper(): one if isinstance(one, str) else [respelled(one[0])] if isinstance(one, list) else respelled(one)
        for name, one in tree.items()
    }


def renamed(tree: Tree, path: tuple[str, ...], new: str) -> Tree:
    step, *rest = path
    if not rest:
        return {new if name == step else name: one for name, one in tree.items()}
    inner = tree[step]
    if isinstance(inner, list):
        return {**tree, step: [renamed(inner[0], tuple(rest[1:]), new)]}
    return {**tree, step: renamed(inner, tuple(rest), new)}


@settings(max_examples=40)
@pytest.mark.parametrize("language", LANGUAGES)
@given(tree=trees)
def test_a_map_of_its_own_documents_gives_no_finding(language: str, tree: Tree) -> None:
    entity = entity_of(tree)
    own, other = root(*LANGUAGES[language](tree)), root(*LANGUAGES["json-schema"](respelled(tree)))
    assert facts(entity, state(entity, own, "one", 0), state(entity, other, "two", 1)) == []


@settings(max_examples=40)
@pytest.mark.parametrize("language", LANGUAGES)
@given(tree=trees, seed=st.integers(0, 99))
def test_renaming_one_field_gives_exactly_one_finding(language: str, tree: Tree, seed: int) -> None:
    entity = entity_of(tree)
    path = Random(seed).choice(sorted(paths_of(tree)))
    later = renamed(tree, path, "zz")
    before, now = root(*LANGUAGES[language](tree)), root(*LANGUAGES[language](later))
    other = state(entity, root(*LANGUAGES["json-schema"](tree)), "two", 1)
    base = state(entity, before, "one", 0)
    (behind,) = facts(entity, state(entity, now, "one", 0), other, b0=base)
    assert (behind.rule, behind.fields) == ("canonical-field-dropped", (shown(path),))
    assert behind.hint == f"It looks renamed to {shown((*path[:-1], 'zz'))}."
    member = MapMember(contract="one", fields={shown(path): MappedField(path=shown((*path[:-1], "zz")))})
    (known,) = facts(entity, state(entity, now, "one", 0, member), other, b0=base)
    assert (known.rule, known.fields) == ("canonical-field-renamed", (shown(path),))
    assert facts(entity, state(entity, now, "one", 0, member), other) == []


@settings(max_examples=40)
@given(tree=trees, seed=st.integers(0, 99), kind=leaves)
def test_another_type_gives_exactly_one_finding_and_a_conversion_none(tree: Tree, seed: int, kind: str) -> None:
    entity = entity_of(tree)
    name = Random(seed).choice(sorted(entity))
    if entity[name].type == kind:
        return
    entity[name] = CanonicalField(type=kind)  # type: ignore[arg-type]
    node = root(*LANGUAGES["avro"](tree))
    assert [(one.rule, one.fields) for one in facts(entity, state(entity, node, "one", 0))] == [
        ("canonical-field-type-differs", (name,))
    ]
    member = MapMember(contract="one", fields={name: MappedField(path=name, conversion="Looked up.")})
    assert facts(entity, state(entity, node, "one", 0, member)) == []


@settings(max_examples=40)
@given(tree=trees)
def test_every_leaf_is_found_in_every_language_with_its_type(tree: Tree) -> None:
    for path, content in (make(tree) for make in LANGUAGES.values()):
        found = {way: node.types for way, node in every_field(root(path, content)) if not node.fields()}
        leaves_found = {way: types for way, types in found.items() if types != ("array",)}
        assert leaves_found == {way: (kind,) for way, kind in paths_of(tree).items()}


def test_the_words_of_the_trees_are_plain() -> None:
    """Two of them are never the same in another spelling, or a rename could hit the wrong one."""
    assert plain_name("zz") == "zz"
    assert parse("a.b") == ("a", "b")
