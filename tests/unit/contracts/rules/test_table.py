"""The table: complete, in its vocabulary, and no two rows that say the same."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

from retailctl.contracts.rules import rules as module
from retailctl.contracts.rules.rules import (
    ACTIONS,
    AREAS,
    DIRECTIONS,
    KINDS,
    LEVELS,
    POSITIONS,
    ChangeRule,
    all_rules,
    is_rule,
    rule,
)
from tests.unit.contracts.rules.families import EXCEPTIONS, FAMILIES

TABLE = Path(module.__file__).parent / "table"
FILES = sorted(TABLE.iterdir())
COLUMNS = [field.name for field in fields(ChangeRule)]
ROWS = list(all_rules().values())


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_sorted_rows_of_one_area_under_the_names_of_the_columns(path: Path) -> None:
    head, *rows = lines(path)
    assert head == COLUMNS
    assert [row for row in rows if len(row) != len(COLUMNS) or not all(map(str.strip, row))] == []
    assert rows == sorted(rows)
    assert {row[COLUMNS.index("area")] for row in rows} == {path.stem.partition("-")[0]}


def test_ids_are_unique_and_kebab_case() -> None:
    ids = [row[0] for path in FILES for row in lines(path)[1:]]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []
    assert [id_ for id_ in ids if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", id_)] == []
    assert list(all_rules()) == sorted(ids)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("level", LEVELS),
        ("oasdiff", (*LEVELS, "-")),
        ("direction", DIRECTIONS),
        ("area", AREAS),
        ("kind", KINDS),
        ("action", ACTIONS),
    ],
)
def test_a_column_has_its_words_and_no_other(column: str, words: tuple[str, ...]) -> None:
    assert {getattr(row, column) for row in ROWS} == set(words)


def test_a_row_is_found_by_its_id() -> None:
    found = rule("request-property-max-decreased")
    assert found == all_rules()[found.id]
    assert (found.level, found.direction, found.area) == ("ERR", "request", "schema")
    assert is_rule(found.id)


@pytest.mark.parametrize("id_", ["", "id", "request-property-max-decreasd"])
def test_what_is_no_id_is_not_found(id_: str) -> None:
    assert not is_rule(id_)
    with pytest.raises(KeyError):
        rule(id_)


def test_a_message_names_the_thing_and_its_values() -> None:
    told = rule("request-property-max-decreased").message("lines[].amount", old="100", new="50")
    assert told == "request property lines[].amount: maximum went down from 100 to 50"


def test_braces_in_values_are_no_placeholders() -> None:
    told = rule("endpoint-deprecated-with-sunset").message("GET /orders/{id}", new="{old}")
    assert told == "GET /orders/{id} was deprecated with sunset date {old}"


def test_templates_use_the_four_names() -> None:
    used = {row.id: [name for _, name, _, _ in Formatter().parse(row.text) if name is not None] for row in ROWS}
    assert {id_: names for id_, names in used.items() if not {"what", "in", "old", "new"}.issuperset(names)} == {}
    assert [row.id for row in ROWS if "{}" in row.text or row.text.endswith((".", " "))] == []


def test_no_two_rules_read_the_same() -> None:
    """Not even where the names and values are not known."""
    bare = Counter(row.message() for row in ROWS)
    assert [row.id for row in ROWS if bare[row.message()] > 1] == []


@pytest.mark.parametrize("position", POSITIONS)
def test_every_change_of_a_schema_has_a_row_at_every_position(position: str) -> None:
    assert [family for family in FAMILIES if not is_rule(f"{position}-{family}")] == []


@pytest.mark.parametrize("position", POSITIONS)
def test_the_level_of_a_change_of_a_schema_follows_from_what_it_does_to_the_values(position: str) -> None:
    side = ("request", "response").index(POSITIONS[position])
    ids = {f"{position}-{family}": levels[side] for family, levels in FAMILIES.items()}
    expected = {id_: EXCEPTIONS.get(id_, level) for id_, level in ids.items()}
    assert {id_: rule(id_).level for id_ in ids} == expected
    assert {rule(id_).direction for id_ in ids} == {POSITIONS[position]}


def test_a_change_of_a_schema_is_known_at_every_position_or_at_none() -> None:
    """A row for one position only would be a name that nothing composes."""
    known = {f"{position}-{family}" for position in POSITIONS for family in FAMILIES}
    spoken = re.compile(
        r"(request|response) (body|property|parameter|parameter property|header|header property) {what}: "
    )
    assert [row.id for row in ROWS if spoken.match(row.text) and row.id not in known and row.kind != "existence"] == []
