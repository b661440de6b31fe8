"""Chains and cycles of references only."""

from __future__ import annotations

import time
from typing import Any

import pytest

from retailctl.contracts.references import ReferenceProblem

ROOT = "api/openapi.json"


def ring(size: int, *, closed: bool) -> dict[str, Any]:
    links: dict[str, Any] = {f"s{number}": {"$ref": f"#/s{number + 1}"} for number in range(size)}
    links[f"s{size}"] = {"$ref": "#/s0"} if closed else {"type": "string"}
    return links


def test_a_long_chain_ends(library: Any) -> None:
    assert library({ROOT: ring(5_000, closed=False)}).follow("#/s0", ROOT).value == {"type": "string"}


@pytest.mark.parametrize(("size", "start"), [(0, "s0"), (1, "s1"), (1_000, "s7")])
def test_a_ring_is_a_cycle(library: Any, size: int, start: str) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        library({ROOT: ring(size, closed=True)}).follow(f"#/{start}", ROOT)
    assert caught.value.code == "cycle"


def test_every_reference_of_a_long_chain_costs_little(library: Any) -> None:
    made = library({ROOT: ring(5_000, closed=True)})
    began = time.process_time()
    for number in range(5_000):
        with pytest.raises(ReferenceProblem, match="itself"):
            made.follow(f"#/s{number}", ROOT)
    assert time.process_time() - began < 5


def test_a_tail_that_leads_into_a_ring_is_a_cycle_too(library: Any) -> None:
    made = library({ROOT: {"tail": {"$ref": "#/a"}, "a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}})
    with pytest.raises(ReferenceProblem, match="itself"):
        made.follow("#/tail", ROOT)


def test_recursion_through_a_property_is_no_cycle(library: Any) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/Node"}}}
    assert library({ROOT: {"Node": node}}).follow("#/Node", ROOT).value == node


def test_a_chain_that_ends_nowhere_is_dangling(library: Any) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        library({ROOT: {"a": {"$ref": "#/b"}, "b": {"$ref": "#/none"}}}).follow("#/a", ROOT)
    assert caught.value.code == "dangling"
