"""The table of the specification: its notation, and that it is whole."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.lint.events.metaschema import _fragments, event_metaschema, event_validator
from retailctl.contracts.lint.events.notation import Choice, ListOf, Literal, MapOf, Type, Word, parse
from retailctl.contracts.lint.events.specification import VERSIONS, _holds, _rows, specification
from tests.support.asyncapi import VERSIONS as FULL
from tests.support.asyncapi import full

STRING = Word("string")
ORDER = Word("order", is_object=True)


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("string", STRING),
        ("@order", ORDER),
        ("'a-b'", Literal("a-b")),
        ("[@order]!", ListOf(ORDER, unique=True)),
        ("[[string]]", ListOf(ListOf(STRING, unique=False), unique=False)),
        ("{string}", MapOf(STRING, "")),
        ("{name: [string]}", MapOf(ListOf(STRING, unique=False), "name")),
        ("'a'/'b'", Choice((("", Literal("a")), ("", Literal("b"))))),
        ("@order/ref", Choice((("$ref", Word("ref")), ("", ORDER)))),
        ("schema(array)/string", Choice((("array", Word("schema")), ("", STRING)))),
        ("@order(one)/string/ref", Choice((("$ref", Word("ref")), ("one", ORDER), ("", STRING)))),
    ],
)
def test_notation(text: str, type: Type) -> None:
    assert parse(text) == type


@pytest.mark.parametrize("text", ["string string", "a;b", "[string]]"])
def test_what_is_no_type(text: str) -> None:
    with pytest.raises(ValueError, match="not a type"):
        parse(text)


@pytest.mark.parametrize(
    ("versions", "holds"),
    [
        ("", VERSIONS),
        ("2", VERSIONS[:7]),
        ("3", VERSIONS[7:]),
        ("2.3", ("2.3",)),
        ("2.5+", ("2.5", "2.6")),
        ("2.5-", ("2.5", "2.6", "3.0", "3.1")),
        ("-2.1", ("2.0", "2.1")),
    ],
)
def test_versions(versions: str, holds: tuple[str, ...]) -> None:
    assert tuple(version for version in VERSIONS if _holds(versions, version)) == holds


def words(type: Type) -> set[Word]:
    if isinstance(type, Word):
        return {type}
    if isinstance(type, ListOf | MapOf):
        return words(type.item)
    return {word for _, option in type.options for word in words(option)} if isinstance(type, Choice) else set()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_word_means_something_and_every_object_is_used(version: str) -> None:
    spec = specification(version)
    types = [field.type for fields in spec.objects.values() for field in fields.values()]
    used = {word for type in (*types, *spec.aliases.values()) for word in words(type)}
    named = {word.name for word in used if word.is_object}
    assert named <= spec.objects.keys() | spec.aliases.keys()
    plain = {word.name.partition("@")[0] for word in used if not word.is_object}
    assert plain <= _fragments()["primitives"].keys() | {"ref"} | spec.aliases.keys()


def test_every_row_is_of_an_object_that_is_used_and_every_fragment_is() -> None:
    reached = {"root", "schema"}
    plain: set[str] = set()
    for version in VERSIONS:
        spec = specification(version)
        for type in (
            *(one.type for fields in spec.objects.values() for one in fields.values()),
            *spec.aliases.values(),
        ):
            reached |= {word.name for word in words(type) if word.is_object}
            plain |= {word.name for word in words(type) if not word.is_object}
    assert {row[0] for row in _rows()} == reached | {"tags"}
    assert _fragments()["primitives"].keys() == {name for name in plain if not name.startswith("ref")}


@pytest.mark.parametrize("version", FULL)
def test_what_a_version_added_is_refused_before_it(version: str) -> None:
    later = full("2.6.0" if version[0] == "2" else "3.1.0")
    accepted = event_validator(version[:3]).is_valid({**later, "asyncapi": version})
    assert accepted == (version in ("2.5.0", "2.6.0", "3.0.0", "3.1.0"))


def test_the_schema_is_itself_valid() -> None:
    import jsonschema_rs

    for version in VERSIONS:
        made: Any = event_metaschema(version)
        assert jsonschema_rs.meta.is_valid({"$schema": "http://json-schema.org/draft-07/schema#", **made})
