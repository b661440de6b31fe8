"""What may be added to the graph is counted in one pass; the count is that of the definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.gaps import more_partners
from retailctl.inventory.assemble import estate_of

SYSTEMS = ("a", "b", "c", "d")
ROWS = st.lists(
    st.tuples(st.none() | st.sampled_from(SYSTEMS), st.none() | st.sets(st.sampled_from(SYSTEMS))), max_size=6
)


@given(ROWS)
def test_partners_that_there_may_be(rows: list[tuple[str | None, set[str] | None]]) -> None:
    interfaces = []
    for number, (provider, consumers) in enumerate(rows):
        row = {"id": f"if-{number}", "provider": provider, "consumers": consumers and sorted(consumers)}
        interfaces.append(
            {key: value for key, value in row.items() if value is not None}
            | ({"consumers": []} if consumers == set() else {})
        )
    systems = [{"id": name, "layer": "business"} for name in SYSTEMS]
    expected = dict.fromkeys(SYSTEMS, 0)
    for provider, consumers in rows:
        if provider is not None and consumers is not None:
            continue
        for end in SYSTEMS:
            if end == provider:
                expected[end] += len(SYSTEMS) - 1
            elif consumers is None or end in consumers:
                expected[end] += 1
            elif provider is None:
                expected[end] += len(consumers)
    graph = EstateGraph(estate_of({"systems": systems, "interfaces": interfaces}))
    assert more_partners(graph) == {end: min(count, len(SYSTEMS) - 1) for end, count in expected.items() if count}
