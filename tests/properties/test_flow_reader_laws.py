"""Whatever stands in any place of a flow, its reader yields Seens or located mistakes, and never a secret."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_for
from retailctl.inventory.reading import Found
from retailctl.model.seen import Seen
from retailctl.workspace.reader import parse_bytes
from tests.support.flow_mutations import PLANTED, SECRETS, odd_values, places, put
from tests.support.flows import FIXTURES, KINDS
from tests.unit.inventory.read import artefact, read

_TEXTS: Final = sorted(path for path, kind in KINDS.items() if kind in ("cron", "systemd"))
_TREES: Final = sorted(set(KINDS) - set(_TEXTS))
_QUIET: Final = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)


def _documents(path: str) -> list[Any]:
    data = (FIXTURES / path).read_bytes()
    if path.endswith(".jsonl"):
        return [json.loads(line) for line in data.splitlines() if line.startswith(b"{")]
    form = "yaml" if path.endswith((".yml", ".yaml")) else "json"
    roots = parse_bytes(path, data, owned=False, require_mapping=False, format=form).roots
    return [json.loads(json.dumps(root, default=str)) for root in roots]


def _written(path: str, documents: list[Any]) -> str:
    if path.endswith((".yml", ".yaml")):
        return "\n---\n".join(json.dumps(document) for document in documents)
    return "\n".join(json.dumps(document) for document in documents)


def _read(path: str, content: str) -> list[Found]:
    """As a scan does: every reader is asked, and the one that the fixture is for reads."""
    with tempfile.TemporaryDirectory() as folder:
        one = artefact(Path(folder), path, content)
        reader_for(one)
        return read(one, KINDS[path])


def _is_clean(found: list[Found]) -> None:
    assert PLANTED not in repr(found)
    assert PLANTED not in " ".join(str(getattr(one, "at", "")) + str(one) for one in found)
    assert all(one.ref.partition("#")[0] in KINDS for one in found if isinstance(one, Seen))


@pytest.mark.parametrize("path", _TREES)
def test_a_wrong_value_in_any_place_is_read_or_told(path: str) -> None:
    documents = _documents(path)
    everywhere = [(number, place) for number, document in enumerate(documents) for place in places(document)]

    @_QUIET
    @given(st.lists(st.tuples(st.sampled_from(everywhere), odd_values()), min_size=1, max_size=3))
    def law(changes: list[tuple[tuple[int, tuple[Any, ...]], object]]) -> None:
        changed = list(documents)
        for (number, place), value in changes[:1]:
            changed[number] = put(changed[number], place, value)
        _is_clean(_read(path, _written(path, changed)))

    law()


@pytest.mark.parametrize("path", _TREES)
def test_a_secret_in_any_place_is_not_told(path: str) -> None:
    documents = _documents(path)
    everywhere = [(number, place) for number, document in enumerate(documents) for place in places(document)]

    @_QUIET
    @given(st.sampled_from(everywhere), st.sampled_from(SECRETS))
    def law(where: tuple[int, tuple[Any, ...]], secret: str) -> None:
        number, place = where
        changed = list(documents)
        changed[number] = put(documents[number], place, secret)
        _is_clean(_read(path, _written(path, changed)))

    law()


@pytest.mark.parametrize("path", _TEXTS)
def test_a_line_of_a_text_may_be_anything(path: str) -> None:
    lines = (FIXTURES / path).read_text(encoding="utf-8").splitlines()
    other = st.one_of(st.sampled_from(SECRETS), st.sampled_from([f"0 1 * * * root {secret}" for secret in SECRETS]),
                      st.text(max_size=40))  # fmt: skip

    @_QUIET
    @given(st.integers(0, len(lines) - 1), other)
    def law(number: int, line: str) -> None:
        changed = [*lines[:number], line, *lines[number + 1 :]]
        _is_clean(_read(path, "\n".join(changed).encode("utf-8", "replace").decode()))

    law()


@pytest.mark.parametrize("path", sorted(KINDS))
def test_reading_twice_tells_the_same(path: str) -> None:
    one, two = (read(Artefact(FIXTURES, path), KINDS[path]) for _ in range(2))
    assert [repr(found) for found in one] == [repr(found) for found in two]
