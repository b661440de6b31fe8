"""Documents and their variants, for hypothesis: a fixture, and a few variants one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import strategies as st

from tests.support.texts import NAMES
from tests.support.variants import VARIANTS
from tests.support.walk import Document

Steps = list[tuple[str, int]]
"""Names of variants, each with the seed of its choices: short to read when a law fails."""

fixtures = st.sampled_from(NAMES)


def steps(names: Iterable[str] = VARIANTS, most: int = 6) -> st.SearchStrategy[Steps]:
    """Sequences of variants."""
    return st.lists(st.tuples(st.sampled_from(list(names)), st.integers(0, 50)), min_size=1, max_size=most)


def varied(document: Document, sequence: Steps) -> Document:
    """The document after these variants."""
    for name, seed in sequence:
        document = VARIANTS[name](document, Random(seed))
    return document
