"""Whatever stands in the place of anything, a document has facts or a problem, never a traceback."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retailctl.workspace.reader import read_document
from tests.needs import ROOT
from tests.unit.contracts.facts.documents import answering, facts

JUNK: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        7,
        1.5,
        "",
        "x",
        [],
        [None],
        [[]],
        {},
        {"$ref": 7},
        {"$ref": "#/paths"},
        {1: {"type": 2}},
        {"": {"": []}},
    ]
)


@cache
def original() -> Any:
    return read_document(ROOT, "contracts/order/orders-api/v1/openapi.yaml", owned=False).data


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


PLACES = st.deferred(lambda: st.sampled_from(list(places(original()))))


@given(st.lists(st.tuples(PLACES, JUNK), min_size=1, max_size=4))
def test_junk_in_any_place(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = copy.deepcopy(original())
    for path, junk in changes:
        holder = data
        for step in path[:-1]:
            inside = isinstance(holder, dict) and step in holder
            inside = inside or (isinstance(holder, list) and isinstance(step, int) and step < len(holder))
            holder = holder[step] if inside else None
        if isinstance(holder, dict) or (isinstance(holder, list) and path[-1] in range(len(holder))):
            holder[path[-1]] = copy.deepcopy(junk)
    found = facts(data)
    assert found.path
    assert list(found.fields) == sorted(found.fields, key=lambda field: (field.place.path, field.place.pointer))


def test_names_that_are_no_text_are_names_all_the_same() -> None:
    found = facts(answering({"properties": {1: {"type": "string"}, None: {}}}, x=1) | {7: 8})
    assert sorted(field.name for field in found.fields) == ["1", "None"]
