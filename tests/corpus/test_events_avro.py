"""Every Avro case of the corpus: verdict, kinds of incompatibility, and where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.events_avro import Score, scores


@pytest.fixture(scope="module")
def found(corpus: Path) -> list[Score]:
    return list(scores(corpus))


def test_all_verdicts_agree(found: list[Score]) -> None:
    assert len(found) == 79
    assert [score.id for score in found if not score.verdict] == []


def test_all_kinds_and_locations_agree(found: list[Score]) -> None:
    assert sum(score.kinds is not None for score in found) == 76
    assert [score.id for score in found if score.kinds is False] == []
    assert [score.id for score in found if score.locations is False] == []
