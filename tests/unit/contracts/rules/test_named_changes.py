"""What the comparison names has a row: a name without one would be a change that nobody is told of."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.api.reading import read_api
from retailctl.contracts.changes.change import CompareOptions, Naming
from retailctl.contracts.changes.compare import compare
from retailctl.contracts.references import Library
from retailctl.contracts.rules.rules import is_rule
from retailctl.errors import InputError
from retailctl.workspace.reader import parse_bytes

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def load(corpus: Path) -> Callable[[str], ApiDocument | None]:
    """Reads one of the specifications; None for one that is refused."""

    def read(name: str) -> ApiDocument | None:
        try:
            return read_api(Library(lambda path: parse_bytes(path, (corpus / "oasdiff" / path).read_bytes()), name))
        except InputError:
            return None

    return read


@pytest.mark.parametrize("naming", get_args(Naming))
def test_every_named_change_has_a_row(corpus: Path, load: Callable[[str], ApiDocument | None], naming: Naming) -> None:
    cases = json.loads((corpus / "oasdiff" / "cases.json").read_text("utf-8"))
    options = CompareOptions(naming=naming, as_of=DAY, days_stable=60, days_beta=30)
    named: set[str] = set()
    for one, other in sorted({(case["base"], case["revision"]) for case in cases}):
        old, new = load(one), load(other)
        if old is not None and new is not None:
            named |= {change.id for pair in ((old, new), (new, old)) for change in compare(*pair, options)}
    assert len(named) > 400
    assert sorted(id_ for id_ in named if not is_rule(id_)) == []
