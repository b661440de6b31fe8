"""Prefix filtering finds what comparing every pair finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retailctl.policy.checks.overlapping_contracts import _nearest

SETS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.frozensets(st.sampled_from([f"f{number}" for number in range(12)]), min_size=1),
    max_size=8,
)


@given(SETS, st.sampled_from([0.5, 0.7, 0.8, 1.0]))
def test_the_nearest_is_that_of_all_pairs(fields: dict[str, frozenset[str]], similarity: float) -> None:
    expected = {}
    for path in sorted(fields):
        shares = [
            (len(fields[path] & fields[other]) / len(fields[path] | fields[other]), other)
            for other in sorted(fields)
            if other < path
        ]
        near = [(share, other) for share, other in shares if share >= similarity]
        if near:
            best = max(share for share, _ in near)
            expected[path] = (next(other for share, other in near if share == best), best)
    assert _nearest(fields, similarity) == expected
