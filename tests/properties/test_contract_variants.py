"""No variant of a document is a change that anybody has to look at."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.effort import part, tries
from tests.support.engine import above_info, diff
from tests.support.strategies import Steps, fixtures, steps, varied
from tests.support.texts import NAMES, fixture
from tests.support.variants import VARIANTS

_SEEDS = range(4)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_against_itself_has_no_finding_at_all(name: str) -> None:
    assert diff(fixture(name), fixture(name)) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffixes", [(".json", ".yaml"), (".yaml", ".json")])
def test_yaml_and_json_are_the_same(name: str, suffixes: tuple[str, str]) -> None:
    assert diff(fixture(name), fixture(name), suffixes=suffixes) == []


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_variant_has_no_finding_above_info(name: str, variant: str) -> None:
    document = fixture(name)
    for seed in part(_SEEDS, 1, NAMES.index(name)):
        other = VARIANTS[variant](document, Random(seed))
        ways = ((document, other), (other, document))
        if other != document or variant.endswith("reordered"):
            for old, new in part(ways, 1, NAMES.index(name) + list(VARIANTS).index(variant)):
                assert above_info(diff(old, new)) == [], seed


@settings(max_examples=tries(60))
@given(fixtures, steps(), st.booleans())
def test_variants_of_variants_have_no_finding_above_info(name: str, sequence: Steps, back: bool) -> None:
    pair = fixture(name), varied(fixture(name), sequence)
    assert above_info(diff(*(reversed(pair) if back else pair))) == []


@settings(max_examples=tries(40))
@given(fixtures, steps(most=3), steps(most=3))
def test_two_variants_of_one_document_are_the_same(name: str, one: Steps, other: Steps) -> None:
    assert above_info(diff(varied(fixture(name), one), varied(fixture(name), other))) == []
