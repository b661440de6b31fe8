"""The index of possible duplicates says what a look at every pair says."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retailctl.graph.estate_graph import direction_of, provider_of
from retailctl.graph.gaps import missing_end
from retailctl.graph.possible_parallels import PossibleParallels
from retailctl.model.interface import Consumption, Interface

SYSTEMS = st.sampled_from(["a", "b", "c"])
INTERFACES: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.builds(
        dict,
        provider=st.none() | SYSTEMS,
        consumers=st.none() | st.lists(SYSTEMS, max_size=2),
        domain=st.none() | st.sampled_from(["order", "stock", "both"]),
        direction=st.none() | st.sampled_from(["in", "out", "both"]),
        connector=st.none() | st.sampled_from(["x", "y"]),
    ),
    max_size=7,
)


def made(rows: list[dict[str, Any]]) -> list[Interface]:
    found = []
    for number, row in enumerate(rows):
        names = row.pop("consumers")
        consumers = None if names is None else tuple(Consumption(system=name) for name in names)
        found.append(Interface(id=f"if-{number}", consumers=consumers, **row))
    return found


def may_be_parallel(one: Interface, two: Interface) -> bool:
    """The definition, on one pair."""
    if one.id == two.id or (one.connector is not None and one.connector == two.connector):
        return False
    for value, its in ((one.domain, two.domain), (direction_of(one), direction_of(two))):
        if value is not None and its is not None and value != its and "both" not in (value, its):
            return False
    if missing_end(two) is not None:
        return True
    ends = {provider_of(two), *(consumption.system for consumption in two.consumers or ())}
    if provider_of(one) is not None and provider_of(one) not in ends:
        return False
    return one.consumers is None or any(consumption.system in ends for consumption in one.consumers)


@given(INTERFACES)
def test_the_index_says_what_every_pair_says(rows: list[dict[str, Any]]) -> None:
    interfaces = made(rows)
    index = PossibleParallels(interfaces)
    for one in interfaces:
        assert index.has_match(one) == any(may_be_parallel(one, two) for two in interfaces), one
